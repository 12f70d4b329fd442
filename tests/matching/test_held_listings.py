"""What somebody has a part in, they may open: read-only, as far as it concerns them, until 30 days after the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from neighbourly.accounts import service as accounts
from neighbourly.accounts.events import AccountErasing
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.matching import service as matching
from tests import people
from tests.factories import crowd
from tests.factories.exchanges import agree, lend, propose
from tests.factories.listings import actor, offer
from tests.factories.listings import ask as ask_for


def opens(as_, user, listing_id) -> bool:
    return {200: True, 404: False}[as_(user).get(f"/v1/listings/{listing_id}").status_code]


def put(listing, status, **fields):
    values = {"status": status, "updated_at": clock.now()} | fields
    db.session.execute(update(Listing).where(Listing.id == listing.id).values(values))
    db.session.commit()


def ended(exchange, days):
    """So many days ago."""
    values = {"state": "returned", "ended_at": clock.now() - timedelta(days=days)}
    db.session.execute(update(Exchange).where(Exchange.id == exchange.id).values(values))
    db.session.commit()


@pytest.fixture
def drill(ana):
    """Ana lends it."""
    return offer(ana, description="Avec ses forets.")


@pytest.fixture
def need(ana):
    """Ana asks for one."""
    return ask_for(ana, description="Pour trois étagères.")


def answered(as_, user, need, word="yes"):
    assert as_(user).post(f"/v1/listings/{need.id}/answers", json={"answer": word}).status_code == 201


STATES = ["paused", "closed", "expired", "fulfilled"]


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("begin", [propose, agree, lend])
def test_a_side_of_an_exchange_opens_what_others_do_not_see_any_more(as_, bob, cleo, drill, begin, status):
    """BOK-09: the borrower opens what they have at home."""
    begin(bob, drill)
    put(drill, status)
    assert (opens(as_, bob, drill.id), opens(as_, cleo, drill.id)) == (True, False)


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize(("word", "seen"), [("yes", True), ("later", True), ("no", False)])
def test_who_would_help_opens_the_need(as_, bob, need, status, word, seen):
    answered(as_, bob, need, word)
    put(need, status)
    assert opens(as_, bob, need.id) is seen


def test_both_sides_open_a_private_offer_and_the_need_behind_it(as_, ana, bob, need):
    answered(as_, bob, need)
    (answer,) = as_(ana).get(f"/v1/listings/{need.id}/answers").json["items"]
    chosen = as_(ana).post("/v1/exchanges", json={"answer_id": answer["id"]}).json
    put(need, "fulfilled")
    assert opens(as_, ana, chosen["listing"]["id"])
    assert opens(as_, bob, need.id)


@pytest.mark.parametrize(("days", "seen"), [(29, True), (31, False)])
def test_until_thirty_days_after_the_end(as_, ana, bob, drill, need, days, seen):
    ended(lend(bob, drill), days)
    put(drill, "closed")
    answered(as_, bob, need)
    put(need, "closed", updated_at=clock.now() - timedelta(days=days))
    assert (opens(as_, bob, drill.id), opens(as_, bob, need.id)) == (seen, seen)


def test_a_home_that_moves_shows_nothing_again(as_, ana, bob, need):
    answered(as_, bob, need)
    put(need, "closed", expires_at=clock.now() - timedelta(days=31))
    people.move(ana, people.FAR_CELL)
    assert not opens(as_, bob, need.id)


@pytest.mark.parametrize("by_whom", ["blocker", "blocked"])
def test_behind_a_block_neither_opens_what_is_the_others(as_, ana, bob, drill, by_whom):
    """The exchange goes on: what the return needs stands there."""
    loan = lend(bob, drill)
    put(drill, "closed")
    one, other = (ana, bob) if by_whom == "blocker" else (bob, ana)
    accounts.block_person(actor=actor(one), user_id=other.id)
    assert not opens(as_, bob, drill.id)
    assert as_(bob).get(f"/v1/exchanges/{loan.id}").json["allowed_actions"] == ["return", "dispute"]


@pytest.mark.parametrize(
    ("begin", "seen"), [(propose, False), (agree, True), (lend, True)], ids=["proposed", "agreed", "lent"]
)
def test_what_was_deleted_stays_with_those_alone_with_whom_it_was_agreed(as_, ana, bob, cleo, drill, begin, seen):
    """What is agreed refuses a deletion (BOK-12): here it was deleted before, by an earlier version."""
    begin(bob, drill)
    propose(cleo, drill, begins=9)
    refused = as_(ana).delete(f"/v1/listings/{drill.id}").status_code == 409
    assert refused is seen
    drill.status, drill.deleted_at = "closed", clock.now()
    db.session.commit()
    assert (opens(as_, bob, drill.id), opens(as_, cleo, drill.id)) == (seen, False)


def test_a_need_that_was_deleted_is_gone_for_who_would_have_helped(as_, ana, bob, need):
    answered(as_, bob, need)
    as_(ana).delete(f"/v1/listings/{need.id}")
    assert not opens(as_, bob, need.id)


def test_nobody_opens_what_a_moderator_removed(as_, bob, drill):
    lend(bob, drill)
    put(drill, "removed")
    assert not opens(as_, bob, drill.id)


def test_nobody_opens_what_somebody_wrote_who_left(as_, ana, bob, drill):
    """GDP-02: nothing of it is left to see."""
    lend(bob, drill)
    publish(AccountErasing(ana.id, again=True))
    ana.state = "erased"
    db.session.commit()
    assert not opens(as_, bob, drill.id)


def test_it_is_read_only_and_says_no_more_than_concerns_them(as_, ana, bob, drill):
    """LOC-01: no place, no distance, no hours; of the owner the first name."""
    lend(bob, drill)
    put(drill, "paused", availability=[{"weekday": 1, "from": "09:00", "to": "12:00"}])
    seen = as_(bob).get(f"/v1/listings/{drill.id}").json
    assert (seen["title"], seen["description"]) == ("Perceuse à percussion", "Avec ses forets.")
    assert (seen["owner"]["display_name"], seen["available"]) == ("Ana", False)
    assert seen["cell"] == cells.coarsen(drill.cell, 0)
    assert (seen["distance_m"], seen["availability"], seen["allowed_actions"]) == (None, [], None)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/v1/listings/{id}/answers", {"answer": "yes"}),
        ("post", "/v1/exchanges", {"listing_id": "{id}", "starts_at": "2099-01-01T10:00:00Z"}),
        ("post", "/v1/conversations", {"listing_id": "{id}", "body": "Bonjour"}),
        ("put", "/v1/listings/{id}/waiting", {}),
        ("get", "/v1/listings/{id}/calendar", None),
        ("get", "/v1/listings/{id}/matches", None),
        ("get", "/v1/listings/{id}/answers", None),
        ("patch", "/v1/listings/{id}", {"title": "Autre chose"}),
        ("post", "/v1/listings/{id}/close", {}),
        ("delete", "/v1/listings/{id}", None),
    ],
)
def test_nothing_is_done_with_what_is_only_held(as_, bob, drill, method, path, body):
    lend(bob, drill)
    put(drill, "paused")
    filled = body and {name: said.format(id=drill.id) for name, said in body.items()}
    answer = getattr(as_(bob), method)(path.format(id=drill.id), **({} if body is None else {"json": filled}))
    assert answer.status_code == 404, answer.json


def test_its_tag_is_that_of_what_is_seen(as_, ana, bob, drill):
    """What changes for the reader changes the tag, and nothing else does."""
    lend(bob, drill)
    before = as_(bob).get(f"/v1/listings/{drill.id}").headers["ETag"]
    put(drill, "paused")
    held = as_(bob).get(f"/v1/listings/{drill.id}", headers={"If-None-Match": before})
    again = as_(bob).get(f"/v1/listings/{drill.id}", headers={"If-None-Match": held.headers["ETag"]})
    assert (held.status_code, again.status_code) == (200, 304)
    db.session.execute(update(Listing).where(Listing.id == drill.id).values(cell=people.BOB_CELL))
    db.session.commit()
    moved = as_(bob).get(f"/v1/listings/{drill.id}", headers={"If-None-Match": held.headers["ETag"]})
    assert moved.status_code == 304


def test_it_takes_no_statement_more(as_, bob, ana, drill, statements):
    client = as_(bob)
    with statements() as shown:
        client.get(f"/v1/listings/{drill.id}")
    lend(bob, drill)
    put(drill, "closed")
    with statements() as held:
        client.get(f"/v1/listings/{drill.id}")
    assert len(held) <= len(shown)


def test_who_has_a_part_in_it_is_looked_up_by_indexes(app, ana, bob, drill):
    crowd.settle()
    lend(bob, drill)
    put(drill, "closed")
    someone = actor(bob)
    # One exchange alone fits a page, which is read as quickly whole: whether an index could serve is the question.
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = crowd.plans_of(lambda: matching.get_listing(actor=someone, listing_id=drill.id))
    assert "Seq Scan on listings" not in plan, plan
    assert "ix_exchanges_" in plan, plan
