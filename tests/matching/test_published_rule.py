"""The rule as anyone may read it."""

from __future__ import annotations

import pytest

from neighbourly.matching import rule


@pytest.mark.parametrize("language", ["fr", "en"])
def test_anyone_reads_the_very_numbers_that_decide(client, language):
    answer = client.get("/v1/matching", headers={"Accept-Language": language})
    assert answer.status_code == 200
    read = answer.json
    assert {each["name"]: each["weight"] for each in read["factors"]} == rule.WEIGHTS
    assert [each["name"] for each in read["gates"]] == list(rule.Gate)
    assert read["waves"] == {
        "first": 5,
        "growth": 2,
        "pause_minutes": 10,
        "least_yeses": 3,
        "spare_yeses": 2,
        "meaning": rule.WAVES[language],
    }
    assert (read["version"], read["language"]) == (rule.VERSION, language)
    assert read["changes"][0]["version"] == rule.VERSION


def test_every_factor_and_gate_has_its_words_in_both_languages():
    for words in [*rule.FACTORS.values(), *rule.GATES.values(), rule.CANDIDATES, rule.ORDER, rule.WAVES]:
        assert words["fr"]
        assert words["en"]
    assert set(rule.GATES) == set(rule.Gate)
    assert set(rule.FACTORS) == set(rule.WEIGHTS)


def test_it_is_sent_again_only_when_it_changed(client):
    """REL-05: `If-None-Match` gives 304; each language is a text of its own."""
    etag = client.get("/v1/matching").headers["ETag"]
    assert client.get("/v1/matching", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/v1/matching", headers={"If-None-Match": etag, "Accept-Language": "en"}).status_code == 200
