"""The public face of a neighbour: three words for how active, thanks, and nothing that counts or rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.neighbours.activity import active
from tests.factories.exchanges import agree, bring_back
from tests.factories.listings import offer

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GOLDEN = {
    "id",
    "display_name",
    "bio",
    "photo",
    "neighbourhood",
    "distance_m",
    "member_since",
    "active",
    "paused",
    "thanks",
    "vouched_by",
}


@pytest.mark.parametrize(
    ("days", "deeds", "word"),
    [(5, 0, "new"), (29, 50, "new"), (31, 0, "sometimes"), (31, 4, "sometimes"), (31, 5, "often"), (900, 50, "often")],
)
def test_three_words_say_how_active_somebody_is(days, deeds, word):
    assert active(NOW - timedelta(days=days), deeds, NOW) == word


def test_the_face_holds_these_fields_and_no_other(as_, ana, bob):
    """LOC-08, GDP-05: no address, average, count, or date finer than a month."""
    face = as_(bob).get(f"/v1/neighbours/{ana.id}")
    assert set(face.json) == GOLDEN
    assert face.json["member_since"] == ana.created_at.strftime("%Y-%m")
    assert ana.email not in face.text
    assert (face.json["active"], face.json["vouched_by"], face.json["distance_m"]) == ("new", [], 349)


def test_what_failed_counts_for_nothing(as_, ana, bob):
    """Two alike, of whom one has cancelled and been late, have the same face."""
    before = as_(bob).get(f"/v1/neighbours/{ana.id}").json
    as_(ana).post(f"/v1/exchanges/{agree(bob, offer(ana)).id}/cancel", json={})
    assert as_(bob).get(f"/v1/neighbours/{ana.id}").json == before


def test_who_lends_and_answers_is_often_active(as_, ana, bob):
    ana.created_at = NOW - timedelta(days=400)
    db.session.commit()
    for number in range(5):
        bring_back(bob, offer(ana, f"Chose {number}", kind="item", category=None))
    assert as_(bob).get(f"/v1/neighbours/{ana.id}").json["active"] == "often"


def test_away_is_said_without_a_date(as_, ana, bob):
    until = (clock.now() + timedelta(days=300)).date().isoformat()
    as_(ana).patch("/v1/me/preferences", json={"away_until": f"{until}T00:00:00Z"})
    face = as_(bob).get(f"/v1/neighbours/{ana.id}")
    assert face.json["paused"] is True
    assert until not in face.text


@pytest.mark.parametrize("state", ["suspended", "erased"])
def test_who_is_not_there_has_no_face(as_, ana, bob, state):
    ana.state = state
    db.session.commit()
    assert as_(bob).get(f"/v1/neighbours/{ana.id}").status_code == 404


def test_a_face_takes_three_statements_at_most(as_, ana, bob, statements):
    bring_back(bob, offer(ana))
    client = as_(bob)
    with statements() as seen:
        assert client.get(f"/v1/neighbours/{ana.id}").status_code == 200
    assert len(seen) <= 3
