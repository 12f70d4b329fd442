"""BOK-12: the end of a listing is the end of what is only proposed on it, told kindly; what is agreed goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from neighbourly.bookings.models import Waiting
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges import jobs  # the job is declared by its module
from neighbourly.exchanges.models import Exchange
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing
from tests import people
from tests.databases import run_jobs
from tests.factories.exchanges import agree, day, dispute, lend, propose
from tests.factories.listings import ask, offer

PARIS = {"lat": 48.8566, "lon": 2.3522}
End = Callable[[Any, Any, Listing], Any]


def delete(as_, user, listing):
    """Its owner deletes it."""
    return as_(user).delete(f"/v1/listings/{listing.id}")


def close(as_, user, listing):
    """Its owner closes it."""
    return as_(user).post(f"/v1/listings/{listing.id}/close")


def pause(as_, user, listing):
    """Its owner pauses it."""
    return as_(user).post(f"/v1/listings/{listing.id}/pause")


def expire(_as, _user, listing):
    """Its time runs out."""
    db.session.execute(update(Listing).where(Listing.id == listing.id).values(expires_at=clock.now()))
    listings.expire_due(10)
    db.session.commit()
    run_jobs()


def fulfil(as_, user, listing):
    """Its owner says that the need is met elsewhere."""
    return as_(user).post(f"/v1/listings/{listing.id}/fulfil", json={"how": "elsewhere"})


def lose_home(as_, user, _listing):
    """Its owner lives nowhere any more."""
    return as_(user).delete("/v1/me/home")


def move(as_, user, _listing):
    """Its owner moves six hundred kilometres away."""
    return as_(user).put("/v1/me/home", json={"lat": PARIS["lat"], "lon": PARIS["lon"]})


OF_OFFERS: Mapping[str, End] = {each.__name__: each for each in (delete, close, pause, expire, lose_home, move)}
OF_REQUESTS: Mapping[str, End] = {each.__name__: each for each in (delete, close, pause, expire, fulfil)}


def ended(exchange: Exchange) -> tuple[str, str | None]:
    db.session.expire_all()
    row = db.session.get_one(Exchange, exchange.id)
    return row.state, row.end_reason


@pytest.mark.parametrize("how", OF_OFFERS)
@pytest.mark.parametrize("step", ["proposed", "countered"])
def test_what_is_only_proposed_on_an_offer_ends_with_it(as_, ana, bob, drill, act, look, latest, how, step):
    """BOK-12: as a no of nobody's, told in one kind sentence that names the thing; and no yes comes after it."""
    exchange = propose(bob, drill)
    if step == "countered":
        times = {"starts_at": day(3).isoformat(), "ends_at": day(4).isoformat()}
        assert act(ana, exchange, "counter", **times).status_code == 200
    OF_OFFERS[how](as_, ana, drill)
    reason = "out_of_reach" if how == "move" else "listing_ended"
    assert ended(exchange) == ("declined", reason)
    assert (look(bob, exchange)["state"], look(bob, exchange)["end_reason"]) == ("declined", reason)
    told = latest(bob)
    assert "Perceuse" in told
    assert ("Too far away" if how == "move" else "it is no refusal") in told
    asked = bob if step == "countered" else ana
    assert act(asked, exchange, "accept").status_code == 409
    assert look(bob, exchange)["listing"]["title"] == drill.title


@pytest.mark.parametrize("how", OF_REQUESTS)
def test_who_proposed_on_a_request_hears_that_it_has_ended(as_, ana, bob, act, latest, how):
    """BOK-12: at once, and not days later as "no answer"."""
    need = ask(ana, "Aide au jardin", kind="time")
    exchange = propose(bob, need, minutes=60)
    OF_REQUESTS[how](as_, ana, need)
    assert ended(exchange) == ("declined", "listing_ended")
    assert "the request has ended" in latest(bob)
    assert act(ana, exchange, "accept").status_code == 409


@pytest.mark.parametrize("state", ["accepted", "handed_over", "disputed"])
def test_what_is_agreed_refuses_the_deletion_and_goes_on_when_it_is_closed(as_, ana, bob, drill, look, act, state):
    """BOK-12: the refusal names the exchange."""
    exchange = {"accepted": agree, "handed_over": lend, "disputed": dispute}[state](bob, drill)
    refused = delete(as_, ana, drill)
    assert (refused.status_code, refused.json["code"]) == (409, "exchange_open")
    assert refused.json["exchange_id"] == str(exchange.id)
    assert close(as_, ana, drill).status_code == 200
    assert look(bob, exchange)["state"] == state
    assert look(bob, exchange)["listing"]["title"] == drill.title
    if state == "accepted":
        assert act(ana, exchange, "hand_over").status_code == 200
    assert act(bob, exchange, "return").status_code == 200
    if state != "disputed":
        assert delete(as_, ana, drill).status_code == 204


@pytest.mark.parametrize("how", ["delete", "close", "move"])
def test_who_waits_in_line_is_told_of_what(as_, ana, bob, cleo, drill, latest, how):
    """BOK-12: and stands in no line any more."""
    returned = lend(bob, drill)
    assert as_(cleo).put(f"/v1/listings/{drill.id}/waiting", json={}).status_code in (200, 201)
    if how == "delete":
        assert as_(bob).post(f"/v1/exchanges/{returned.id}/return", json={}).status_code == 200
    OF_OFFERS[how](as_, ana, drill)
    assert db.session.scalars(select(Waiting).where(Waiting.listing_id == drill.id)).all() == []
    assert "Perceuse" in latest(cleo)
    assert "You waited for this" in latest(cleo)
    assert as_(cleo).get("/v1/me/waiting").json["items"] == []


def test_what_expired_unanswered_is_not_agreed_late_on_what_is_gone(as_, ana, bob, drill, act, later):
    """BOK-12: a late yes needs a thing that is still offered."""
    exchange = propose(bob, drill, begins=20)
    later(days=4)
    run_look()
    assert ended(exchange)[0] == "expired"
    close(as_, ana, drill)
    refused = act(ana, exchange, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "no_longer_offered")


def run_look() -> None:
    """What time brings."""
    jobs.look()
    db.session.expire_all()


def test_what_is_shown_again_revives_nothing_and_takes_new_proposals(as_, ana, bob, drill):
    exchange = propose(bob, drill)
    pause(as_, ana, drill)
    as_(ana).post(f"/v1/listings/{drill.id}/resume")
    assert ended(exchange) == ("declined", "listing_ended")
    assert propose(bob, drill).state == "proposed"


def test_a_short_move_ends_nothing(as_, ana, bob, drill):
    """BOK-12: a home around the corner is within reach."""
    exchange = propose(bob, drill)
    assert as_(ana).put("/v1/me/home", json={"cell": people.CLEO_CELL}).status_code == 200
    assert ended(exchange)[0] == "proposed"


def test_who_proposed_and_moves_away_is_not_held_to_it_and_the_owner_hears(as_, ana, bob, drill, latest):
    """BOK-12: whoever of the two moves, the other is told."""
    exchange = propose(bob, drill)
    move(as_, bob, drill)
    assert ended(exchange) == ("declined", "out_of_reach")
    assert "Too far away" in latest(ana)


def test_of_very_many_proposals_the_rest_end_a_moment_later(as_, ana, bob, cleo, drill, monkeypatch):
    """BOK-12: the owner's tap is as quick for a hundred as for one."""
    monkeypatch.setattr("neighbourly.exchanges.service.ending.AT_ONCE", 1)
    both = [propose(bob, drill), propose(cleo, drill, begins=8)]
    close(as_, ana, drill)
    assert sorted(ended(each)[0] for each in both) == ["declined", "proposed"]
    run_jobs()
    assert {ended(each) for each in both} == {("declined", "listing_ended")}


def test_nobody_behind_a_block_is_told(as_, ana, bob, drill, news):
    propose(bob, drill)
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    before = news(bob)
    close(as_, ana, drill)
    assert news(bob) == before


@pytest.mark.parametrize("round_", range(4))
@pytest.mark.parametrize("how", ["close", "delete"])
def test_a_yes_and_the_end_at_one_moment_leave_one_truth(committing_app, how, round_):
    """BOK-12: agreed before the end, it goes on or refuses the deletion; ended before the yes, it is off."""
    ana, bob = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    drill = offer(ana)
    exchange_id, listing_id = propose(bob, drill).id, drill.id
    first, second = people.sign_in(committing_app, ana), people.sign_in(committing_app, ana)
    taps = {
        "yes": lambda: first.post(f"/v1/exchanges/{exchange_id}/accept", json={}),
        "close": lambda: second.post(f"/v1/listings/{listing_id}/close"),
        "delete": lambda: second.delete(f"/v1/listings/{listing_id}"),
    }
    both = threading.Barrier(2)

    def tap(which: str) -> int:
        with committing_app.app_context():
            both.wait()
            status: int = taps[which]().status_code
        return status

    with ThreadPoolExecutor(2) as threads:
        agreed, gone = threads.map(tap, ["yes", how])
    db.session.rollback()
    run_jobs()
    state = ended(db.session.get_one(Exchange, exchange_id))[0]
    assert (agreed, state) in {(200, "accepted"), (409, "declined")}
    assert gone in ((200,) if how == "close" else (409,) if agreed == 200 else (204,))
