"""What people want to be asked, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.accounts import service as accounts
from neighbourly.accounts.events import AccountErasing
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.preferences.models import Interest, Preferences
from neighbourly.preferences.next_steps import choose_interests
from neighbourly.preferences.types import NOTIFICATION_TYPES
from tests import people

PREFERENCES = "/v1/me/preferences"
IN_A_WHILE = (clock.now() + timedelta(days=90)).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def test_a_newcomer_sleeps_at_night_and_is_asked_three_times_a_week(client, as_, new_user):
    """SEC-04: exactly the fields of the contract."""
    dora = new_user("Dora D.")
    answer = as_(dora).get(PREFERENCES)
    assert answer.json == {
        "radius_m": None,
        "interests": [],
        "quiet_hours": None,
        "time_zone": "Europe/Paris",
        "urgent_may_wake": False,
        "asks_per_week": 3,
        "away_until": None,
        "push": {},
        "email": {},
        "digest": "weekly",
        "show_answer_time": False,
        "show_read_marks": True,
    }


def test_quiet_hours_of_a_new_account_are_the_night(app):
    user = accounts.create_user(email="eva@example.org", display_name="Eva", password=None, language="fr")
    hours = db.session.get_one(Preferences, user.id).quiet_hours
    assert (hours.begins.hour, hours.ends.hour) == (21, 8)


def test_everything_can_be_changed_at_once(as_, ana):
    wanted = {
        "radius_m": 700,
        "interests": ["lessons", "power-drills"],
        "quiet_hours": {"from": "22:30", "to": "07:00"},
        "time_zone": "America/Martinique",
        "urgent_may_wake": True,
        "asks_per_week": 0,
        "away_until": IN_A_WHILE,
        "push": {"request_nearby": False},
        "show_answer_time": True,
        "show_read_marks": False,
    }
    assert wanted.items() <= as_(ana).patch(PREFERENCES, json=wanted).json.items()
    assert wanted.items() <= as_(ana).get(PREFERENCES).json.items()


def test_an_interest_named_twice_is_one(as_, ana):
    answer = as_(ana).patch(PREFERENCES, json={"interests": ["tools", "saws", "tools"]})
    assert (answer.status_code, answer.json.get("interests")) == (200, ["saws", "tools"])


def test_what_is_left_out_stays(as_, ana):
    as_(ana).patch(PREFERENCES, json={"push": {"request_nearby": False}, "interests": ["saws", "books"]})
    as_(ana).patch(PREFERENCES, json={"push": {"message_received": False}, "interests": ["books"]})
    answer = as_(ana).get(PREFERENCES).json
    assert answer["push"] == {"request_nearby": False, "message_received": False}
    assert answer["interests"] == ["books"]


def test_quiet_hours_and_absence_can_be_lifted(as_, ana):
    as_(ana).patch(PREFERENCES, json={"quiet_hours": {"from": "1:05", "to": "02:00"}, "away_until": IN_A_WHILE})
    assert as_(ana).get(PREFERENCES).json["quiet_hours"] == {"from": "01:05", "to": "02:00"}
    answer = as_(ana).patch(PREFERENCES, json={"quiet_hours": None, "away_until": None})
    assert (answer.json["quiet_hours"], answer.json["away_until"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"radius_m": 99}, "/radius_m", "out_of_range"),
        ({"radius_m": 50_001}, "/radius_m", "out_of_range"),
        ({"radius_m": "far"}, "/radius_m", "wrong_type"),
        ({"interests": ["saws", "nonsense"]}, "/interests/1", "unknown_category"),
        ({"interests": None}, "/interests", "not_null"),
        ({"quiet_hours": {"from": "21:00"}}, "/quiet_hours/to", "required"),
        ({"quiet_hours": {"from": "25:00", "to": "08:00"}}, "/quiet_hours/from", "wrong_type"),
        ({"time_zone": "Europe/Toulouse"}, "/time_zone", "unknown_time_zone"),
        ({"asks_per_week": 21}, "/asks_per_week", "out_of_range"),
        ({"asks_per_week": -1}, "/asks_per_week", "out_of_range"),
        ({"away_until": "2026-12-24T12:00:00"}, "/away_until", "wrong_type"),
        ({"away_until": "2020-12-24T12:00:00Z"}, "/away_until", "in_the_past"),
        ({"push": {"world_ended": True}}, "/push/world_ended", "unknown_field"),
        ({"digest": "never"}, "/digest", "not_yet_supported"),
        ({"email": {"message_received": True}}, "/email", "not_yet_supported"),
        ({"reach_m": 50_000}, "/reach_m", "unknown_field"),
        ({"user_id": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"}, "/user_id", "unknown_field"),
    ],
)
def test_what_makes_no_sense_is_refused(as_, ana, change, pointer, code):
    """SEC-05: unknown and read-only fields are refused, never bound."""
    answer = as_(ana).patch(PREFERENCES, json=change)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [(pointer, code)]


def test_of_two_writers_one_gets_it(as_, ana):
    """REL-05: a stale `If-Match` is 412 and changes nothing."""
    etag = as_(ana).get(PREFERENCES).headers["ETag"]
    first = as_(ana).patch(PREFERENCES, json={"interests": ["books"]}, headers={"If-Match": etag})
    second = as_(ana).patch(PREFERENCES, json={"interests": ["saws"]}, headers={"If-Match": etag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert as_(ana).get(PREFERENCES).json["interests"] == ["books"]


def test_what_is_known_is_not_sent_again(as_, ana):
    """REL-05: `If-None-Match` gives 304."""
    etag = as_(ana).get(PREFERENCES).headers["ETag"]
    assert as_(ana).get(PREFERENCES, headers={"If-None-Match": etag}).status_code == 304


def test_nobody_reads_them_without_signing_in(client):
    assert client.get(PREFERENCES).status_code == 401


def test_choosing_interests_is_a_step_until_there_is_one(as_, ana):
    assert choose_interests(ana.id) == "choose_interests"
    as_(ana).patch(PREFERENCES, json={"interests": ["books"]})
    assert choose_interests(ana.id) is None


def box_of(user):
    return db.session.get_one(Preferences, user.id).reach


def test_the_reach_is_a_box_around_home_that_interests_share(as_, ana):
    as_(ana).patch(PREFERENCES, json={"radius_m": 700, "interests": ["books"]})
    west, south, east, north = box_of(ana)
    x, y = cells.mercator(people.ANA_CELL)
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((x, y))
    assert (east - west) / 2 == pytest.approx(cells.mercator_reach(700.5, people.ANA_CELL))
    assert db.session.get_one(Interest, (ana.id, "books")).reach == box_of(ana)


def test_the_reach_follows_the_home_and_the_interests_follow_too(as_, ana):
    as_(ana).patch(PREFERENCES, json={"radius_m": 700, "interests": ["books"]})
    before = box_of(ana)
    people.move(ana, people.CLEO_CELL)
    assert box_of(ana) != before
    assert db.session.get_one(Interest, (ana.id, "books")).reach == box_of(ana)


def test_without_a_home_nothing_is_within_reach(as_, new_user):
    dora = new_user("Dora D.")
    as_(dora).patch(PREFERENCES, json={"radius_m": 700, "interests": ["books"]})
    assert box_of(dora) is None
    assert db.session.get_one(Interest, (dora.id, "books")).reach is None


def test_who_leaves_takes_their_wishes_along(as_, ana):
    as_(ana).patch(PREFERENCES, json={"interests": ["books"]})
    publish(AccountErasing(ana.id))
    db.session.expire_all()
    assert db.session.get(Preferences, ana.id) is None
    assert db.session.get(Interest, (ana.id, "books")) is None


def test_the_types_are_those_of_the_contract_and_eight_of_our_own():
    added = {"exchange_handed_over", "exchange_returned", "exchange_confirmed", "exchange_disputed"} | {
        "minutes_received",
        "listing_edited",
        "waiting_over",
        "absence_over",
    }
    assert len(NOTIFICATION_TYPES) == len(set(NOTIFICATION_TYPES)) == 31 + len(added)
    assert added < set(NOTIFICATION_TYPES)
