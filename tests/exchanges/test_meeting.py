"""LOC-05: where two meet is seen by these two alone, from the agreement on, and deleted 30 days after the end."""

from __future__ import annotations

import pytest

from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.exchanges.models import Exchange, Meeting
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, dispute, lend, propose
from tests.factories.listings import offer

PLACE = {"text": "Devant la boulangerie", "point": {"lat": 43.6045, "lon": 1.4442}}
AGREED = ("accepted", "handed_over", "returned", "done", "confirmed", "disputed")


@pytest.fixture
def in_state(ana, bob, drill, act, later):
    """`in_state("declined")`: an exchange between Ana and Bob that is in that state."""

    def make(state: str) -> Exchange:
        lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
        taps = {
            "declined": (propose, drill, [(ana, "decline")]),
            "withdrawn": (propose, drill, [(bob, "withdraw")]),
            "cancelled": (agree, drill, [(bob, "cancel")]),
            "done": (agree, lesson, [(ana, "done")]),
            "confirmed": (agree, lesson, [(ana, "done"), (bob, "confirm")]),
            "proposed": (propose, drill, []),
            "expired": (propose, drill, []),
            "accepted": (agree, drill, []),
            "handed_over": (lend, drill, []),
            "returned": (bring_back, drill, []),
            "disputed": (dispute, drill, []),
        }
        make_it, listing, then = taps[state]
        exchange = make_it(bob, listing)
        for user, action in then:
            assert act(user, exchange, action).status_code == 200
        if state == "expired":
            later(days=4)
        return exchange

    return make


@pytest.mark.parametrize("state", [*AGREED, "proposed", "declined", "withdrawn", "expired", "cancelled"])
def test_state_by_role(as_, ana, bob, cleo, in_state, state):
    exchange = in_state(state)
    path = f"/v1/exchanges/{exchange.id}/meeting"
    agreed = state in AGREED
    for side in (ana, bob):
        assert as_(side).put(path, json=PLACE).status_code == (200 if agreed else 409)
        assert as_(side).get(path).status_code == (200 if agreed else 404)
    for method in ("get", "delete"):
        assert getattr(as_(cleo), method)(path).status_code == 404
    assert as_(cleo).put(path, json=PLACE).status_code == 404
    assert count_of(Meeting) == (1 if agreed else 0)


def test_either_side_says_where_and_the_latest_word_counts(as_, ana, bob, drill):
    exchange = agree(bob, drill)
    path = f"/v1/exchanges/{exchange.id}/meeting"
    as_(ana).put(path, json=PLACE)
    said = as_(bob).put(path, json={"text": "Au parc", "at": "2026-12-01T10:00:00Z"}).json
    assert as_(ana).get(path).json == said
    assert (said["text"], said["point"], said["at"]) == ("Au parc", None, "2026-12-01T10:00:00Z")
    assert as_(ana).get(f"/v1/exchanges/{exchange.id}").json["has_meeting"] is True
    assert as_(ana).delete(path).status_code == 204
    assert as_(bob).get(path).status_code == 404


def test_it_is_deleted_30_days_after_the_end(app, as_, bob, ana, drill, act, later):
    exchange = lend(bob, drill, begins=0.01, days=1)
    as_(ana).put(f"/v1/exchanges/{exchange.id}/meeting", json=PLACE)
    act(bob, exchange, "return")
    for days, kept in ((29, 1), (2, 0)):
        later(days=days)
        with app.app_context():
            jobs.forget_meetings()
        assert count_of(Meeting) == kept
    assert as_(ana).put(f"/v1/exchanges/{exchange.id}/meeting", json=PLACE).status_code == 409


def test_it_stands_in_no_list_push_conversation_or_calendar(as_, ana, bob, drill, run_jobs, data_dir):
    """LOC-02: canaries."""
    as_(bob).put("/v1/me/devices/p1", json={"fcm_token": "bobs", "platform": "android"})
    exchange = agree(bob, drill)
    as_(ana).put(f"/v1/exchanges/{exchange.id}/meeting", json=PLACE | {"text": "CANARI-LIEU"})
    run_jobs()
    thread = f"/v1/conversations/{exchange.conversation_id}/messages"
    looks = ["/v1/exchanges", f"/v1/exchanges/{exchange.id}", thread, "/v1/notifications", "/v1/start"]
    calendar = f"/v1/exchanges/{exchange.id}/calendar.ics"
    shown = "".join(as_(bob).get(path).text for path in (*looks, calendar))
    shown += (data_dir / "push.jsonl").read_text() if (data_dir / "push.jsonl").exists() else ""
    assert "CANARI-LIEU" not in shown
    assert "43.6045" not in shown


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "x" * 301}, {"text": "x", "point": {"lat": 91, "lon": 0}}, {}])
def test_a_place_is_short_and_on_earth(as_, ana, bob, drill, body):
    exchange = agree(bob, drill)
    assert as_(ana).put(f"/v1/exchanges/{exchange.id}/meeting", json=body).status_code == 422
    assert db.session.get(Meeting, exchange.id) is None
