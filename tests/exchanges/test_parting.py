"""Blocks act everywhere and both ways; nobody leaves while a thing is in somebody's hands."""

from __future__ import annotations

import pytest

from neighbourly.accounts import jobs as accounts
from neighbourly.accounts import passwords
from neighbourly.bookings.models import Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.exchanges.models import AnswerTime, CalendarFeed, Exchange
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, lend, propose
from tests.factories.listings import ask, offer


@pytest.fixture(params=["the giver", "the receiver"])
def block(request, as_, ana, bob):
    """`block()`: one of Ana and Bob blocks the other."""

    def put():
        one, other = (ana, bob) if request.param == "the giver" else (bob, ana)
        assert as_(one).put(f"/v1/me/blocks/{other.id}").status_code == 204

    return put


def test_what_was_proposed_or_agreed_ends_and_nobody_is_told_why(as_, ana, bob, drill, block, news, look):
    proposed = propose(bob, offer(ana, "Une tente"))
    agreed = agree(bob, drill)
    block()
    for exchange in (proposed, agreed):
        for side in (ana, bob):
            seen = look(side, exchange)
            assert (seen["state"], seen["end_reason"], seen["allowed_actions"]) == ("cancelled", None, [])
    assert count_of(Occupation) == 0
    assert (news(ana)[-1], news(bob)[-1]) == ("exchange_cancelled", "exchange_cancelled")


def test_with_a_loan_open_only_return_and_dispute_remain(as_, ana, bob, drill, block, act, look):
    loan = lend(bob, drill)
    block()
    for side in (ana, bob):
        assert look(side, loan)["allowed_actions"] == ["return", "dispute"]
        assert as_(side).put(f"/v1/exchanges/{loan.id}/meeting", json={"text": "Au parc"}).status_code == 409
    assert act(bob, loan, "extend", ends_at=loan.ends_at.isoformat()).status_code == 409
    assert act(bob, loan, "return").json["state"] == "returned"


def test_where_they_would_have_met_is_gone_at_once(as_, ana, bob, drill, block):
    """LOC-05."""
    path = f"/v1/exchanges/{agree(bob, drill).id}/meeting"
    as_(ana).put(path, json={"text": "Au parc"})
    block()
    assert [as_(each).get(path).status_code for each in (ana, bob)] == [404, 404]


@pytest.mark.parametrize("action", ["return", "dispute"])
def test_what_goes_on_is_told_without_a_name(as_, ana, bob, drill, block, act, news, latest, action):
    """Nothing stays silent: who waits for their drill hears that it is back, of nobody in particular."""
    loan = lend(bob, drill)
    block()
    act(bob, loan, action, **({"reason": "Elle est rayée."} if action == "dispute" else {}))
    assert news(ana)[-1] == {"return": "exchange_returned", "dispute": "exchange_disputed"}[action]
    assert "Bob" not in latest(ana)


def test_through_a_moderator_if_wished(as_, ana, bob, drill, block, act, look):
    loan = lend(bob, drill)
    block()
    act(bob, loan, "dispute", reason="Je préfère la rendre par l'association.")
    mod = people.make("Mona M.", role="moderator")
    assert as_(mod).post(f"/v1/exchanges/{loan.id}/settle", json={"outcome": "returned"}).status_code == 204
    assert look(ana, loan)["state"] == "returned"


def test_neither_finds_writes_proposes_or_waits(as_, ana, bob, drill, block):
    need = ask(bob)
    old = bring_back(bob, drill)
    block()
    for viewer, listing in ((bob, drill), (ana, need)):
        times = {"starts_at": "2027-01-01T00:00:00Z", "ends_at": "2027-01-02T00:00:00Z"}
        tries = [
            as_(viewer).post("/v1/exchanges", json={"listing_id": str(listing.id), **times}),
            as_(viewer).post("/v1/conversations", json={"listing_id": str(listing.id), "body": "Bonjour"}),
            as_(viewer).get(f"/v1/listings/{listing.id}/calendar"),
            as_(viewer).put(f"/v1/listings/{listing.id}/waiting", json={}),
            as_(viewer).get(f"/v1/conversations/{old.conversation_id}/messages"),
            as_(viewer).post(f"/v1/conversations/{old.conversation_id}/messages", json={"body": "Bonjour"}),
            as_(viewer).post("/v1/timebank/transfers", json={"to_user_id": str(listing.owner_id), "minutes": 5}),
            as_(viewer).get(f"/v1/neighbours/{listing.owner_id}"),
        ]
        assert [each.status_code for each in tries] == [404] * len(tries)
        assert as_(viewer).get("/v1/conversations").json["items"] == []
        assert as_(viewer).get("/v1/exchanges").json["items"] == []
        assert as_(viewer).get("/v1/start").json["to_do"] == []


@pytest.mark.parametrize("make", [propose, agree, bring_back])
def test_a_block_looks_as_if_the_other_had_left(as_, ana, bob, cleo, look, make):
    """The blocked cannot tell from what is over whether she blocked him or left: name, thing and face are alike."""
    shown = []
    for name, part in ((ana, "blocks"), (cleo, "leaves")):
        exchange = make(bob, offer(name, "Une tente, 06 12 34 56 78"))
        if part == "blocks":
            as_(name).put(f"/v1/me/blocks/{bob.id}")
        else:
            name.password_hash = passwords.hashed(people.PASSWORD)
            db.session.commit()
            assert as_(name).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
        seen = look(bob, exchange)
        face = as_(bob).get(f"/v1/neighbours/{seen['giver']['id']}")
        shown.append((seen["giver"]["display_name"], seen["listing"]["title"], face.status_code, face.json["code"]))
        assert seen["receiver"]["display_name"] == "Bob B."
    assert shown[0] == shown[1] == ("Un ancien voisin", "Une tente, […]", 404, "not_found")


def test_whose_thing_one_has_stays_said(as_, ana, bob, drill, block, look):
    """The honest path: who holds a thing knows to whom it goes back."""
    loan = lend(bob, drill)
    block()
    seen = look(bob, loan)
    assert (seen["giver"]["display_name"], seen["listing"]["title"]) == ("Ana A.", drill.title)


def test_a_block_is_told_to_nobody(as_, ana, bob, drill, run_jobs, news):
    lend(bob, drill)
    before = news(bob)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    run_jobs()
    assert news(bob) == before


@pytest.mark.parametrize("leaver", ["ana", "bob"])
def test_nobody_leaves_while_a_thing_is_in_somebodys_hands(request, leaver, ana, bob, drill, act, leave):
    loan = lend(bob, drill)
    refused = leave(request.getfixturevalue(leaver))
    assert (refused.status_code, refused.json["code"]) == (409, "loan_open")
    assert refused.json["exchange_id"] == str(loan.id)
    act(bob, loan, "return")
    assert leave(request.getfixturevalue(leaver)).status_code == 204


def test_who_left_is_a_former_neighbour_and_their_words_about_things_are_gone(as_, ana, bob, drill, look, leave):
    done = bring_back(bob, drill)
    done.condition_after = "CANARI-ETAT"
    pending = agree(bob, offer(ana, "Une tente"))
    as_(bob).post("/v1/me/calendar")
    db.session.commit()
    assert leave(bob).status_code == 204
    seen = look(ana, done)
    assert (seen["receiver"]["display_name"], seen["condition_after"]) == ("Un ancien voisin", None)
    assert look(ana, pending)["state"] == "cancelled"
    assert db.session.scalar(db.select(db.func.count()).select_from(Exchange)) == 2


def test_a_dispute_with_who_left_holds_up_no_sweep(ana, bob, drill, act, leave):
    """GDP-02: Bob is gone already, and what he may have written meanwhile goes too; so does what is old of others."""
    loan = bring_back(bob, drill)
    assert leave(bob).status_code == 204
    assert act(ana, loan, "dispute", reason="Elle est rayée.").json["state"] == "disputed"
    late = CalendarFeed(user_id=bob.id, token_digest=b"late", created_at=clock.now())
    db.session.add(late)
    db.session.commit()
    accounts.forget_old()
    assert count_of(CalendarFeed) == 0


def test_who_left_is_not_counted_again_by_night(app, ana, bob, act, leave):
    """GDP-02: how soon they answered goes with them."""
    chairs = offer(ana, "Chaises", quantity=50)
    for _ in range(5):
        act(ana, propose(bob, chairs), "decline")

    def is_counted() -> bool:
        with app.app_context():
            jobs.recount()
        return db.session.get(AnswerTime, ana.id, populate_existing=True) is not None

    assert is_counted()
    assert leave(ana).status_code == 204
    assert not is_counted()
