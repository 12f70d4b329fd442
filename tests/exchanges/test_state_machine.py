"""TST-03: exchanges, bookings and the timebank, walked at random against a small pure model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text

from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.bookings.models import Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import Problem
from neighbourly.exchanges import jobs, service
from neighbourly.exchanges.errors import ReturnFirst
from neighbourly.exchanges.models import Exchange
from neighbourly.listings import service as listings
from neighbourly.listings.errors import ExchangeOpen
from neighbourly.timebank import service as timebank
from neighbourly.timebank.errors import FloorReached
from neighbourly.timebank.models import Entry, TimeAccount
from tests import databases, draws, people
from tests.exchanges.model import Deal, Town
from tests.factories.listings import actor, offer

PEOPLE = ("bob", "cleo")
THINGS = ("drill", "tent", "lesson")
OVERLAPPING = text(
    "SELECT count(*) FROM occupations a JOIN occupations b ON a.copy_id = b.copy_id"
    " AND a.holder_id < b.holder_id AND a.period && b.period"
)
TWICE_OUT = text(
    "SELECT count(*) FROM (SELECT FROM occupations o JOIN exchanges e ON e.id = o.holder_id"
    " WHERE e.state = 'handed_over' GROUP BY o.copy_id HAVING count(*) > 1) AS twice"
)
who = st.sampled_from(("ana", *PEOPLE))
WALKS = 25
"""How many drawn stories."""
apps: list[Flask] = []


class Neighbourhood(RuleBasedStateMachine):
    """Ana offers two things of one copy each, and a lesson; Bob and Cleo take them up, and all three give minutes."""

    deals = Bundle("deals")

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        clock.follow(Path(self._folder.name) / "clock")
        self._database = databases.undone(apps[0])
        self._database.__enter__()
        self.town = Town()
        self.ids: dict[int, Any] = {}

    def teardown(self) -> None:
        """As if nothing had been."""
        self._database.__exit__(None, None, None)
        clock.follow(None)
        self._folder.cleanup()

    @initialize()
    def settle(self) -> None:
        """Three neighbours and three offers."""
        cells = (people.ANA_CELL, people.BOB_CELL, people.CLEO_CELL)
        self.people = {
            name: people.make(f"{name.title()} X.", home=cell)
            for name, cell in zip(("ana", *PEOPLE), cells, strict=True)
        }
        ana = self.people["ana"]
        self.listings = {
            "drill": offer(ana, no_expiry=True),
            "tent": offer(ana, "Une tente", kind="item", category=None, no_expiry=True),
            "lesson": offer(ana, "Cours d'anglais", kind="skill", category=None, no_expiry=True),
        }

    def _do(self, work: Callable[..., Any], name: str, **said: Any) -> type[Problem] | None:
        """Do it as that person; the problem, if it was refused."""
        try:
            work(actor=actor(self.people[name]), **said)
        except Problem as problem:
            (db.session.commit if problem.keeps else db.session.rollback)()
            return type(problem)
        db.session.commit()
        return None

    @rule(
        target=deals,
        name=st.sampled_from(PEOPLE),
        thing=st.sampled_from(THINGS),
        begins=st.integers(0, 12),
        days=st.integers(1, 4),
    )
    def propose(self, name: str, thing: str, begins: int, days: int) -> Any:
        """Somebody would like it, on the half hour."""
        starts_at = clock.now() + timedelta(days=begins, minutes=30)
        ends_at = starts_at + (timedelta(minutes=60 * days) if thing == "lesson" else timedelta(days=days))
        now = clock.now()
        free = thing == "lesson" or self.town.is_free(Deal(thing, "ana", name, starts_at, ends_at, now), starts_at, now)
        reaches = thing != "lesson" or self.town.may_give(name, 60 * days)
        try:
            view, _ = service.create_exchange(
                actor=actor(self.people[name]), listing_id=self.listings[thing].id, starts_at=starts_at, ends_at=ends_at
            )
        except Problem as problem:
            db.session.rollback()
            expected = "too_many_proposals" if free else "already_booked"
            if problem.code() != expected and not (problem.code() == "floor_reached" and not reaches):
                raise
            return multiple()
        assert free, self.town.deals
        assert reaches, self.town.deals
        db.session.commit()
        made = view.exchange.created_at
        title = self.listings[thing].title
        deal = Deal(thing, "ana", name, starts_at, ends_at, made, view.exchange.minutes, title=title)
        self.ids[id(deal)] = view.exchange.id
        self.town.deals.append(deal)
        return deal

    def _tap(self, deal: Deal, action: Callable[..., Any], name: str, allowed: bool, **said: Any) -> bool:
        """Whether it was done; it must be refused exactly where the model refuses it."""
        problem = self._do(action, name, exchange_id=self.ids[id(deal)], **said)
        assert (problem is None) == allowed, (problem, deal, name)
        refusals = ("action_not_allowed", "not_found", "floor_reached", "other_than_proposed", "no_longer_offered")
        assert problem is None or problem.code() in refusals, problem
        return allowed

    @rule(deal=deals)
    def accept(self, deal: Deal) -> None:
        """Ana says yes, also late."""
        now = clock.now()
        waits = deal.state == "proposed" or (deal.state == "expired" and now < deal.ends)
        waits = waits and self._is_offered_so(deal)
        if not waits or deal.is_help:
            reaches = not deal.is_help or self.town.may_give(deal.receiver, deal.minutes or 0)
            done = self._tap(deal, service.accept_exchange, "ana", waits and reaches)
        else:
            free = self.town.is_free(deal, deal.begins, now)
            problem = self._do(service.accept_exchange, "ana", exchange_id=self.ids[id(deal)])
            assert (problem is None) == free, (problem, self.town.deals)
            assert problem in (None, AlreadyBooked)
            done = problem is None
        if done:
            deal.state, deal.agreed = "accepted", deal.minutes or 0
            deal.held = deal.agreed

    @rule(
        target=deals,
        name=st.sampled_from(PEOPLE),
        thing=st.sampled_from(THINGS),
        begins=st.integers(0, 12),
        days=st.integers(1, 4),
        handed=st.booleans(),
    )
    def agree(self, name: str, thing: str, begins: int, days: int, handed: bool) -> Any:
        """Proposed and accepted at once, and handed over: drawn tap by tap that is rare."""
        deal = self.propose(name=name, thing=thing, begins=begins, days=days)
        if isinstance(deal, Deal):
            self.accept(deal)
            if handed:
                self.hand_over(deal, "ana")
        return deal

    def _is_offered_so(self, deal: Deal) -> bool:
        """Whether it is still offered, under the name by which it was proposed."""
        return deal.thing not in self.listings or deal.title == self.listings[deal.thing].title

    @rule(deal=deals)
    def decline(self, deal: Deal) -> None:
        """Ana says no."""
        if self._tap(deal, service.decline_exchange, "ana", deal.state == "proposed"):
            deal.state = "declined"

    @rule(deal=deals)
    def withdraw(self, deal: Deal) -> None:
        """Who proposed takes it back."""
        if self._tap(deal, service.withdraw_exchange, deal.receiver, deal.state == "proposed"):
            deal.state = "withdrawn"

    @rule(deal=deals, name=who)
    def cancel(self, deal: Deal, name: str) -> None:
        """Either side, or an outsider in vain."""
        allowed = deal.side(name) is not None and deal.state in ("accepted", "disputed")
        if self._tap(deal, service.cancel_exchange, name, allowed):
            self._end(deal, name, "cancelled")

    @rule(deal=deals, name=who)
    def hand_over(self, deal: Deal, name: str) -> None:
        """At the door, early or late; what is out comes back by that, if its giver says so (BOK-09, BOK-11)."""
        declared = deal.state == "cancelled" and self._ended_without_a_word(deal)
        if deal.side(name) is None or deal.is_help or not (deal.state == "accepted" or declared):
            self._tap(deal, service.hand_over, name, allowed=False)
            return
        now = clock.now()
        late, out = now >= deal.ends, self.town.who_has(deal)
        begins = now if declared or late else min(now, deal.begins)
        handed = replace(deal, ends=now + (deal.ends - deal.begins) if late else deal.ends)
        others = Town([each for each in self.town.deals if each is not deal])
        free = others.is_free(handed, begins, now, but=out)
        problem = self._do(service.hand_over, name, exchange_id=self.ids[id(deal)])
        expected = None if free else AlreadyBooked
        assert problem == (ReturnFirst if free and out and name != "ana" else expected), (deal, self.town.deals)
        if problem is None:
            for each in out:
                self.town.hand_on(each)
            deal.state, deal.is_out, deal.since = "handed_over", True, begins
            deal.ends = db.session.get_one(Exchange, self.ids[id(deal)]).ends_at
            assert abs(deal.ends - handed.ends) < timedelta(minutes=1), "nothing is overdue at once"

    def _ended_without_a_word(self, deal: Deal) -> bool:
        row = db.session.get_one(Exchange, self.ids[id(deal)])
        return row.end_reason == "no_word" and clock.now() < row.ended_at + timedelta(days=30)

    @rule(deal=deals, name=who)
    def bring_back(self, deal: Deal, name: str) -> None:
        """Legal in every state of the thing."""
        declared = deal.state == "cancelled" and self._ended_without_a_word(deal)
        thing = not deal.is_help and deal.side(name) is not None
        allowed = thing and (deal.state in ("handed_over", "disputed") or declared)
        if self._tap(deal, service.return_thing, name, allowed):
            self._end(deal, name, "returned")

    @rule(deal=deals, name=who, minutes=st.integers(1, 400))
    def finish(self, deal: Deal, name: str, minutes: int) -> None:
        """The help took place."""
        declared = deal.state == "cancelled" and self._ended_without_a_word(deal)
        held = min(minutes, deal.agreed) if declared else deal.held
        allowed = deal.is_help and deal.side(name) is not None and (deal.state == "accepted" or declared)
        allowed = allowed and (not declared or self.town.may_give(deal.receiver, held))
        if self._tap(deal, service.finish_help, name, allowed, minutes=minutes):
            deal.held = held
            deal.state, deal.minutes, deal.done = "done", minutes, clock.now()

    @rule(deal=deals, name=who)
    def confirm(self, deal: Deal, name: str) -> None:
        """Who received it pays; in a dispute both must want it; more than was agreed must reach (LED-11)."""
        done = deal.state == "done" and name == deal.receiver
        allowed = deal.is_help and (done or (deal.state == "disputed" and deal.side(name) is not None))
        ends = done or (deal.wish is not None and deal.wish[0] != name and deal.wish[1] == "confirmed")
        more = (deal.minutes or 0) - deal.held if (deal.minutes or 0) > deal.agreed else 0
        allowed = allowed and (not ends or not more or self.town.may_give(deal.receiver, more))
        if self._tap(deal, service.confirm_help, name, allowed):
            if deal.state == "done":
                self.town.confirm(deal)
            else:
                self._end(deal, name, "confirmed")

    @rule(deal=deals, name=who)
    def dispute(self, deal: Deal, name: str) -> None:
        """It was otherwise."""
        states = ("done",) if deal.is_help else ("handed_over", "returned")
        row = db.session.get_one(Exchange, self.ids[id(deal)])
        recent = row.ended_at is None or clock.now() < row.ended_at + timedelta(days=30)
        allowed = deal.side(name) is not None and deal.state in states and recent
        if self._tap(deal, service.dispute_exchange, name, allowed, reason="Non."):
            deal.state, deal.wish = "disputed", None

    def _end(self, deal: Deal, name: str, state: str) -> None:
        """It ends so; in a dispute once the other wants the same."""
        if deal.state == "disputed" and (deal.wish is None or deal.wish[0] == name or deal.wish[1] != state):
            deal.wish = (name, state)
            return
        if state == "confirmed":
            self.town.confirm(deal)
        deal.state, deal.is_out, deal.wish = state, False, None

    @rule(thing=st.sampled_from(THINGS), title=st.sampled_from(("Tondeuse", "Raquettes")))
    def rename(self, thing: str, title: str) -> None:
        """Ana calls it otherwise: what was proposed cannot be accepted then, what was agreed stays (BOK-12)."""
        assert self._do(listings.update_listing, "ana", listing_id=self.listings[thing].id, title=title) is None

    @rule(thing=st.sampled_from(THINGS))
    def pause(self, thing: str) -> None:
        """Ana hides it for a moment: what is only proposed ends by that, what is agreed goes on (BOK-12)."""
        listing_id = self.listings[thing].id
        assert self._do(listings.pause_listing, "ana", listing_id=listing_id) is None
        self.town.end_proposed(thing)
        assert self._do(listings.resume_listing, "ana", listing_id=listing_id) is None

    @rule(thing=st.sampled_from(THINGS))
    def delete_in_vain(self, thing: str) -> None:
        """Ana cannot take down what something agreed rests on (BOK-12)."""
        if any(deal.thing == thing and deal.is_open for deal in self.town.deals):
            listing_id = self.listings[thing].id
            assert self._do(listings.delete_listing, "ana", listing_id=listing_id) is ExchangeOpen, self.town.deals

    @rule(thing=st.sampled_from(("drill", "tent")))
    def give_away(self, thing: str) -> None:
        """Ana would rather give it, and lends it after all: in vain while something agreed rests on it (BOK-12)."""
        listing_id = self.listings[thing].id
        rests = any(deal.thing == thing and deal.is_open for deal in self.town.deals)
        problem = self._do(listings.update_listing, "ana", listing_id=listing_id, terms="give")
        assert problem == (ExchangeOpen if rests else None), self.town.deals
        assert self._do(listings.update_listing, "ana", listing_id=listing_id, terms="lend") is None

    @rule(deal=consumes(deals))
    def forget(self, deal: Deal) -> None:
        """Nobody taps this one any more; time goes on for it."""

    @rule(giver=who, taker=who, minutes=st.integers(1, 200))
    def give(self, giver: str, taker: str, minutes: int) -> None:
        """A gift of minutes (LED-04)."""
        if giver == taker:
            return
        payee = self.people[taker].id
        problem = self._do(timebank.transfer_minutes, giver, to_user_id=payee, minutes=minutes)
        assert problem == (None if self.town.may_give(giver, minutes) else FloorReached)
        if problem is None:
            self.town.balance[giver] = self.town.balance.get(giver, 0) - minutes
            self.town.balance[taker] = self.town.balance.get(taker, 0) + minutes

    @rule(hours=st.sampled_from([1, 12, 24, 24 * 4, 24 * 9]))
    def pass_time(self, hours: int) -> None:
        """A while later, hour by hour, so that nothing waits long."""
        for _ in range(max(1, hours // 12)):
            db.session.commit()
            clock.advance(timedelta(hours=min(hours, 12)))
            with apps[0].app_context():
                jobs.look()
            self.town.pass_time(clock.now())
        db.session.expire_all()

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        """SEC-23."""
        rows = dict(db.session.execute(select(Exchange.id, Exchange.state)).all())
        assert rows == {self.ids[id(deal)]: deal.state for deal in self.town.deals}

    @invariant()
    def things_are_called_as_they_were_proposed(self) -> None:
        """BOK-12."""
        rows = dict(db.session.execute(select(Exchange.id, Exchange.known_title)).all())
        assert rows == {self.ids[id(deal)]: deal.title for deal in self.town.deals}

    @invariant()
    def no_two_have_the_same_thing(self) -> None:
        """BOK-01: and what is agreed or out is taken."""
        assert db.session.scalar(OVERLAPPING) == 0
        held = set(db.session.scalars(select(Occupation.holder_id)))
        due = {
            self.ids[id(each)]
            for each in self.town.deals
            if not each.is_help and (each.state == "accepted" or each.is_out)
        }
        assert due <= held

    @invariant()
    def one_copy_is_with_one_person(self) -> None:
        """BOK-09: never two `handed_over` on one copy."""
        assert db.session.scalar(TWICE_OUT) == 0

    @invariant()
    def minutes_add_up(self) -> None:
        """LED-01, LED-03: sums to zero, cached balances and what is pending as they should be."""
        assert db.session.scalar(select(func.coalesce(func.sum(Entry.minutes), 0))) == 0
        entries = select(Entry.account_id, func.sum(Entry.minutes)).group_by(Entry.account_id)
        sums = dict(db.session.execute(entries).all())
        names = {user.id: name for name, user in getattr(self, "people", {}).items()}
        for account in db.session.scalars(select(TimeAccount).execution_options(populate_existing=True)):
            name = names[account.user_id]
            assert account.balance_minutes == sums.get(account.id, 0) == self.town.balance.get(name, 0)
            assert account.pending_minutes == self.town.pending(name)


def test_whatever_three_neighbours_do_the_model_foresaw(whole_app: Flask):
    """TST-03."""
    _walk(whole_app, examples=draws.examples(WALKS), steps=30)


def _walk(app: Flask, examples: int, steps: int) -> None:
    apps[:] = [app]
    run_state_machine_as_test(
        Neighbourhood,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
