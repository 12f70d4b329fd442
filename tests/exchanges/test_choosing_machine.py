"""TST-03: the same walk, with needs and the yeses to them: a choice takes the very thing, once, also when replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule, run_state_machine_as_test

from neighbourly.answers import service as answers
from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import Problem
from neighbourly.exchanges import service
from tests.exchanges import test_state_machine as base
from tests.exchanges.model import Deal
from tests.factories.listings import actor, ask

UNLISTED = "perceuse"
"""What is not listed is called by the noun of the need: "Une perceuse"."""
LIVING = ("proposed", "accepted", "handed_over", "disputed")
WALKS = max(1, base.WALKS // 2)


@dataclass(frozen=True)
class Yes:
    """What Ana said she would lend to whom, and until when that is needed."""

    asker: str
    thing: str
    answer_id: UUID
    needed_until: datetime
    title: str
    """What the thing was called in that moment."""


class NeighbourhoodThatAsks(base.Neighbourhood):
    """Bob and Cleo ask for a drill as well; Ana says yes with one of her listed things, or with another of her own."""

    yeses = Bundle("yeses")

    def __init__(self) -> None:
        super().__init__()
        self.chosen: dict[UUID, list[Deal]] = {}

    @rule(target=yeses, asker=st.sampled_from(base.PEOPLE), thing=st.sampled_from(("drill", "tent", "unlisted")))
    def say_yes(self, asker: str, thing: str) -> Yes:
        """A need, and Ana's yes to it; what she has not listed may be one and the same thing each time."""
        need = ask(self.people[asker])
        offer_id = self.listings[thing].id if thing in self.listings else None
        told, _ = answers.answer_request(
            actor=actor(self.people["ana"]), listing_id=need.id, answer="yes", offer_id=offer_id
        )
        db.session.commit()
        assert need.needed_until is not None
        title = self.listings[thing].title if thing in self.listings else UNLISTED
        return Yes(asker, thing, told.answer.id, need.needed_until, title)

    @rule(target=base.Neighbourhood.deals, yes=yeses, begins=st.integers(0, 8), days=st.integers(1, 3))
    def choose(self, yes: Yes, begins: int, days: int) -> Any:
        """Agreed at once inside the need's time, of the thing as it was called, once; what goes on is given back."""
        starts_at = clock.now() + timedelta(days=begins, minutes=30)
        ends_at = starts_at + timedelta(days=days)
        before = self.chosen.setdefault(yes.answer_id, [])
        living = next((each for each in before if each.state in LIVING), None)
        title = self.listings[yes.thing].title if yes.thing in self.listings else yes.title
        wish = Deal(yes.thing, "ana", yes.asker, starts_at, ends_at, clock.now(), title=title)
        at_once = not before and ends_at <= yes.needed_until and title == yes.title
        try:
            view, new = service.create_exchange(
                actor=actor(self.people[yes.asker]), answer_id=yes.answer_id, starts_at=starts_at, ends_at=ends_at
            )
        except Problem as problem:
            db.session.rollback()
            self._check_refused(problem, wish, living)
            return multiple()
        db.session.commit()
        if living is not None:
            assert (new, view.exchange.id) == (False, self.ids[id(living)])
            return multiple()
        assert new
        assert not at_once or self.town.is_free(wish, starts_at, clock.now()), self.town.deals
        deal = replace(wish, made=view.exchange.created_at, state="accepted" if at_once else "proposed")
        self.ids[id(deal)] = view.exchange.id
        self.town.deals.append(deal)
        before.append(deal)
        return deal

    def _check_refused(self, problem: Problem, wish: Deal, living: Deal | None) -> None:
        """Nothing but a taken time, or a rule of fair use, is in the way; and never of what goes on already."""
        taken = isinstance(problem, AlreadyBooked) and not self.town.is_free(wish, wish.begins, clock.now())
        assert living is None, problem
        assert taken or problem.code() in ("too_many_proposals", "too_many_things"), problem

    @rule(yes=yeses)
    def replay(self, yes: Yes) -> None:
        """The tap whose answer was lost, once more: the same exchange, however far it has gone by now."""
        living = [each for each in self.chosen.get(yes.answer_id, ()) if each.state in LIVING]
        for deal in living:
            view, new = service.create_exchange(actor=actor(self.people[yes.asker]), answer_id=yes.answer_id)
            db.session.commit()
            assert (new, view.exchange.id) == (False, self.ids[id(deal)])


def test_whatever_is_chosen_of_what_was_said_the_model_foresaw(whole_app: Flask):
    """TST-03, BOK-09, REL-07."""
    base.apps[:] = [whole_app]
    run_state_machine_as_test(
        NeighbourhoodThatAsks,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
