"""CON-10, TST-03: one who means ill answers, edits, hides, blocks, disputes and waits, and gains nothing.

Vera taps what honest people tap, in sight of what she reads at that moment; Mal does everything else, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import or_, select

from neighbourly.accounts import service as accounts
from neighbourly.answers import selectors as answers
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import Problem
from neighbourly.exchanges import consent, jobs, service
from neighbourly.exchanges.models import Exchange
from neighbourly.listings import service as listings
from neighbourly.listings.durations import sort_of
from neighbourly.listings.models import Listing
from neighbourly.matching import service as matching
from neighbourly.timebank.models import TimeAccount
from tests import databases, draws, people
from tests.exchanges import test_state_machine as base
from tests.factories.listings import actor, ask, offer

AGREED = ("accepted", "handed_over", "returned", "done", "confirmed", "disputed")
WALKS = 40
EDITS: tuple[dict[str, Any], ...] = (
    {"kind": "skill", "category": None, "terms": None, "max_loan_days": None},
    {"kind": "item", "category": None},
    {"title": "Mes factures"},
    {"terms": "give"},
    {"description": "Caution : 200 €"},
    {"helpers_needed": 5},
)
minutes_said = st.sampled_from((None, None, None, None, 15, 60, 480, 481, 1440))


@dataclass(frozen=True)
class Read:
    """What Vera read of a need, and what she was offered for it, when she tapped."""

    sort: str | None
    title: str
    minutes: int | None


class NeighbourhoodWithOneWhoMeansIll(RuleBasedStateMachine):
    """Vera asks, says yes and chooses; Mal does so too, proposes, and changes all that is his."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        clock.follow(Path(self._folder.name) / "clock")
        self._database = databases.undone(base.apps[0])
        self._database.__enter__()
        self.read: dict[UUID, Read] = {}
        """By need: what Vera tapped in sight of, as who says yes or as who chooses."""
        self.agreed: set[UUID] = set()
        self.called: dict[UUID, str | None] = {}
        """By exchange: what the thing was called when it was agreed."""

    def teardown(self) -> None:
        """As if nothing had been."""
        self._database.__exit__(None, None, None)
        clock.follow(None)
        self._folder.cleanup()

    @initialize()
    def settle(self) -> None:
        """Two neighbours; Mal offers a thing and a lesson, Vera asks for a thing and for a hand, and so does he."""
        self.vera = people.make("Vera V.", home=people.ANA_CELL)
        self.mal = people.make("Mal M.", home=people.BOB_CELL)
        self.offers = [offer(self.mal, "Perceuse Bosch"), offer(self.mal, "Cours d'anglais", kind="skill")]
        begins = clock.now() + timedelta(days=1)
        hours = {"needed_from": begins, "needed_until": begins + timedelta(hours=3)}
        span = {"needed_from": begins, "needed_until": begins + timedelta(days=9)}
        self.needs = [
            need
            for owner in (self.vera, self.mal)
            for need in (
                ask(owner, "Une perceuse", kind="item", **span),
                ask(owner, "Porter un canapé", kind="time", category=None, **hours),
                ask(owner, "Un coup de main", kind="time", category=None, **span),
            )
        ]

    def _do(self, work: Callable[..., Any], who: Any, **said: Any) -> Any:
        try:
            done = work(actor=actor(who), **said)
        except Problem as problem:
            (db.session.commit if problem.keeps else db.session.rollback)()
            return None
        db.session.commit()
        return done

    def _answers(self, need: Listing) -> list[Any]:
        db.session.expire_all()
        return list(answers.list_answers(db.session.get_one(Listing, need.id), limit=5, cursor=None).items)

    @rule(number=st.integers(0, 2), which=st.sampled_from((None, 0, 1)), minutes=minutes_said)
    def mal_answers(self, number: int, which: int | None, minutes: int | None) -> None:
        """With whatever he has, and any number."""
        said = {"offer_id": None if which is None else self.offers[which].id, "minutes": minutes}
        self._do(matching.answer_request, self.mal, listing_id=self.needs[number].id, answer="yes", **said)

    @rule(number=st.integers(3, 5))
    def vera_answers(self, number: int) -> None:
        """A plain yes to his need as she reads it."""
        need = db.session.get_one(Listing, self.needs[number].id, populate_existing=True)
        was = Read(sort_of(need.kind), need.title, need.minutes)
        if self._do(matching.answer_request, self.vera, listing_id=need.id, answer="yes") is not None:
            self.read[need.id] = was

    @rule(which=st.sampled_from((0, 1)), change=st.sampled_from(EDITS))
    def mal_edits_an_offer(self, which: int, change: dict[str, Any]) -> None:
        """Into anything."""
        self._do(listings.update_listing, self.mal, listing_id=self.offers[which].id, **change)

    @rule(number=st.integers(3, 5), change=st.sampled_from(EDITS), hours=st.sampled_from((None, 1, 8, 24)))
    def mal_edits_a_need(self, number: int, change: dict[str, Any], hours: int | None) -> None:
        """After she answered, its times too."""
        begins = clock.now() + timedelta(days=2)
        times = {} if hours is None else {"needed_from": begins, "needed_until": begins + timedelta(hours=hours)}
        self._do(listings.update_listing, self.mal, listing_id=self.needs[number].id, **change, **times)

    @rule(
        which=st.sampled_from((0, 1)),
        move=st.sampled_from((listings.pause_listing, listings.resume_listing, listings.delete_listing)),
    )
    def mal_hides_an_offer(self, which: int, move: Callable[..., Any]) -> None:
        """And shows it again."""
        self._do(move, self.mal, listing_id=self.offers[which].id)

    @rule(number=st.integers(0, 2), version=st.booleans())
    def vera_chooses(self, number: int, version: bool) -> None:
        """What she reads in the list, with an app that says which version it showed, or an old one."""
        need, found = self.needs[number], self._answers(self.needs[number])
        if not found:
            return
        said = {"answer_version": found[0].version} if version else {}
        price = found[0].minutes if version else db.session.get_one(Listing, need.id).minutes
        if self._do(service.create_exchange, self.vera, answer_id=found[0].answer.id, **said) is not None:
            self.read[need.id] = Read(sort_of(need.kind), found[0].thing or "", price)

    @rule(
        number=st.integers(3, 5),
        hours=st.integers(1, 30),
        minutes=minutes_said,
        as_gift=st.sampled_from((False, False, True)),
    )
    def mal_chooses(self, number: int, hours: int, minutes: int | None, as_gift: bool) -> None:
        """Her yes, at any price."""
        for found in self._answers(self.needs[number]):
            starts_at = clock.now() + timedelta(days=2)
            times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
            said = {"answer_id": found.answer.id, "minutes": minutes, "as_gift": as_gift}
            for more in ({}, times) if hours < 24 else (times, {}):
                self._do(service.create_exchange, self.mal, **more, **said)

    @rule(number=st.integers(0, 2), which=st.sampled_from((None, 0, 1)), minutes=minutes_said)
    def mal_proposes(self, number: int, which: int | None, minutes: int | None) -> None:
        """His help, unasked."""
        offer_id = None if which is None else self.offers[which].id
        said = {"listing_id": self.needs[number].id, "offer_id": offer_id, "minutes": minutes}
        self._do(service.create_exchange, self.mal, **said)

    @rule(
        tap=st.sampled_from(("accept_exchange", "finish_help", "confirm_help", "hand_over", "return_thing")),
        minutes=minutes_said,
    )
    def mal_taps(self, tap: str, minutes: int | None) -> None:
        """Whatever there is to tap, on all that there is."""
        takes = tap in ("accept_exchange", "finish_help", "confirm_help")
        said = {"minutes": minutes} if takes and minutes is not None else {}
        for each in list(db.session.scalars(select(Exchange.id).order_by(Exchange.id))):
            self._do(getattr(service, tap), self.mal, exchange_id=each, **said)

    @rule()
    def mal_disputes(self) -> None:
        """All of it."""
        for each in list(db.session.scalars(select(Exchange.id).order_by(Exchange.id))):
            self._do(service.dispute_exchange, self.mal, exchange_id=each, reason="Non.")

    @rule(block=st.booleans())
    def mal_blocks(self, block: bool) -> None:
        """And takes it back."""
        self._do(accounts.block_person if block else accounts.unblock_person, self.mal, user_id=self.vera.id)

    @rule(days=st.sampled_from((0.05, 1, 4, 9)))
    def mal_waits(self, days: float) -> None:
        """Until something happens by itself."""
        for _ in range(max(1, round(days))):
            db.session.commit()
            clock.advance(timedelta(days=min(days, 1)))
            with base.apps[0].app_context():
                jobs.look()
        db.session.expire_all()

    @invariant()
    def nothing_is_agreed_beyond_what_vera_read(self) -> None:
        """She accepts nothing here: what is agreed is a choice of hers, or of her yes, just as she read it."""
        if not hasattr(self, "vera"):
            return
        hers = or_(Exchange.giver_id == self.vera.id, Exchange.receiver_id == self.vera.id)
        agreed = (
            select(Exchange).where(hers, Exchange.accepted_at.is_not(None)).execution_options(populate_existing=True)
        )
        for exchange in db.session.scalars(agreed):
            read = self.read.get(exchange.request_id)
            assert exchange.answer_id is not None, "a proposal of his that she never accepted"
            assert read is not None
            assert (exchange.kind == "help") == (read.sort == "help"), (exchange.kind, read)
            if exchange.kind == "help":
                costs = exchange.receiver_id == self.vera.id
                agreed_minutes = exchange.agreed_minutes or 0
                assert read.minutes is not None
                assert agreed_minutes <= read.minutes if costs else agreed_minutes >= read.minutes, (costs, read)
            assert not exchange.as_gift
            if exchange.id not in self.agreed:
                self.agreed.add(exchange.id)
                his = exchange.listing_id if exchange.receiver_id == self.vera.id else exchange.request_id
                title = db.session.get_one(Listing, his, populate_existing=True).title
                assert read.title in ("", title), "another thing than the one that she read of"

    @invariant()
    def what_is_open_rests_on_what_was_agreed(self) -> None:
        """BOK-12: no edit of his makes of her loan a gift, nor of her help a thing, under another name."""
        going_on = select(Exchange).where(Exchange.accepted_at.is_not(None), Exchange.ended_at.is_(None))
        for exchange in db.session.scalars(going_on.execution_options(populate_existing=True)):
            listing, need = (
                None if each is None else db.session.get_one(Listing, each, populate_existing=True)
                for each in (exchange.listing_id, exchange.request_id)
            )
            assert listing is not None
            assert consent.kind_of(listing, need) == exchange.kind
            assert self.called.setdefault(exchange.id, exchange.known_title) == exchange.known_title

    @invariant()
    def nobody_owes_more_than_was_read(self) -> None:
        """Her account loses no more than the minutes of the choices that she made."""
        if not hasattr(self, "vera"):
            return
        offered = sum(each.minutes or 0 for need, each in self.read.items() if need in {n.id for n in self.needs[:3]})
        mine = select(TimeAccount).where(TimeAccount.user_id == self.vera.id)
        account = db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
        assert account is None or account.balance_minutes - account.pending_minutes >= -offered


Walk = NeighbourhoodWithOneWhoMeansIll


@pytest.fixture
def walk(whole_app: Flask) -> Iterator[Walk]:
    """Vera and Mal before the first step."""
    base.apps[:] = [whole_app]
    machine = Walk()
    machine.settle()
    yield machine
    machine.teardown()


def a_drill_that_became_a_debt(walk: Walk) -> None:
    """The offer is a skill, and paused, when the yes is chosen."""
    walk.mal_answers(number=0, which=0, minutes=None)
    walk.mal_edits_an_offer(which=0, change=EDITS[0])
    walk.mal_hides_an_offer(which=0, move=listings.pause_listing)
    walk.vera_chooses(number=0, version=False)
    walk.mal_taps(tap="finish_help", minutes=1440)
    walk.mal_waits(days=9)


def a_skill_deleted_after_the_yes(walk: Walk) -> None:
    """It never fitted the need."""
    walk.mal_answers(number=0, which=1, minutes=None)
    walk.mal_hides_an_offer(which=1, move=listings.delete_listing)
    walk.vera_chooses(number=0, version=False)
    walk.mal_taps(tap="finish_help", minutes=None)
    walk.mal_waits(days=9)


def a_drill_that_became_bills(walk: Walk) -> None:
    """Edited between the yes and the choice."""
    walk.mal_answers(number=0, which=0, minutes=None)
    walk.mal_edits_an_offer(which=0, change=EDITS[2])
    walk.vera_chooses(number=0, version=False)


def a_sofa_that_became_a_house(walk: Walk) -> None:
    """The need is another by the time her yes is chosen."""
    walk.vera_answers(number=4)
    walk.mal_edits_a_need(number=4, change=EDITS[2], hours=None)
    walk.mal_chooses(number=4, hours=3, minutes=None, as_gift=False)


def a_price_set_alone(walk: Walk) -> None:
    """Twenty-six hours for a quarter, as a gift."""
    walk.vera_answers(number=5)
    walk.mal_chooses(number=5, hours=26, minutes=15, as_gift=True)
    walk.mal_taps(tap="finish_help", minutes=15)


def a_price_written_where_an_old_app_shows_none(walk: Walk) -> None:
    """A day's work asked for in a yes to a need without hours."""
    walk.mal_answers(number=2, which=None, minutes=480)
    walk.vera_chooses(number=2, version=False)
    walk.mal_taps(tap="finish_help", minutes=480)
    walk.mal_waits(days=9)


STORIES = (
    a_drill_that_became_a_debt,
    a_skill_deleted_after_the_yes,
    a_drill_that_became_bills,
    a_sofa_that_became_a_house,
    a_price_set_alone,
    a_price_written_where_an_old_app_shows_none,
)


@pytest.mark.parametrize("story", STORIES)
def test_what_once_bound_somebody_to_more_binds_nobody(walk: Walk, story: Callable[[Walk], None]):
    """CON-10, LED-08: walks that once ended in a debt, or in another thing."""
    story(walk)
    walk.nothing_is_agreed_beyond_what_vera_read()
    walk.nobody_owes_more_than_was_read()
    assert walk.agreed == set()


def test_who_means_ill_gains_nothing_that_the_other_did_not_tap_in_sight_of(whole_app: Flask):
    """CON-10, LED-08."""
    base.apps[:] = [whole_app]
    run_state_machine_as_test(
        NeighbourhoodWithOneWhoMeansIll,
        settings=settings(
            max_examples=draws.examples(WALKS),
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
