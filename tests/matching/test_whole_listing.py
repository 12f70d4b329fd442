"""A listing seen whole, with its asking for who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from neighbourly.core import clock
from neighbourly.listings.schemas import ListingSchema
from neighbourly.matching.selectors.asking import at_least
from tests import people


def whole(as_, user, listing_id):
    answer = as_(user).get(f"/v1/listings/{listing_id}")
    assert answer.status_code == 200, answer.json
    return answer.json


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_who_asks_sees_how_the_asking_stands(as_, offer, ask, tap, ana, bob):
    offer(bob, "Perceuse")
    need = ask(ana)
    tap(bob, need, "yes")
    asking = whole(as_, ana, need)["asking"]
    assert (asking["state"], asking["asked"], asking["yes"], asking["suggestions"]) == ("asking", 1, 1, [])
    wave, expected = moment(asking["next_wave_at"]), moment(asking["expect_by"])
    assert timedelta(minutes=9) < wave - clock.now() <= timedelta(minutes=10)
    assert expected - wave == timedelta(minutes=10)


@pytest.mark.parametrize("radius_m", [100, 700, 19_999])
@pytest.mark.parametrize("thing", [None, "Perceuse"])
def test_of_a_circle_in_which_few_live_nobody_is_told_whether_one_was_asked(
    as_, offer, ask, ana, bob, pass_time, radius_m, thing
):
    """LOC-12: the same words at the same moments, whether somebody there has it or not; who says yes is seen."""
    if thing:
        offer(bob, thing)
    need = ask(ana, radius_m=radius_m)
    fields = ("state", "asked", "yes", "next_wave_at", "expect_by")
    for minutes in (0, 10, 60, 22 * 60):
        pass_time(minutes=minutes)
        asking = whole(as_, ana, need)["asking"]
        assert (*(asking[each] for each in fields), asking["suggestions"]) == ("asking", 0, 0, None, None, [])
    pass_time(minutes=50)
    asking = whole(as_, ana, need)["asking"]
    assert tuple(asking[each] for each in fields) == ("exhausted", 0, 0, None, None)
    assert {each["code"] for each in asking["suggestions"]} >= {"widen", "invite"}
    inbox = as_(ana).get("/v1/notifications").json["items"]
    assert "ask_exhausted" not in {each["type"] for each in inbox}


def test_a_yes_from_near_is_seen_at_once(as_, offer, ask, tap, ana, bob):
    """The honest path: few live within 700 m, and the one who does says yes."""
    offer(bob, "Perceuse")
    need = ask(ana, radius_m=700)
    tap(bob, need, "yes")
    assert whole(as_, ana, need)["asking"]["yes"] == 1
    assert len(as_(ana).get(f"/v1/listings/{need}/answers").json["items"]) == 1


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, 1), (4, 1), (5, 5), (10, 5), (11, 11), (24, 11), (700, 500)])
def test_how_many_were_asked_is_told_in_steps(count, told):
    """LOC-12"""
    assert at_least(count) == told


def test_before_the_first_wave_it_waits(as_, ana):
    need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]
    asking = whole(as_, ana, need)["asking"]
    assert (asking["state"], asking["asked"]) == ("waiting", 0)


def test_no_answer_is_expected_after_the_end_of_the_need(as_, offer, ask, ana, bob):
    offer(bob, "Perceuse")
    until = (clock.now() + timedelta(minutes=15)).isoformat()
    asked = whole(as_, ana, ask(ana, needed_until=until))
    assert asked["asking"]["expect_by"] == asked["needed_until"]


def test_in_an_empty_place_it_says_what_could_help(as_, ask, ana, pass_time):
    need = ask(ana, radius_m=700)
    pass_time(hours=24)
    asking = whole(as_, ana, need)["asking"]
    assert (asking["state"], asking["next_wave_at"], asking["expect_by"]) == ("exhausted", None, None)
    assert [(each["code"], each["action"]) for each in asking["suggestions"]] == [
        ("invite", {"method": "POST", "path": "/v1/invitations", "body": None}),
        ("print", {"method": "GET", "path": f"/l/{need}", "body": None}),
        ("widen", {"method": "PATCH", "path": f"/v1/listings/{need}", "body": {"radius_m": 1400}}),
        ("rephrase", {"method": "PATCH", "path": f"/v1/listings/{need}", "body": None}),
        ("leave_open", {"method": "POST", "path": f"/v1/listings/{need}/renew", "body": None}),
    ]


def test_what_could_help_is_said_in_the_readers_language(as_, ask, ana, pass_time):
    need = ask(ana, radius_m=700)
    pass_time(hours=24)
    english = as_(ana).get(f"/v1/listings/{need}", headers={"Accept-Language": "en"}).json["asking"]["suggestions"]
    assert english[2]["text"].replace("\u00a0", " ") == "Ask farther away, up to 1.4 km."


def test_the_suggested_calls_do_what_they_say(as_, offer, ask, waves, ana, cleo, run_jobs, pass_time):
    offer(cleo, "Perceuse")
    need = ask(ana, radius_m=700)
    pass_time(hours=24)
    for each in whole(as_, ana, need)["asking"]["suggestions"]:
        action = each["action"]
        if action["path"].startswith("/v1"):
            answer = as_(ana).open(action["path"], method=action["method"], json=action["body"] or {})
            assert answer.status_code in (200, 201)
    run_jobs()
    assert waves(need) == [{"Cleo C."}]


def test_nothing_is_wider_than_the_widest(as_, ask, ana):
    asking = whole(as_, ana, ask(ana, radius_m=50_000))["asking"]
    assert [each["code"] for each in asking["suggestions"]] == ["invite", "print", "rephrase", "leave_open"]


def test_others_see_the_need_without_its_asking(as_, ask, ana, bob):
    """SEC-04: exactly the fields of a listing, and of what is its owner's nothing."""
    seen = whole(as_, bob, ask(ana))
    assert set(seen) == {*ListingSchema().fields, "asking"} - {"warnings"}
    assert seen["asking"] is None
    assert 200 < seen["distance_m"] < 500


@pytest.mark.parametrize(
    "more", [{"direction": "offer", "kind": "item"}, {"status": "draft"}], ids=["an offer", "a draft"]
)
def test_offers_and_drafts_are_not_asked_around(as_, ana, more):
    listing = as_(ana).post("/v1/listings", json={"title": "Une perceuse", **more}).json["id"]
    assert whole(as_, ana, listing)["asking"] is None


def test_what_is_hidden_and_what_is_not_there_look_the_same(as_, ana, bob):
    """SEC-03: a draft of another and an id of nobody's."""
    draft = as_(ana).post("/v1/listings", json={"title": "Une perceuse", "status": "draft"}).json["id"]
    hidden, absent = as_(bob).get(f"/v1/listings/{draft}"), as_(bob).get(f"/v1/listings/{uuid4()}")
    assert (hidden.status_code, hidden.json) == (absent.status_code, absent.json)
    assert hidden.status_code == 404


def test_a_block_hides_it(as_, ask, ana, bob):
    need = ask(ana)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert as_(bob).get(f"/v1/listings/{need}").status_code == 404


def test_it_is_sent_again_only_when_something_is_new(as_, offer, ask, tap, ana, bob):
    """REL-05: a yes makes it new for who asks; `If-Match` compares the listing alone."""
    offer(bob, "Perceuse")
    need = ask(ana)
    etag = as_(ana).get(f"/v1/listings/{need}").headers["ETag"]
    assert as_(ana).get(f"/v1/listings/{need}", headers={"If-None-Match": etag}).status_code == 304
    tap(bob, need, "yes")
    assert as_(ana).get(f"/v1/listings/{need}", headers={"If-None-Match": etag}).status_code == 200
    changed = as_(ana).patch(f"/v1/listings/{need}", json={"title": "Une visseuse"}, headers={"If-Match": etag})
    assert changed.status_code == 200


def test_reading_takes_few_statements(as_, offer, ask, ana, bob, statements):
    offer(bob, "Perceuse")
    need = ask(ana)
    owner, other = as_(ana), as_(bob)
    with statements() as of_owner:
        owner.get(f"/v1/listings/{need}")
    with statements() as of_other:
        other.get(f"/v1/listings/{need}")
    assert len(of_owner) <= 6, of_owner
    assert len(of_other) <= 3, of_other


def test_two_homes_in_one_cell_give_one_need(as_, ask, ana, bob, new_user):
    """LOC-01: who looks from the same cell reads the same bytes."""
    need = ask(ana)
    dora = new_user("Dora D.", home=people.BOB_CELL)
    one, other = as_(bob).get(f"/v1/listings/{need}"), as_(dora).get(f"/v1/listings/{need}")
    assert (one.data, one.headers["ETag"]) == (other.data, other.headers["ETag"])


def test_a_block_hides_nobody_else(as_, offer, ask, ana, bob, cleo):
    """A block is between two people, also where both have listings of their own."""
    need = ask(cleo)
    offer(bob, "Perceuse")
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert as_(ana).get(f"/v1/listings/{need}").status_code == 200
