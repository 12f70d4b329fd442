"""REL-05: versions over HTTP, and of two writers one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def mine(as_, ana):
    return as_(ana)


def etag(client) -> str:
    return client.get("/v1/me").headers["ETag"]


def test_every_change_is_another_tag(mine):
    before = etag(mine)
    changed = mine.patch("/v1/me", json={"bio": "Bonjour"})
    assert changed.headers["ETag"] != before
    assert changed.headers["ETag"] == etag(mine)


def test_a_change_that_changes_nothing_keeps_the_version(mine):
    """LOC-04 in general: the same again is no new version."""
    mine.patch("/v1/me", json={"bio": "Bonjour"})
    before = etag(mine)
    mine.patch("/v1/me", json={"bio": "Bonjour"})
    assert etag(mine) == before


@pytest.mark.parametrize(
    ("known", "status"),
    [("{}", 304), ('"other", {}', 304), ("W/{}", 304), ("*", 304), ('"other"', 200), ("", 200), ("nonsense", 200)],
)
def test_what_the_caller_has_is_not_sent_again(mine, known, status):
    """REL-05: `If-None-Match`, by the weak comparison that RFC 9110 asks for."""
    answer = mine.get("/v1/me", headers={"If-None-Match": known.format(etag(mine))})
    assert (answer.status_code, bool(answer.data)) == (status, status == 200)


def test_what_others_see_of_it_is_another_tag_but_the_same_version(as_, mine, bob):
    """REL-05: `If-Match` compares the row, so a changed view of it stops nobody."""
    tag = etag(mine)
    version = tag.strip('"').partition(".")[0]
    assert (
        mine.patch("/v1/me", json={"bio": "x"}, headers={"If-Match": f'"{version}.of-another-view"'}).status_code == 200
    )


@pytest.mark.parametrize(
    "header", ["W/{}", "{}", '"999.x", {}', '"a", W/{}, "b"', '{},"é"', 'W/"999.x",\t{}', '"x*", {}']
)
def test_a_weak_tag_or_one_of_a_list_is_enough(mine, header):
    """REL-05: RFC 9110, 13.1.1; compressing proxies weaken our tags."""
    changed = mine.patch("/v1/me", json={"bio": "changed"}, headers={"If-Match": header.format(etag(mine))})
    assert (changed.status_code, mine.get("/v1/me").json["bio"]) == (200, "changed")


@pytest.mark.parametrize(
    "header",
    [
        '"0.x"', '"999.x"', "nonsense", '"é"', '""', 'W/"999.x"', '"' + "9" * 40 + '.x"', '"998.x", "999.x"', '"*"',
        '*, "999.x"', "1.x", "W/1.x",
    ],
)  # fmt: skip
def test_a_stale_version_changes_nothing(mine, header):
    """REL-05: 412."""
    refused = mine.patch("/v1/me", json={"bio": "changed"}, headers={"If-Match": header})
    assert (refused.status_code, refused.json["code"]) == (412, "stale_version")
    assert mine.get("/v1/me").json["bio"] == ""


def test_without_if_match_the_last_writer_wins(mine):
    for bio in ("first", "second"):
        assert mine.patch("/v1/me", json={"bio": bio}).status_code == 200
    assert mine.patch("/v1/me", json={"bio": "third"}, headers={"If-Match": "*"}).status_code == 200


def test_a_version_of_something_that_has_none_is_refused(mine):
    """REL-05: better 412 than a promise that nobody kept; and nothing is done."""
    refused = mine.post("/v1/invitations", headers={"If-Match": '"1.x"'})
    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")


def test_reading_with_if_match_is_plain_reading(mine):
    assert mine.get("/v1/me", headers={"If-Match": '"0.x"'}).status_code == 200


def test_of_two_writers_at_once_one_gets_it(member):
    """REL-05: a race of real connections, held under the row's lock."""
    tag = member().get("/v1/me").headers["ETag"]
    together = threading.Barrier(8)

    def write(number: int) -> int:
        together.wait()
        answer = member().patch("/v1/me", json={"bio": f"by {number}"}, headers={"If-Match": tag})
        return answer.status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(write, range(8))) == [200] + [412] * 7


def test_lists_have_no_tag(mine):
    assert "ETag" not in mine.get("/v1/me/sessions").headers


def test_personal_answers_are_kept_by_nobody(mine, client):
    """SEC-22: `Cache-Control: no-store`."""
    assert mine.get("/v1/me").headers["Cache-Control"] == "no-store"
    assert client.get("/v1/me").headers["Cache-Control"] == "no-store"
