"""Yes, later or no to a request: one tap, which a second tap replaces."""

from __future__ import annotations

from uuid import uuid4

import pytest

from neighbourly.accounts.events import AccountErasing
from neighbourly.answers.models import Answer
from neighbourly.core.db import db
from neighbourly.core.events import publish
from tests import people

SUMMARY = {
    "id",
    "direction",
    "kind",
    "title",
    "excerpt",
    "category",
    "status",
    "thumbnail",
    "owner",
    "association",
    "cell",
    "distance_m",
    "available",
    "away_until",
    "created_at",
}


@pytest.fixture
def need(as_, ana) -> str:
    """Ana needs a drill."""
    return as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]


@pytest.fixture
def drill(as_, bob) -> str:
    """Bob lends one."""
    return as_(bob).post("/v1/listings", json={"title": "Perceuse", "direction": "offer", "kind": "item"}).json["id"]


@pytest.fixture
def tap(as_, need):
    """`tap(bob, "yes")`: Bob answers Ana's need."""

    def answer(user, choice, **more):
        return as_(user).post(f"/v1/listings/{need}/answers", json={"answer": choice, **more})

    return answer


def test_one_tap_says_yes(tap, bob, need):
    """SEC-04: the answer holds what its giver said, and nothing else."""
    answer = tap(bob, "yes")
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/listings/{need}/answers"
    assert answer.json == {
        "id": answer.json["id"],
        "request_id": need,
        "answer": "yes",
        "listing": None,
        "listing_id": None,
        "thing": "perceuse",
        "your_offers": [],
        "changes": [],
        "message": "",
        "keep_asking": False,
        "available_from": None,
        "available_until": None,
        "minutes": None,
        "created_at": answer.json["created_at"],
        "updated_at": answer.json["updated_at"],
    }


def test_a_second_tap_takes_the_place_of_the_first(tap, bob, as_, ana, need):
    first = tap(bob, "later", message="Pas avant lundi.")
    second = tap(bob, "yes")
    assert second.status_code == 200
    assert second.json["id"] == first.json["id"]
    items = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
    assert [(each["answer"], each["message"]) for each in items] == [("yes", "")]


def test_the_asker_sees_who_how_far_and_what_they_offer(tap, as_, ana, bob, need, drill):
    """SEC-04, LOC-01: of the place nothing but a distance between two cells."""
    tap(bob, "yes", listing_id=drill, message="Au garage.", available_from="2026-11-28T08:00:00Z")
    page = as_(ana).get(f"/v1/listings/{need}/answers").json
    (item,) = page["items"]
    assert page["next"] is None
    assert item["neighbour"] == {"id": str(bob.id), "display_name": "Bob B.", "photo": None}
    assert 200 < item["distance_m"] < 500
    assert set(item) == {
        *("id", "answer", "neighbour", "distance_m", "listing", "thing", "message"),
        *("available_from", "available_until", "minutes", "version", "created_at", "updated_at"),
    }
    assert set(item["listing"]) == SUMMARY
    assert item["listing"]["id"] == drill


@pytest.mark.parametrize("end", ["close", "fulfil"])
def test_when_the_need_has_ended_nobody_s_home_is_told_of_any_more(tap, as_, ana, bob, cleo, need, end):
    """LOC-03: else whoever helped once could be followed from home to home."""
    tap(cleo, "yes")
    tap(bob, "yes")
    url = f"/v1/listings/{need}/answers"
    nearest_first = [each["neighbour"]["display_name"] for each in as_(ana).get(url).json["items"]]
    as_(ana).post(f"/v1/listings/{need}/{end}", json={"how": "elsewhere"} if end == "fulfil" else None)
    items = as_(ana).get(url).json["items"]
    assert [each["distance_m"] for each in items] == [None, None]
    assert nearest_first == ["Bob B.", "Cleo C."]
    assert [each["neighbour"]["display_name"] for each in items] == ["Cleo C.", "Bob B."], "in the order of the answers"


def test_an_offer_that_is_no_longer_shown_is_no_longer_told(tap, as_, ana, bob, need, drill):
    tap(bob, "yes", listing_id=drill)
    as_(bob).post(f"/v1/listings/{drill}/pause")
    assert as_(ana).get(f"/v1/listings/{need}/answers").json["items"][0]["listing"] is None


def test_yeses_and_laters_come_nearest_first_and_a_no_never(tap, as_, ana, bob, cleo, new_user, need):
    dora = new_user("Dora D.", home=people.ANA_CELL)
    tap(cleo, "yes")
    tap(bob, "later")
    tap(dora, "no")
    items = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
    assert [(each["neighbour"]["display_name"], each["answer"]) for each in items] == [
        ("Bob B.", "later"),
        ("Cleo C.", "yes"),
    ]
    assert tap(dora, "no").json["answer"] == "no"


def test_pages_of_answers_hold_each_once(tap, as_, ana, new_user, need):
    """REL-06: keyset cursors, also where many live in one cell."""
    for number in range(5):
        tap(new_user(f"N{number}", home=people.BOB_CELL), "yes")
    url, seen = f"/v1/listings/{need}/answers?limit=2", []
    cursor = ""
    while cursor is not None:
        page = as_(ana).get(url + (f"&cursor={cursor}" if cursor else "")).json
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_a_page_of_answers_takes_few_statements(tap, as_, ana, bob, cleo, need, drill, statements):
    tap(bob, "yes", listing_id=drill)
    tap(cleo, "yes")
    asker = as_(ana)
    with statements() as seen:
        asker.get(f"/v1/listings/{need}/answers")
    assert len(seen) <= 4, seen  # who calls, the need, the answers, their offers


def test_someone_without_a_home_comes_last_and_without_a_distance(tap, as_, ana, bob, cleo, need):
    tap(bob, "yes")
    tap(cleo, "yes")
    as_(bob).delete("/v1/me/home")
    items = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
    assert [each["neighbour"]["display_name"] for each in items] == ["Cleo C.", "Bob B."]
    assert items[1]["distance_m"] is None


def test_nobody_answers_their_own_need(tap, ana):
    answer = tap(ana, "yes")
    assert (answer.status_code, answer.json["code"]) == (409, "own_request")


def test_an_offer_is_not_answered(as_, ana, drill):
    answer = as_(ana).post(f"/v1/listings/{drill}/answers", json={"answer": "yes"})
    assert (answer.status_code, answer.json["code"]) == (409, "requests_only")


def test_what_is_over_is_not_answered(as_, ana, bob, need, tap):
    as_(ana).post(f"/v1/listings/{need}/fulfil", json={"how": "elsewhere"})
    assert tap(bob, "yes").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_yours_and_what_is_not_there_look_the_same(as_, ana, bob, need, method):
    """SEC-03: to a stranger "exists but not yours" and "does not exist" are the same answer."""
    body = {} if method == "get" else {"json": {"answer": "yes"}}
    if method == "post":
        as_(ana).post(f"/v1/listings/{need}/pause")
    hidden = getattr(as_(bob), method)(f"/v1/listings/{need}/answers", **body)
    absent = getattr(as_(bob), method)(f"/v1/listings/{uuid4()}/answers", **body)
    assert (hidden.status_code, hidden.json) == (absent.status_code, absent.json)
    assert hidden.status_code == 404


def test_a_block_stands_between_need_and_answer(tap, as_, ana, bob, cleo, need):
    tap(cleo, "yes")
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert tap(bob, "yes").status_code == 404
    as_(cleo).put(f"/v1/me/blocks/{ana.id}")
    assert as_(ana).get(f"/v1/listings/{need}/answers").json["items"] == []


@pytest.mark.parametrize("whose", ["someone else's", "a request", "not there", "a draft"])
def test_only_ones_own_shown_offer_can_be_named(tap, as_, ana, bob, cleo, need, drill, whose):
    """SEC-02, SEC-03: an id in the body is checked like one in the path."""
    of_bob = as_(bob).post("/v1/listings", json={"title": "Une échelle"}).json["id"]
    draft = (
        as_(bob).post("/v1/listings", json={"title": "Tournevis", "direction": "offer", "status": "draft"}).json["id"]
    )
    named = {"someone else's": drill, "a request": of_bob, "not there": str(uuid4()), "a draft": draft}[whose]
    answer = tap(cleo if whose == "someone else's" else bob, "yes", listing_id=named)
    assert answer.status_code == 422
    assert answer.json["errors"][0] == {
        "pointer": "/listing_id",
        "code": "not_your_offer",
        "detail": "Ce n'est pas une de vos offres publiées.",
    }


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/answer", "required"),
        ({"answer": "maybe"}, "/answer", "not_a_choice"),
        ({"answer": "yes", "message": "x" * 1001}, "/message", "bad_length"),
        ({"answer": "yes", "user_id": str(uuid4())}, "/user_id", "unknown_field"),
        (
            {"answer": "yes", "available_from": "2026-11-28T08:00:00Z", "available_until": "2026-11-28T08:00:00Z"},
            "/available_until",
            "ends_before_it_begins",
        ),
    ],
)
def test_what_is_no_answer_is_refused(as_, bob, need, body, pointer, code):
    """SEC-05: unknown fields are refused, never bound."""
    answer = as_(bob).post(f"/v1/listings/{need}/answers", json=body)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [(pointer, code)]


def test_of_two_taps_with_one_etag_one_gets_it(tap, as_, bob, need):
    """REL-05: `If-Match` is held against the answer that is replaced."""
    etag = tap(bob, "later").headers["ETag"]
    url = f"/v1/listings/{need}/answers"
    first = as_(bob).post(url, json={"answer": "yes"}, headers={"If-Match": etag})
    second = as_(bob).post(url, json={"answer": "no"}, headers={"If-Match": etag})
    assert (first.status_code, second.status_code) == (200, 412)


def test_who_leaves_takes_their_answers_along(tap, as_, ana, bob, need):
    tap(bob, "yes")
    publish(AccountErasing(bob.id))
    assert as_(ana).get(f"/v1/listings/{need}/answers").json["items"] == []
    assert db.session.query(Answer).count() == 0
