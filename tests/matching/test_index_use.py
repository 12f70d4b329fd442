"""Whom to ask is answered by indexes over places, however many live elsewhere."""

from __future__ import annotations

import numpy as np

from neighbourly.core import clock
from neighbourly.core.ids import new_id
from neighbourly.matching.people import Need
from neighbourly.matching.selectors import finding
from neighbourly.matching.selectors.people import list_people
from tests.factories import crowd
from tests.people import ANA_CELL


def test_whom_to_ask_walks_indexes_over_places(app, ana):
    crowd.settle()
    vector = np.zeros(585, dtype=np.float32)
    need = Need(new_id(), ana.id, "item", "power-drills", ("drill",), ANA_CELL, 2000, vector=vector, encoder="any")

    def look() -> None:
        leads = finding.list_leads(need).found
        people = list_people(need, {lead.user_id for lead in leads}, clock.now())
        assert leads
        assert {person.user_id for person in people} == {lead.user_id for lead in leads}

    plan = crowd.plans_of(look)
    for index in ("ix_listings_", "ix_listings_words", "ix_interests_reach", "pk_preferences", "pk_users"):
        assert index in plan, plan
    for table in ("listings", "interests", "preferences", "users"):
        assert f"Seq Scan on {table}" not in plan, plan
