"""TST-03: the same walk, where what is offered ends for good and is offered anew (BOK-12)."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from neighbourly.bookings.errors import ItemUnavailable
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.exchanges import service
from neighbourly.listings import service as listings
from tests import draws
from tests.exchanges import test_state_machine as base
from tests.exchanges.model import Deal
from tests.factories.listings import actor, offer

WALKS = max(1, base.WALKS // 2)


class NeighbourhoodWhereThingsEnd(base.Neighbourhood):
    """Ana closes or deletes what she offers, and offers another of the kind."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        """The things of deals on what is offered no longer."""

    @rule(thing=st.sampled_from(base.THINGS), deletes=st.booleans())
    def end(self, thing: str, deletes: bool) -> None:
        """What is only proposed ends with it, and nobody proposes on it; what is agreed goes on if it is closed."""
        ends = listings.delete_listing if deletes else listings.close_listing
        rests = any(deal.thing == thing and deal.is_open for deal in self.town.deals)
        old = self.listings[thing]
        problem = self._do(ends, "ana", listing_id=old.id)
        assert (problem is not None) == (deletes and rests), (problem, self.town.deals)
        if problem is not None:
            return
        self.town.end_proposed(thing)
        self._refuses_proposals(old.id)
        self._offer_anew(thing)

    def _refuses_proposals(self, listing_id: UUID) -> None:
        with pytest.raises((NotFound, ItemUnavailable)):
            service.create_exchange(actor=actor(self.people["bob"]), listing_id=listing_id)
        db.session.rollback()

    def _offer_anew(self, thing: str) -> None:
        """What was agreed on the former is of another thing than what comes after it."""
        former = f"{thing} {len(self.gone)}"
        self.gone.add(former)
        for deal in self.town.deals:
            if deal.thing == thing:
                deal.thing = former
        kind = "skill" if thing == "lesson" else "item"
        self.listings[thing] = offer(self.people["ana"], kind=kind, category=None, no_expiry=True)

    def _is_offered_so(self, deal: Deal) -> bool:
        return deal.thing not in self.gone and super()._is_offered_so(deal)


def test_whatever_ends_the_model_foresaw(whole_app: Flask):
    """TST-03, BOK-12."""
    base.apps[:] = [whole_app]
    run_state_machine_as_test(
        NeighbourhoodWhereThingsEnd,
        settings=settings(
            max_examples=draws.examples(WALKS),
            stateful_step_count=30,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
