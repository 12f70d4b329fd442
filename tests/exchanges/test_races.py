"""TST-05: many taps at the same moment, on real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from neighbourly.accounts.models import User
from neighbourly.bookings.models import Occupation
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.exchanges import jobs, needs, selectors, service
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service import overtaking, terms
from neighbourly.notifications.models import Notification
from neighbourly.territories.models import Territory
from neighbourly.timebank.models import Entry, Transfer
from tests import people
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import actor, ask, offer

AT_ONCE = 8
OVERLAPPING = text(
    "SELECT count(*) FROM occupations a JOIN occupations b ON a.copy_id = b.copy_id"
    " AND a.holder_id < b.holder_id AND a.period && b.period"
)


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


@pytest.fixture
def together(app) -> Callable[[Iterable[Callable[[], int]]], Counter[int]]:
    """`together(calls)`: how many of these calls, made at the same moment, gave which status."""

    def run(calls: Iterable[Callable[[], int]]) -> Counter[int]:
        made = list(calls)
        start = Barrier(len(made))

        def call(one: Callable[[], int]) -> int:
            start.wait(10)
            with app.app_context():
                return one()

        with ThreadPoolExecutor(len(made)) as threads:
            return Counter(threads.map(call, made))

    return run


def tap(client, exchange_id, action, **body):
    return lambda: client.post(f"/v1/exchanges/{exchange_id}/{action}", json=body).status_code


def test_of_many_proposals_for_one_time_one_is_accepted(as_, ana, new_user, together):
    """BOK-01: and nobody deadlocks."""
    drill = offer(ana)
    wishes = [propose(new_user(f"V{number} V."), drill).id for number in range(AT_ONCE)]
    owner = as_(ana)
    assert together(tap(owner, each, "accept") for each in wishes) == {200: 1, 409: AT_ONCE - 1}
    assert db.session.scalar(select(func.count()).select_from(Occupation)) == 1


def test_what_is_out_is_handed_on_to_one_of_those_who_wait(as_, ana, bob, new_user, together):
    """BOK-09: many hand-overs at the same moment, and nobody deadlocks; the loan before ended once."""
    drill = offer(ana)
    last = lend(bob, drill, begins=0.01, days=0.5)
    wishes = [agree(new_user(f"V{number} V."), drill, begins=1 + number, days=1).id for number in range(4)]
    owner = as_(ana)
    statuses = together(tap(owner, each, "hand_over") for each in wishes)
    out = select(func.count()).where(Exchange.state == "handed_over")
    assert db.session.scalar(out) == 1, statuses
    assert db.session.get_one(Exchange, last.id, populate_existing=True).state == "returned"
    assert set(statuses) <= {200, 409}


def test_several_copies_handed_over_at_the_same_moment_are_all_out(as_, ana, new_user, together):
    """BOK-09: one tap returns none of what another just handed over, and is in nobody's way."""
    chairs = offer(ana, "Chaises", quantity=4)
    loans = [agree(new_user(f"V{number} V."), chairs, begins=0.01, days=1).id for number in range(4)]
    owner = as_(ana)
    assert together(tap(owner, each, "hand_over") for each in loans) == {200: 4}
    assert set(db.session.scalars(select(Exchange.state))) == {"handed_over"}
    assert len(set(db.session.scalars(select(Occupation.copy_id).where(Occupation.in_hand)))) == 4


@pytest.mark.parametrize("tapper", ["ana", "bob"])
def test_a_return_and_a_hand_over_of_the_same_copy_meet(as_, ana, bob, cleo, together, tapper):
    """BOK-09: whichever comes first, it is back once and with the next one."""
    drill = offer(ana)
    last, coming = lend(bob, drill, begins=0.01, days=0.5), agree(cleo, drill, begins=1)
    client = as_(ana if tapper == "ana" else bob)
    together([tap(client, last.id, "return"), tap(as_(ana), coming.id, "hand_over")])
    states = dict(db.session.execute(select(Exchange.id, Exchange.state)).all())
    assert states == {last.id: "returned", coming.id: "handed_over"}


def test_one_proposal_sent_by_an_impatient_phone_is_one(as_, ana, bob, together):
    """REL-07: replays at the same moment are the same exchange, not a conflict."""
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    body = {"id": str(new_id()), "listing_id": str(offer(ana).id), **times}
    client = as_(bob)
    send = [lambda: client.post("/v1/exchanges", json=body).status_code] * AT_ONCE
    assert together(send) == {201: 1, 200: AT_ONCE - 1}
    assert db.session.scalar(select(func.count()).select_from(Exchange)) == 1


def test_a_yes_chosen_many_times_at_once_is_one_agreement(as_, ana, bob, together):
    """LED-08, REL-07: to the others it is the same."""
    need = ask(bob, "Déménager une armoire", kind="time", category=None)
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "minutes": 60})
    client = as_(bob)
    (chosen,) = client.get(f"/v1/listings/{need.id}/answers").json["items"]
    body = {"answer_id": chosen["id"], "minutes": 60}
    send = [lambda: client.post("/v1/exchanges", json=body).status_code] * AT_ONCE
    assert together(send) == {201: 1, 200: AT_ONCE - 1}
    assert db.session.scalars(select(Exchange.state)).all() == ["accepted"]


def test_two_who_choose_each_other_at_one_instant_wait_for_each_other(as_, ana, bob, together):
    """REL-01: whoever holds both persons holds them in one order."""
    bodies = {}
    for asker, helper in ((ana, bob), (bob, ana)):
        need = ask(asker, "Une perceuse", kind="item")
        yes = as_(helper).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
        bodies[asker.id] = {"answer_id": yes["id"], "starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    clients = {each.id: as_(each) for each in (ana, bob)}
    send = [lambda who=each: clients[who].post("/v1/exchanges", json=bodies[who]).status_code for each in bodies]
    assert together(send) == {201: 2}
    assert db.session.scalars(select(Exchange.state)).all() == ["accepted", "accepted"]


def test_a_yes_is_chosen_while_it_is_said_again(as_, ana, bob, app, monkeypatch):
    """Nobody deadlocks: both hold the answer first, then the need."""
    need = ask(bob, "Déménager une armoire", kind="time", category=None)
    helper, said = as_(ana), {"answer": "yes", "message": "Samedi."}
    chosen = helper.post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json["id"]
    really, saying = needs.find_living, ThreadPoolExecutor(1)
    again: list[Future[int]] = []

    def call() -> int:
        with app.app_context():
            return helper.post(f"/v1/listings/{need.id}/answers", json=said).status_code

    def said_meanwhile(*about) -> UUID | None:
        again.append(saying.submit(call))
        wait(again, timeout=0.5)
        return really(*about)

    monkeypatch.setattr(needs, "find_living", said_meanwhile)
    choice = as_(bob).post("/v1/exchanges", json={"answer_id": chosen, "minutes": 60})
    saying.shutdown()
    assert (choice.status_code, again[0].result()) == (201, 200)


def test_one_proposal_tapped_many_times_at_once_is_one(as_, ana, bob, together):
    """REL-07: without an id of its own too."""
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    body, client = {"listing_id": str(offer(ana).id), **times}, as_(bob)
    send = [lambda: client.post("/v1/exchanges", json=body).status_code] * AT_ONCE
    assert together(send) == {201: 1, 200: AT_ONCE - 1}
    assert db.session.scalar(select(func.count()).select_from(Exchange)) == 1


def test_whoever_is_chosen_at_once_for_one_thing_has_it_alone(as_, ana, new_user, together):
    """BOK-09: two needs, two yeses of Ana's, one drill."""
    drill = offer(ana, "Perceuse")
    begins, ends = day(1).isoformat(), day(2).isoformat()

    def choosing(asker: User) -> Callable[[], int]:
        body = {"answer": "yes", "listing_id": str(drill.id)}
        said = as_(ana).post(f"/v1/listings/{ask(asker).id}/answers", json=body).json
        client, chosen = as_(asker), {"answer_id": said["id"], "starts_at": begins, "ends_at": ends}
        return lambda: client.post("/v1/exchanges", json=chosen).status_code

    askers = [new_user(f"V{number} V.", home=people.BOB_CELL) for number in range(4)]
    assert together([choosing(each) for each in askers]) == {201: 1, 409: len(askers) - 1}
    assert db.session.scalar(OVERLAPPING) == 0


def test_with_three_copies_three_are(as_, ana, new_user, together):
    """BOK-05."""
    chairs = offer(ana, "Chaises", quantity=3)
    wishes = [propose(new_user(f"V{number} V."), chairs).id for number in range(AT_ONCE)]
    owner = as_(ana)
    assert together(tap(owner, each, "accept") for each in wishes) == {200: 3, 409: AT_ONCE - 3}
    assert db.session.scalar(OVERLAPPING) == 0


def test_extending_and_accepting_at_once_leave_no_overlap(as_, ana, bob, cleo, together):
    """BOK-04."""
    drill = offer(ana)
    loan = lend(bob, drill, begins=0.01, days=2)
    wish = propose(cleo, drill, begins=3)
    owner = as_(ana)
    extend = tap(owner, loan.id, "extend", ends_at=day(4).isoformat())
    found = together([extend, tap(owner, wish.id, "accept")])
    assert found == {200: 1, 409: 1}
    assert db.session.scalar(OVERLAPPING) == 0


@pytest.mark.parametrize(
    ("rule", "code"), [("open_proposals", "too_many_proposals"), ("things_at_once", "too_many_things")]
)
def test_the_rules_of_fair_use_hold_in_two_windows(as_, ana, bob, together, rule, code):
    """What is pending counts, under a lock."""
    as_(ana).put("/v1/me/home", json={"cell": people.ANA_CELL})
    things = [offer(ana, f"Chose {number}", kind="item", category="tools") for number in range(AT_ONCE)]
    wishes = [propose(bob, each).id for each in things] if rule == "things_at_once" else []
    setattr(db.session.scalars(select(Territory).where(Territory.is_own)).one(), rule, 3)
    db.session.commit()
    if rule == "things_at_once":
        owner = as_(ana)
        calls = [tap(owner, each, "accept") for each in wishes]
    else:
        borrower, times = as_(bob), {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
        bodies = [{"listing_id": str(each.id), **times} for each in things]
        calls = [lambda body=body: borrower.post("/v1/exchanges", json=body).status_code for body in bodies]
    found = together(calls)
    assert (found[409], sum(found.values())) == (AT_ONCE - 3, AT_ONCE), (code, found)


def test_confirmed_twice_at_once_moves_once(as_, ana, bob, together):
    """LED-01."""
    help = agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None), minutes=60)
    service.finish_help(actor=actor(ana), exchange_id=help.id)
    db.session.commit()
    receiver = as_(bob)
    assert together([tap(receiver, help.id, "confirm")] * AT_ONCE) == {200: 1, 409: AT_ONCE - 1}
    assert db.session.scalar(select(func.count()).select_from(Transfer)) == 1
    assert db.session.scalar(select(func.sum(Entry.minutes))) == 0


def test_two_who_cancel_and_hand_over_at_once_do_one_or_the_other(as_, ana, bob, together):
    """SEC-23, REL-05: states move in order only."""
    loan = agree(bob, offer(ana))
    owner, borrower = as_(ana), as_(bob)
    found = together([tap(owner, loan.id, "hand_over"), tap(borrower, loan.id, "cancel")])
    state = db.session.scalar(select(Exchange.state).where(Exchange.id == loan.id))
    assert (found, state) in (({200: 1, 409: 1}, "handed_over"), ({200: 1, 409: 1}, "cancelled"))


def test_time_and_a_tap_at_once_do_not_meet_halfway(as_, ana, bob, together, app):
    """Two workers and the owner look at one proposal whose time has come: it is accepted or expired, once."""
    wish = propose(bob, offer(ana))
    db.session.get_one(Exchange, wish.id).look_at = day(-1)
    db.session.get_one(Exchange, wish.id).expires_at = day(-0.5)
    db.session.commit()
    owner = as_(ana)

    def pass_time() -> int:
        looked = service.look_at_next()
        db.session.commit()
        return int(looked)

    found = together([tap(owner, wish.id, "accept"), pass_time, pass_time])
    state = db.session.scalar(select(Exchange.state).where(Exchange.id == wish.id))
    assert state in ("accepted", "expired")
    assert found[200] + found[409] == 1


def test_who_gets_it_while_the_others_are_told_is_not_told_that_somebody_else_will(
    as_, ana, bob, cleo, app, monkeypatch
):
    """BOK-06: two accepts of one owner, the second while the job of the first looks around."""
    drill = offer(ana)
    agree(bob, drill, begins=1)
    accept = tap(as_(ana), propose(cleo, drill, begins=5).id, "accept")
    really, accepting = overtaking.is_free, ThreadPoolExecutor(1)

    def call() -> int:
        with app.app_context():
            return accept()

    def accepted_meanwhile(*about) -> bool:
        wait([accepting.submit(call)], timeout=0.5)
        return really(*about)

    monkeypatch.setattr(overtaking, "is_free", accepted_meanwhile)
    jobs.tell_overtaken(listing_id=drill.id)
    accepting.shutdown()
    assert set(db.session.scalars(select(Exchange.state))) == {"accepted"}
    told = select(Notification.type).where(Notification.user_id == cleo.id)
    assert "item_unavailable" not in set(db.session.scalars(told))


@pytest.fixture
def meanwhile(app, monkeypatch) -> Iterator[Callable[..., list[Future[int]]]]:
    """`meanwhile(module, "name", call)`: once that function was called, the call is begun elsewhere, and waits or ends.

    The list holds its answer's status.
    """
    elsewhere = ThreadPoolExecutor(1)

    def put(module: Any, name: str, call: Callable[[], int]) -> list[Future[int]]:
        really, begun = getattr(module, name), []

        def within() -> int:
            with app.app_context():
                return call()

        def called(*about: Any, **said: Any) -> Any:
            found = really(*about, **said)
            if not begun:
                begun.append(elsewhere.submit(within))
                wait(begun, timeout=0.5)
            return found

        monkeypatch.setattr(module, name, called)
        return begun

    yield put
    elsewhere.shutdown()


def test_what_is_edited_while_it_is_accepted_is_refused(as_, ana, bob, meanwhile):
    """BOK-12: the edit waits until it is agreed, and then something rests on it."""
    drill = offer(ana)
    wish, owner, editor = propose(bob, drill), as_(ana), as_(ana)
    edit = meanwhile(
        terms,
        "require_as_proposed",
        lambda: editor.patch(f"/v1/listings/{drill.id}", json={"terms": "give"}).status_code,
    )
    assert tap(owner, wish.id, "accept")() == 200
    assert edit[0].result() == 409


def test_what_is_accepted_while_it_is_edited_is_other_than_proposed(as_, ana, bob, meanwhile):
    """BOK-12: the yes waits until the edit is done, and is held against what it says then."""
    drill = offer(ana)
    wish, owner, editor = propose(bob, drill), as_(ana), as_(ana)
    accept = meanwhile(selectors, "list_resting_on", tap(owner, wish.id, "accept"))
    assert editor.patch(f"/v1/listings/{drill.id}", json={"terms": "give"}).status_code == 200
    assert accept[0].result() == 409
    db.session.expire_all()
    assert db.session.get_one(Exchange, wish.id).state == "proposed"
