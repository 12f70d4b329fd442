"""Python's zones are the environment's; PostgreSQL is asked by names that mean the same there (BOK-03)."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.core import clock, zones
from neighbourly.core.db import db
from neighbourly.preferences.models import Preferences
from tests.factories.listings import offer

SHIFTED = "Europe/Paris"


@pytest.fixture
def asked_by_other_names():
    """What this process took over is forgotten after the test."""
    yield
    zones.adopt([])


@pytest.fixture
def paris_without_summer(monkeypatch):
    """PostgreSQL that has not heard that the clocks of Paris change, nor of Casablanca."""
    really = zones.ask_postgres

    def ask(connection, moments):
        known = really(connection, moments)
        known[SHIFTED] = known["Africa/Lagos"]
        del known["Africa/Casablanca"]
        return known

    monkeypatch.setattr(zones, "ask_postgres", ask)


def compare() -> dict[str, zones.Difference]:
    return {each.zone: each for each in zones.compare(db.session.connection(), clock.now())}


@pytest.mark.parametrize("entry", ["wsgi", "neighbourly.worker", "neighbourly.cli.launcher", "neighbourly.core.db"])
def test_the_environments_zones_come_before_the_machines(entry, tmp_path, monkeypatch):
    """Whatever imports what first, also where a variable names a folder."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Paris").write_bytes(b"of the machine")
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    monkeypatch.setenv("NEIGHBOURLY_DATA_DIR", str(tmp_path))
    told = f"import {entry.removeprefix('wsgi') or 'neighbourly'}, zoneinfo; print(zoneinfo.ZoneInfo('Europe/Paris'))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("Europe/Paris\n", 0), done.stderr
    assert zoneinfo.TZPATH == ()


def test_each_zone_that_postgres_knows_otherwise_is_found(app):
    """Compared with what it answers on each day of the two years to come."""
    found, days = compare(), [clock.now() + timedelta(days=n) for n in range(730)]
    names = [*sorted(zones.known_zones())[::5], "CET", "Europe/Paris", "Africa/Casablanca", "America/Vancouver"]
    theirs = zones.ask_postgres(db.session.connection(), days)
    for name in names:
        ours = tuple(round(day.astimezone(zoneinfo.ZoneInfo(name)).utcoffset().total_seconds()) for day in days)
        assert (theirs[name] == ours) is (name not in found), name
        if name in found and found[name].known_as is not None:
            assert theirs[found[name].known_as] == ours


def test_a_difference_has_its_first_moment_and_a_name(app, paris_without_summer):
    found = compare()
    assert found[SHIFTED].at.month == 3, "from the first summer on"
    assert found["Africa/Casablanca"].at is None
    assert found[SHIFTED].known_as not in (None, SHIFTED)


MORNINGS = [{"weekday": each, "from": "09:00", "to": "10:00"} for each in range(7)]


@pytest.mark.parametrize(
    "zone", ["Africa/Casablanca", "America/Edmonton", "America/Vancouver", "America/Winnipeg", "CET"]
)
def test_the_search_finds_just_what_a_proposal_takes(as_, ana, bob, zone, asked_by_other_names):
    """On a day of each season; `CET` is an abbreviation to PostgreSQL, and has no summer there."""
    thing = offer(ana, availability=MORNINGS, no_expiry=True)
    db.session.get_one(Preferences, ana.id).time_zone = zone
    db.session.commit()
    zones.adopt(zones.compare(db.session.connection(), clock.now()))
    for month in (1, 3, 7, 11):
        opens = datetime(2027, month, 20, 9, tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)
        for hours, is_open in ((-1, False), (0, True), (1, False)):
            begins = opens + timedelta(hours=hours, minutes=10)
            ends = begins + timedelta(minutes=30)
            span = {"available_from": begins.isoformat(), "available_until": ends.isoformat()}
            found = as_(bob).get("/v1/listings", query_string=span).json["items"]
            body = {"listing_id": str(thing.id), "starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
            taken = as_(bob).post("/v1/exchanges", json=body).status_code == 201
            assert (len(found) == 1, taken) == (is_open, is_open), (begins, found)


def test_what_is_adopted_is_asked_at_once(as_, ana, bob, asked_by_other_names):
    """The statement is written once; the names are those of the moment."""
    thing = offer(ana, availability=MORNINGS, no_expiry=True)
    opens = datetime(2027, 7, 20, 9, 10, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
    ends = opens + timedelta(minutes=30)
    span = {"available_from": opens.isoformat(), "available_until": ends.isoformat()}

    def found() -> list[str]:
        return [each["id"] for each in as_(bob).get("/v1/listings", query_string=span).json["items"]]

    assert found() == [str(thing.id)]
    zones.adopt([zones.Difference("Europe/Paris", None, "Asia/Tokyo")])
    assert found() == []
    zones.adopt([])
    assert found() == [str(thing.id)]
