"""Exchanges in the phone's calendar, one by one and as a private feed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from neighbourly.core.db import db
from neighbourly.exchanges.calendars import Appointment, write_calendar
from neighbourly.exchanges.models import CalendarFeed
from tests.factories.exchanges import agree, propose
from tests.factories.listings import offer


def events(text: bytes | str) -> list:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_one_exchange_as_a_file(as_, ana, bob, drill):
    exchange = agree(bob, drill)
    answer = as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = events(answer.data)
    assert event.decoded("dtstart") == exchange.starts_at.replace(microsecond=0)
    assert event.decoded("dtend") == exchange.ends_at.replace(microsecond=0)
    assert (str(event["summary"]), str(event["status"])) == (f"{drill.title} (de Ana)", "CONFIRMED")
    assert str(event["uid"]) == f"{exchange.id}@neighbourly"


def test_a_change_comes_under_the_same_id_with_a_higher_number(as_, ana, bob, drill, act):
    exchange = agree(bob, drill)
    (before,) = events(as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics").data)
    act(ana, exchange, "cancel")
    (after,) = events(as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics").data)
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]
    assert str(after["status"]) == "CANCELLED"


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-10-24 18:00", "2026-10-24 16:00"),
        ("2026-10-25 18:00", "2026-10-25 17:00"),
        ("2027-03-28 18:00", "2027-03-28 16:00"),
    ],
)
def test_six_o_clock_is_six_o_clock_across_dst(wall, utc):
    starts_at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Europe/Paris"))
    appointment = Appointment(
        "a@b", 1, "giver", "Tente", "Ana", "accepted", starts_at.astimezone(UTC), None, starts_at, "https://x"
    )
    (event,) = events(write_calendar([appointment], "neighbourly", "fr"))
    assert event.decoded("dtstart") == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert event.decoded("dtstart").astimezone(ZoneInfo("Europe/Paris")).hour == 18


@pytest.fixture
def feed(as_):
    """`feed(bob)`: the path of a new private calendar of his."""

    def make(user):
        made = as_(user).post("/v1/me/calendar")
        assert made.status_code == 201
        return "/c/" + made.json["url"].rsplit("/", 1)[1]

    return make


def test_a_private_address_shows_all_of_mine_to_whoever_has_it(client, ana, bob, drill, feed):
    """SEC-22: no sign-in, no referrer, no full name."""
    mine = offer(bob, "Une échelle")
    agree(bob, drill), propose(ana, mine)
    answer = client.get(feed(bob))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert {str(each["summary"]) for each in events(answer.data)} == {
        f"{drill.title} (de Ana)",
        "Une échelle (pour Ana)",
    }
    assert "Ana A." not in answer.text


def test_the_address_is_told_once_kept_as_a_digest_and_ends_with_the_next(as_, client, bob, feed):
    """SEC-22."""
    old = feed(bob)
    stored = db.session.get_one(CalendarFeed, bob.id)
    assert stored.token_digest == hashlib.sha256(old.removeprefix("/c/").encode()).digest()
    assert as_(bob).get("/v1/me/calendar").json["url"] is None
    new = feed(bob)
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert as_(bob).delete("/v1/me/calendar").status_code == 204
    assert client.get(new).status_code == 404
    assert as_(bob).get("/v1/me/calendar").status_code == 404


def test_what_is_over_or_shared_with_somebody_blocked_leaves_the_feed(as_, client, ana, bob, cleo, drill, feed, act):
    over = agree(bob, drill)
    act(bob, over, "cancel")
    agree(bob, offer(cleo, "Une tente"))
    path = feed(bob)
    assert [str(each["summary"]) for each in events(client.get(path).data)] == ["Une tente (de Cleo)"]
    as_(cleo).put(f"/v1/me/blocks/{bob.id}")
    assert events(client.get(path).data) == []


def test_who_was_suspended_has_no_feed(client, bob, feed):
    path = feed(bob)
    bob.state = "suspended"
    db.session.commit()
    assert client.get(path).status_code == 404
