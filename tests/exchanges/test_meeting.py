"""LOC-05, LOC-13: where two meet is read by these two alone, while it is under way and no block stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.exchanges.models import Exchange, Meeting
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, dispute, lend, propose
from tests.factories.listings import offer

PLACE = {"text": "Devant la boulangerie", "point": {"lat": 43.6045, "lon": 1.4442}}
AGREED = ("accepted", "handed_over", "returned", "done", "confirmed", "disputed")
NEVER = ("proposed", "declined", "withdrawn", "expired", "cancelled")


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


@pytest.fixture
def written():
    """`written(exchange, ana)`: her place stands in the table, whatever the state allows."""

    def write(exchange: Exchange, author) -> None:
        db.session.merge(Meeting(exchange_id=exchange.id, text="Au 3e, code 4711B", set_by=author.id))
        db.session.commit()

    return write


@pytest.mark.parametrize("state", [*AGREED, *NEVER])
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


@pytest.mark.parametrize("state", [*AGREED, *NEVER])
@pytest.mark.parametrize("blocks", ["giver", "receiver", None])
def test_what_was_written_while_agreed_is_read_by_state_role_and_block(
    as_, ana, bob, cleo, in_state, written, state, blocks
):
    """LOC-13: whatever row there is, however it came to be left there."""
    exchange = in_state(state)
    written(exchange, ana)
    if blocks is not None:
        blocker, blocked = (ana, bob) if blocks == "giver" else (bob, ana)
        assert as_(blocker).put(f"/v1/me/blocks/{blocked.id}").status_code == 204
        assert count_of(Meeting) == 0
        written(exchange, ana)  # as a tap that came in the same moment would have left it
    readers = {ana, bob} if state in AGREED else set()
    readers -= {bob} if state == "disputed" else set()
    readers = set() if blocks else readers
    for who in (ana, bob, cleo):
        assert as_(who).get(f"/v1/exchanges/{exchange.id}/meeting").status_code == (200 if who in readers else 404)
    for who in (ana, bob):
        assert as_(who).get(f"/v1/exchanges/{exchange.id}").json["has_meeting"] is (who in readers)


def test_the_blocked_reads_what_a_stranger_reads(as_, ana, bob, cleo, drill):
    """LOC-13, SEC-03: with the page and its version that he had seen before."""
    loan = lend(bob, drill)
    path = f"/v1/exchanges/{loan.id}/meeting"
    as_(ana).put(path, json=PLACE)
    tag = as_(bob).get(path).headers["ETag"]
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    strange = as_(cleo).get(path)
    for headers in ({}, {"If-None-Match": tag}):
        seen = as_(bob).get(path, headers=headers)
        assert (seen.status_code, seen.json) == (404, strange.json)
    as_(ana).delete(f"/v1/me/blocks/{bob.id}")
    assert as_(bob).get(path).status_code == 404, "it is gone, not hidden"
    assert as_(ana).put(path, json={"text": "Au parc"}).status_code == 200


@pytest.mark.parametrize(("end", "who"), [("cancel", "ana"), ("cancel", "bob"), ("no word", None)])
def test_what_is_called_off_loses_its_place_at_once(as_, ana, bob, drill, act, later, end, who):
    """LOC-13: for who will never come."""
    exchange = agree(bob, drill)
    path = f"/v1/exchanges/{exchange.id}/meeting"
    as_(ana).put(path, json=PLACE)
    if end == "cancel":
        act({"ana": ana, "bob": bob}[who], exchange, "cancel")
    else:
        later(days=40)
    assert count_of(Meeting) == 0
    for side in (ana, bob):
        assert as_(side).get(path).status_code == 404
        assert as_(side).put(path, json=PLACE).status_code == 409


def test_it_is_deleted_a_day_after_the_end(app, as_, bob, ana, drill, act, later):
    exchange = lend(bob, drill, begins=0.01, days=1)
    path = f"/v1/exchanges/{exchange.id}/meeting"
    as_(ana).put(path, json=PLACE)
    later(days=0.5)
    act(bob, exchange, "return")
    for days, status, kept in ((0.9, 200, 1), (0.2, 404, 0)):
        later(days=days)
        assert as_(bob).get(path).status_code == status
        with app.app_context():
            jobs.forget_meetings()
        assert count_of(Meeting) == kept
    assert as_(ana).put(path, json=PLACE).status_code == 409


def test_in_a_dispute_only_its_author_reads_it_and_nobody_after_it(as_, ana, bob, drill, act):
    """LOC-13"""
    exchange = lend(bob, drill)
    path = f"/v1/exchanges/{exchange.id}/meeting"
    as_(ana).put(path, json=PLACE)
    act(bob, exchange, "dispute", reason="Elle est rayée.")
    assert as_(bob).delete(path).status_code == 204
    assert [as_(each).get(path).status_code for each in (ana, bob)] == [200, 404]
    for side in (ana, bob):
        act(side, exchange, "return")
    assert [as_(each).get(path).status_code for each in (ana, bob)] == [404, 404]
    assert count_of(Meeting) == 0


def test_the_job_catches_up(app, as_, ana, bob, cleo, in_state, written):
    """LOC-13: after a crash, or a tap that came in the same moment as the block."""
    called_off, parted, kept = (
        in_state("cancelled"),
        lend(bob, offer(ana, "Une tente")),
        agree(cleo, offer(ana, "Une échelle")),
    )
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    for exchange in (called_off, parted, kept):
        written(exchange, ana)
    with app.app_context():
        jobs.forget_meetings()
    assert set(db.session.scalars(select(Meeting.exchange_id))) == {kept.id}


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
