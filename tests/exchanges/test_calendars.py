"""Exchanges in the phone's calendar, one by one and as a private feed; read by parsers that others wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from neighbourly.core.db import db
from neighbourly.exchanges.calendars import Agreement, Occasion, Reader, appointments_of, write_calendar
from neighbourly.exchanges.models import CalendarFeed
from tests.factories.exchanges import agree, bring_back, lend, propose
from tests.factories.listings import offer

PARIS = ZoneInfo("Europe/Paris")
HALF_AN_HOUR = timedelta(minutes=30)
SATURDAY = datetime(2026, 11, 28, 9, tzinfo=UTC)
SUNDAY = SATURDAY + timedelta(days=1)
AGREEMENT = Agreement(
    id=UUID("01920000-0000-7000-8000-000000000001"),
    kind="loan",
    state="accepted",
    version=3,
    role="receiver",
    title="Perceuse, 18 V; à percussion",
    first_name="Ana",
    starts_at=SATURDAY,
    ends_at=SUNDAY,
    handed_over_at=None,
    ended_at=None,
    created_at=SATURDAY - timedelta(days=2),
    updated_at=SATURDAY - timedelta(days=1),
    url="https://neighbourly.example/x/1",
)
READER = Reader("fr", "Europe/Paris")


def events(text: bytes | str) -> list:
    return list(Calendar.from_ical(text).walk("VEVENT"))


@pytest.fixture
def file(as_) -> Callable[..., list]:
    """`file(bob, exchange)`: the appointments of one exchange."""
    return lambda user, exchange: events(as_(user).get(f"/v1/exchanges/{exchange.id}/calendar.ics").data)


def test_a_loan_is_two_short_appointments_each_with_an_alarm(as_, ana, bob, drill):
    exchange = agree(bob, drill)
    answer = as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    pick_up, bring_back = events(answer.data)
    assert pick_up.decoded("dtstart") == exchange.starts_at.replace(microsecond=0)
    assert bring_back.decoded("dtstart") == exchange.ends_at.replace(microsecond=0)
    assert [str(each["summary"]) for each in (pick_up, bring_back)] == [
        f"Chercher : {drill.title} (de Ana)",
        f"Rendre : {drill.title} (à Ana)",
    ]
    for each in (pick_up, bring_back):
        assert each.decoded("dtend") - each.decoded("dtstart") == HALF_AN_HOUR
        assert [alarm.decoded("trigger") for alarm in each.walk("VALARM")] == [timedelta(hours=-1)]
        assert str(each["status"]) == "CONFIRMED"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {Occasion.PICK_UP: (SATURDAY, HALF_AN_HOUR), Occasion.BRING_BACK: (SUNDAY, HALF_AN_HOUR)}),
        (
            {"ends_at": SATURDAY + timedelta(minutes=20)},
            {
                Occasion.PICK_UP: (SATURDAY, timedelta(minutes=10)),
                Occasion.BRING_BACK: (SATURDAY + timedelta(minutes=20), timedelta(minutes=10)),
            },
        ),
        (
            {"state": "returned", "handed_over_at": SATURDAY - HALF_AN_HOUR, "ended_at": SUNDAY - timedelta(hours=9)},
            {
                Occasion.PICK_UP: (SATURDAY - HALF_AN_HOUR, HALF_AN_HOUR),
                Occasion.BRING_BACK: (SUNDAY - timedelta(hours=9), HALF_AN_HOUR),
            },
        ),
        ({"kind": "gift", "ends_at": None}, {Occasion.PICK_UP: (SATURDAY, HALF_AN_HOUR)}),
        ({"kind": "help"}, {Occasion.HELP: (SATURDAY, timedelta(days=1))}),
    ],
    ids=["a loan", "a short loan", "a loan that is over stands where it was", "a gift", "a help"],
)
def test_when_two_people_meet(said: Mapping[str, Any], expected):
    found = appointments_of(replace(AGREEMENT, **said))
    assert {each.occasion: (each.starts_at, each.ends_at - each.starts_at) for each in found} == expected


@pytest.mark.parametrize(
    ("state", "status", "alarms"),
    [
        ("proposed", "TENTATIVE", [0, 0]),
        ("accepted", "CONFIRMED", [1, 1]),
        ("handed_over", "CONFIRMED", [0, 1]),
        ("disputed", "CONFIRMED", [0, 1]),
        ("returned", "CONFIRMED", [0, 0]),
        *((state, "CANCELLED", [0, 0]) for state in ("declined", "withdrawn", "expired", "cancelled")),
    ],
)
def test_only_what_is_agreed_and_to_come_rings_and_only_what_is_called_off_is_cancelled(state, status, alarms):
    written = events(write_calendar([replace(AGREEMENT, state=state)], "neighbourly", READER))
    assert [str(each["status"]) for each in written] == [status, status]
    assert [len(each.walk("VALARM")) for each in written] == alarms


def test_a_change_comes_under_the_same_ids_with_a_higher_number(ana, bob, drill, act, file):
    exchange = agree(bob, drill)
    before = file(bob, exchange)
    act(ana, exchange, "cancel")
    after = file(bob, exchange)
    assert [each["uid"] for each in before] == [each["uid"] for each in after]
    assert len({str(each["uid"]) for each in before}) == 2
    assert all(later["sequence"] > sooner["sequence"] for sooner, later in zip(before, after, strict=True))
    assert {str(each["status"]) for each in after} == {"CANCELLED"}


def test_a_longer_loan_moves_its_return_and_nothing_else(ana, bob, drill, act, file):
    exchange = lend(bob, drill)
    pick_up, bring_back = file(bob, exchange)
    later = exchange.ends_at + timedelta(days=1)
    act(ana, exchange, "extend", ends_at=later.isoformat())
    same, moved = file(bob, exchange)
    assert same.decoded("dtstart") == pick_up.decoded("dtstart")
    assert moved.decoded("dtstart") == later.replace(microsecond=0)
    assert moved["sequence"] > bring_back["sequence"]


def test_what_came_back_early_rings_no_more(ana, bob, drill, file):
    exchange = bring_back(bob, drill)
    _, back = file(ana, exchange)
    assert back.decoded("dtstart") == exchange.ended_at.replace(microsecond=0) < exchange.ends_at
    assert back.walk("VALARM") == []


@pytest.mark.parametrize("read", ["vobject", "ical"])
@pytest.mark.parametrize("state", ["proposed", "accepted", "handed_over", "cancelled"])
@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Chatham", "America/Martinique", "UTC"])
def test_parsers_of_others_read_the_same(read, state, zone):
    written = write_calendar([replace(AGREEMENT, state=state)], "neighbourly", Reader("en", zone))
    found = {"vobject": by_vobject, "ical": by_ical}[read](written.decode())
    assert found == {
        f"{AGREEMENT.id}@neighbourly": ("Pick up: Perceuse, 18 V; à percussion (from Ana)", SATURDAY),
        f"{AGREEMENT.id}-bring-back@neighbourly": ("Bring back: Perceuse, 18 V; à percussion (to Ana)", SUNDAY),
    }


def by_vobject(written: str) -> dict[str, tuple[str, datetime]]:
    calendar = vobject.readOne(written)
    assert (calendar.refresh_interval.value, calendar.x_published_ttl.value) == ("PT1H", "PT1H")
    return {each.uid.value: (each.summary.value, each.dtstart.value.astimezone(UTC)) for each in calendar.vevent_list}


def by_ical(written: str) -> dict[str, tuple[str, datetime]]:
    calendar = IcsCalendarStream.calendar_from_ics(written)
    assert all(each.sequence == AGREEMENT.version for each in calendar.events)
    return {each.uid: (each.summary, each.dtstart.astimezone(UTC)) for each in calendar.events}


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-10-24 18:00", "2026-10-24 16:00"),
        ("2026-10-25 18:00", "2026-10-25 17:00"),
        ("2027-03-28 18:00", "2027-03-28 16:00"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Chatham"])
def test_six_o_clock_is_six_o_clock_across_dst(wall, utc, zone):
    starts_at = datetime.fromisoformat(wall).replace(tzinfo=PARIS).astimezone(UTC)
    written = write_calendar([replace(AGREEMENT, starts_at=starts_at)], "neighbourly", Reader("fr", zone))
    pick_up, _ = events(written)
    assert pick_up.decoded("dtstart") == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert pick_up["dtstart"].params["TZID"] == zone
    first, _ = by_vobject(written.decode()).values()
    assert first[1].astimezone(PARIS).hour == 18


@pytest.mark.parametrize("minute", [0, 60])
def test_half_past_two_of_the_night_with_two_of_them_is_told_apart(minute):
    """A local time stands for the first of them only."""
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC) + timedelta(minutes=minute)
    pick_up, _ = events(write_calendar([replace(AGREEMENT, starts_at=twice)], "neighbourly", READER))
    assert pick_up["dtstart"].to_ical() == f"{twice:%Y%m%dT%H%M%SZ}".encode()


def test_it_speaks_the_readers_language_on_the_readers_clock(as_, ana, bob, drill, file):
    exchange = agree(bob, drill)
    bob.language = "en"
    as_(bob).patch("/v1/me/preferences", json={"time_zone": "America/Martinique"})
    db.session.commit()
    pick_up, back = file(bob, exchange)
    assert str(pick_up["summary"]) == f"Pick up: {drill.title} (from Ana)"
    assert str(back["summary"]) == f"Bring back: {drill.title} (to Ana)"
    assert pick_up["dtstart"].params["TZID"] == "America/Martinique"
    assert [str(each["summary"]) for each in file(ana, exchange)] == [
        f"Remettre : {drill.title} (à Bob)",
        f"Récupérer : {drill.title} (de Bob)",
    ]


@pytest.fixture
def feed(as_):
    """`feed(bob)`: the path of a new private calendar of his."""

    def make(user):
        made = as_(user).post("/v1/me/calendar")
        assert made.status_code == 201
        return "/c/" + made.json["url"].rsplit("/", 1)[1]

    return make


def test_a_private_address_shows_all_of_mine_to_whoever_has_it(client, as_, ana, bob, drill, feed):
    """SEC-22: no sign-in, no referrer, no full name, no meeting place."""
    mine = offer(bob, "Une échelle")
    exchange = agree(bob, drill)
    propose(ana, mine)
    as_(ana).put(f"/v1/exchanges/{exchange.id}/meeting", json={"text": "CANARI-LIEU"})
    answer = client.get(feed(bob))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert {str(each["summary"]) for each in events(answer.data)} == {
        f"Chercher : {drill.title} (de Ana)",
        f"Rendre : {drill.title} (à Ana)",
        "Remettre : Une échelle (à Ana)",
        "Récupérer : Une échelle (de Ana)",
    }
    assert "Ana A." not in answer.text
    assert "CANARI-LIEU" not in answer.text


def test_what_did_not_change_is_sent_once(client, as_, ana, bob, drill, feed, act):
    """INT-04: ETag and If-None-Match, of the feed and of one exchange."""
    exchange = agree(bob, drill)
    path = feed(bob)
    for get in (client.get, as_(bob).get):
        where = path if get == client.get else f"/v1/exchanges/{exchange.id}/calendar.ics"
        tag = get(where).headers["ETag"]
        again = get(where, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    tag = client.get(path).headers["ETag"]
    act(ana, exchange, "cancel")
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


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


def test_what_was_called_off_is_cancelled_for_thirty_days_and_then_gone(client, ana, bob, drill, feed, act, later):
    exchange = agree(bob, drill, begins=40)
    act(ana, exchange, "cancel")
    path = feed(bob)
    assert [str(each["status"]) for each in events(client.get(path).data)] == ["CANCELLED", "CANCELLED"]
    later(days=29)
    assert len(events(client.get(path).data)) == 2
    later(days=2)
    assert events(client.get(path).data) == []


def test_what_is_shared_with_somebody_blocked_leaves_the_feed(as_, client, bob, cleo, feed):
    agree(bob, offer(cleo, "Une tente"))
    path = feed(bob)
    assert [str(each["summary"]) for each in events(client.get(path).data)] == [
        "Chercher : Une tente (de Cleo)",
        "Rendre : Une tente (à Cleo)",
    ]
    as_(cleo).put(f"/v1/me/blocks/{bob.id}")
    assert events(client.get(path).data) == []


def test_where_there_is_too_much_for_one_calendar_the_farthest_is_left_out(client, bob, drill, feed, monkeypatch):
    soon, late = agree(bob, drill, begins=1, days=1), agree(bob, drill, begins=5, days=1)
    monkeypatch.setattr("neighbourly.exchanges.service.feeds.MOST", 1)
    assert shown_first(client, feed(bob)) == f"{soon.id}@neighbourly"
    assert f"{late.id}@neighbourly" not in client.get(feed(bob)).text


@pytest.mark.parametrize("then", ["", "withdraw", "decline"])
def test_nobodys_proposals_put_an_agreement_out_of_a_calendar(client, ana, bob, cleo, feed, act, monkeypatch, then):
    """BOK-12: what is cut is cut last of all from what is agreed and to come."""
    agreed = agree(bob, offer(ana, "Une tente"), begins=20, days=1)
    for begins in (1, 15, 25, 300):
        proposed = propose(cleo, offer(ana, f"Scie {begins}", kind="item"), begins=begins, days=1)
        if then:
            assert act(ana if then == "decline" else cleo, proposed, then).status_code == 200
    monkeypatch.setattr("neighbourly.exchanges.service.feeds.MOST", 1)
    assert shown_first(client, feed(ana)) == f"{agreed.id}@neighbourly"


def shown_first(client, path) -> str:
    """The id of the first event of a feed."""
    return str(events(client.get(path).data)[0]["uid"])


def test_who_was_suspended_has_no_feed(client, bob, feed):
    path = feed(bob)
    bob.state = "suspended"
    db.session.commit()
    assert client.get(path).status_code == 404
