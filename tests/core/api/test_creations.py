"""REL-07: a create sent again under its id is the same thing, whatever became of it since."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete

from neighbourly.accounts import jobs, passwords
from neighbourly.core import clock
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.creations import Creation
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.service import writing
from neighbourly.preferences.models import SavedSearch
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, day
from tests.factories.listings import offer

LISTING = {"title": "Une perceuse", "description": "Pour samedi."}


@dataclass(frozen=True)
class Case:
    """One creating call of Bob's, what changes the thing afterwards, and another content under the same id."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    change: Callable[[dict[str, Any]], object] = lambda _made: None


@pytest.fixture
def cases(as_, ana, bob, new_user, own) -> dict[str, Callable[[], Case]]:
    """What is made under an id of the client's choice, each ready to be made."""

    def patch(made: dict[str, Any]) -> None:
        changed = as_(bob).patch(f"/v1/listings/{made['id']}", json={"title": "Une scie sauteuse"})
        assert changed.status_code == 200

    def exchange() -> Case:
        drill = offer(ana)
        body = {"listing_id": str(drill.id), "starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}

        def accept(made: dict[str, Any]) -> None:
            assert as_(ana).post(f"/v1/exchanges/{made['id']}/accept", json={}).status_code == 200

        return Case("/v1/exchanges", body, {"ends_at": day(3).isoformat()}, accept)

    def question() -> Case:
        drill = offer(ana)

        def close(_made: dict[str, Any]) -> None:
            assert as_(ana).post(f"/v1/listings/{drill.id}/close", json={}).status_code == 200

        return Case("/v1/conversations", {"listing_id": str(drill.id), "body": "Libre ?"}, {"body": "Prise ?"}, close)

    def message() -> Case:
        thread = f"/v1/conversations/{agree(bob, offer(ana)).conversation_id}"

        def read(made: dict[str, Any]) -> None:
            assert as_(ana).put(f"{thread}/read", json={"up_to": made["id"]}).status_code == 200

        return Case(f"{thread}/messages", {"body": "Bonjour"}, {"body": "Bonsoir"}, read)

    def transfer() -> Case:
        for user, cell in ((ana, people.ANA_CELL), (bob, people.BOB_CELL)):
            assert as_(user).put("/v1/me/home", json={"cell": cell}).status_code == 200

        def reverse(made: dict[str, Any]) -> None:
            assert as_(ana).post(f"/v1/timebank/transfers/{made['transfer_id']}/reverse").status_code == 201

        body = {"to_user_id": str(ana.id), "minutes": 30}
        return Case("/v1/timebank/transfers", body, {"minutes": 31}, reverse)

    return {
        "listing": lambda: Case("/v1/listings", LISTING, {"title": "Une scie"}, patch),
        "exchange": exchange,
        "question": question,
        "message": message,
        "search": lambda: Case("/v1/me/searches", {"q": "un vélo cargo"}, {"q": "un vélo"}),
        "transfer": transfer,
    }


NAMES = ["listing", "exchange", "question", "message", "search", "transfer"]


@pytest.mark.parametrize("name", NAMES)
def test_a_create_sent_again_gives_the_thing_as_it_is_now(as_, bob, cases, name):
    """REL-07: also where it was changed, accepted, closed, read or given back since."""
    case, mine = cases[name](), as_(bob)
    body = case.body | {"id": str(new_id())}
    first = mine.post(case.path, json=body)
    case.change(first.json)
    again = mine.post(case.path, json=body)
    assert (first.status_code, again.status_code) == (201, 200), again.text
    assert (again.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert again.headers["Location"] == first.headers["Location"]
    key = "transfer_id" if name == "transfer" else "id"
    assert again.json[key] == first.json[key]


@pytest.mark.parametrize("name", NAMES)
def test_another_content_or_another_owner_is_taken(as_, bob, cleo, cases, name):
    """REL-07, SEC-05."""
    case = cases[name]()
    body = case.body | {"id": str(new_id())}
    as_(bob).post(case.path, json=body)
    assert as_(bob).post(case.path, json=body | case.other).json["code"] == "id_taken"
    strangers = as_(cleo).post(case.path, json=body)
    assert (strangers.status_code, strangers.json["code"]) in ((409, "id_taken"), (404, "not_found"))


@pytest.mark.parametrize("name", NAMES)
def test_what_was_made_before_digests_were_kept_is_compared_as_it_stands(as_, bob, cases, name):
    """REL-07: the same again is the same; from then on it is known by its digest."""
    case, mine = cases[name](), as_(bob)
    body = case.body | {"id": str(new_id())}
    first = mine.post(case.path, json=body)
    db.session.execute(delete(Creation))
    assert mine.post(case.path, json=body | case.other).json["code"] == "id_taken"
    assert mine.post(case.path, json=body).status_code == 200
    case.change(first.json)
    assert mine.post(case.path, json=body).headers["Idempotency-Replayed"] == "true"


def test_an_edited_listing_is_answered_as_edited(as_, ana):
    """REL-07: not as it was, and not 409 as for a stranger's id."""
    body = {"id": str(new_id()), "title": "Une perceuse"}
    as_(ana).post("/v1/listings", json=body)
    as_(ana).patch(f"/v1/listings/{body['id']}", json={"title": "Une scie sauteuse"})
    again = as_(ana).post("/v1/listings", json=body)
    assert (again.status_code, again.json["title"]) == (200, "Une scie sauteuse")
    assert again.headers["ETag"]


@pytest.mark.parametrize(
    "written",
    [
        b'{"description":"Pour samedi.",\n  "title":"Une perceuse","id":"%s"}',
        b'{"title":" Une perceuse ","description":"Pour samedi.","id":"%s"}',
        b'{"title":"Une perceuse","description":"Pour samedi.","category":null,"id":"%s"}',
    ],
)
def test_the_same_written_otherwise_is_the_same(as_, ana, written):
    """REL-07: neither the order of the fields counts, nor white space, nor what is null."""
    id = str(new_id())
    as_(ana).post("/v1/listings", json=LISTING | {"id": id})
    as_(ana).patch(f"/v1/listings/{id}", json={"title": "Une scie"})
    again = as_(ana).post("/v1/listings", data=written % id.encode(), content_type="application/json")
    assert (again.status_code, again.json["title"]) == (200, "Une scie")


def test_a_default_that_changes_with_a_version_changes_no_digest(as_, ana, monkeypatch):
    """REL-07: what counts is what was sent."""
    body = LISTING | {"id": str(new_id())}
    as_(ana).post("/v1/listings", json=body)
    as_(ana).patch("/v1/me", json={"language": "en"})
    monkeypatch.setitem(writing.UNSAID, "quantity", 2)
    assert as_(ana).post("/v1/listings", json=body).status_code == 200


def test_what_was_deleted_since_is_gone_and_stays_so(as_, ana):
    """REL-07: a replay that comes late brings nothing back."""
    body = {"id": str(new_id()), "q": "un vélo cargo"}
    as_(ana).post("/v1/me/searches", json=body)
    as_(ana).delete(f"/v1/me/searches/{body['id']}")
    late = as_(ana).post("/v1/me/searches", json=body)
    assert (late.status_code, late.json["code"], count_of(SavedSearch)) == (410, "gone", 0)


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_listing_that_was_deleted_is_gone(as_, ana, status):
    """REL-07: 410 for its owner, 409 as ever for anybody else's content."""
    body = LISTING | {"id": str(new_id()), "status": status}
    as_(ana).post("/v1/listings", json=body)
    as_(ana).delete(f"/v1/listings/{body['id']}")
    assert as_(ana).post("/v1/listings", json=body).status_code == 410
    assert as_(ana).post("/v1/listings", json=body | {"title": "Une scie"}).status_code == 409


def test_a_question_is_not_a_message_of_a_thread(as_, ana, bob):
    """REL-07: one id, two routes, two contents."""
    asked = {"id": str(new_id()), "listing_id": str(offer(ana).id), "body": "Libre ?"}
    thread = as_(bob).post("/v1/conversations", json=asked).json
    written = {"id": asked["id"], "body": "Libre ?"}
    assert as_(bob).post(f"/v1/conversations/{thread['id']}/messages", json=written).json["code"] == "id_taken"


def test_what_was_refused_is_not_kept(as_, new_user):
    """REL-02: without a home 409, with one 201 under the same id."""
    dora, body = new_user("Dora D."), LISTING | {"id": str(new_id())}
    assert as_(dora).post("/v1/listings", json=body).json["code"] == "home_missing"
    as_(dora).put("/v1/me/home", json={"cell": people.ANA_CELL})
    assert as_(dora).post("/v1/listings", json=body).status_code == 201


def test_without_an_id_nothing_is_kept(as_, ana):
    as_(ana).post("/v1/listings", json=LISTING)
    assert (count_of(Listing), count_of(Creation)) == (1, 0)


def test_digests_go_with_their_owner_and_after_ninety_days(as_, new_user, bob):
    """GDP-02: what is left of an erased account says nothing of what it wrote."""
    ana = new_user("Ana A.", home=people.ANA_CELL, password_hash=passwords.hashed(people.PASSWORD))
    for user in (ana, bob):
        as_(user).post("/v1/listings", json=LISTING | {"id": str(new_id())})
    assert as_(ana).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
    assert list(db.session.scalars(db.select(Creation.owner_id))) == [bob.id]
    for days, kept in ((89, 1), (91, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            jobs.forget_old()
        assert count_of(Creation) == kept


def test_every_create_that_takes_an_id_keeps_its_digest():
    """REL-07: whatever route is added, what its body calls `id` is known again."""
    takes = {
        endpoint
        for (method, endpoint), contract in CONTRACTS.items()
        if method == "POST" and contract.body and "id" in contract.body().fields
    }
    keeps = {endpoint for (_, endpoint), contract in CONTRACTS.items() if contract.creates}
    assert takes == keeps
    assert len(takes) == 7


@pytest.mark.parametrize("path", ["/v1/listings", "/v1/me/searches", "/v1/timebank/transfers"])
def test_the_same_create_three_times_at_once_is_made_once(real_app, path):
    """REL-07: one 201, and 200 with the same thing for the others; on connections of their own."""
    with real_app.app_context():
        lea, ana = people.make("Léa M.", home=people.BOB_CELL), people.make("Ana A.", home=people.ANA_CELL)
        clients, payee = [people.sign_in(real_app, lea) for _ in range(3)], str(ana.id)
    said = {"/v1/listings": LISTING, "/v1/me/searches": {"q": "un vélo"}}
    body = said.get(path, {"to_user_id": payee, "minutes": 5}) | {"id": str(new_id())}
    together = Barrier(3)

    def send(client: people.Client) -> Any:
        together.wait(10)
        return client.post(path, json=body)

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(send, clients))
    assert sorted(each.status_code for each in answers) == [200, 200, 201]
    assert len({each.json.get("transfer_id", each.json.get("id")) for each in answers}) == 1
