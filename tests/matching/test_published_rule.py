"""The rule as anyone may read it."""

from __future__ import annotations

import pytest

from neighbourly.matching import rule, wording


@pytest.mark.parametrize("language", ["fr", "en"])
def test_anyone_reads_the_very_numbers_that_decide(client, language):
    answer = client.get("/v1/matching", headers={"Accept-Language": language})
    assert answer.status_code == 200
    read = answer.json
    assert {each["name"]: each["weight"] for each in read["factors"]} == rule.WEIGHTS
    assert [each["name"] for each in read["gates"]] == list(rule.Gate)
    assert read["waves"] == {
        "first": 5,
        "least": 3,
        "most": 10,
        "growth": 2,
        "pause_minutes": 10,
        "least_pause_minutes": 5,
        "most_pause_minutes": 30,
        "urgent_minutes": 180,
        "enough_likely": 3,
        "least_yeses": 3,
        "spare_yeses": 2,
        "meaning": wording.WAVES[language],
    }
    assert {each["name"]: each["value"] for each in read["numbers"]}["full_likeness"] == rule.FULL_LIKENESS
    assert (read["version"], read["language"]) == (rule.VERSION, language)
    assert read["changes"][0]["version"] == rule.VERSION


def test_every_factor_and_gate_has_its_words_in_both_languages():
    listed = [*wording.FACTORS.values(), *wording.GATES.values(), *(words for _, words in wording.NUMBERS.values())]
    for words in [*listed, wording.CANDIDATES, wording.ORDER, wording.WAVES, wording.ASKED_LAST]:
        assert words["fr"]
        assert words["en"]
    assert set(wording.GATES) == set(rule.Gate)
    assert set(wording.FACTORS) == set(rule.WEIGHTS)
    assert {change.version for change in wording.CHANGES} == set(rule.WEIGHTS_OF)


def test_it_is_sent_again_only_when_it_changed(client):
    """REL-05: `If-None-Match` gives 304; each language is a text of its own."""
    etag = client.get("/v1/matching").headers["ETag"]
    assert client.get("/v1/matching", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/v1/matching", headers={"If-None-Match": etag, "Accept-Language": "en"}).status_code == 200
