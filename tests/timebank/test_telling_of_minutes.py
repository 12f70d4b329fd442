"""Whoever receives minutes hears of it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from neighbourly.core.db import db
from neighbourly.notifications.models import Notification


@pytest.fixture
def heard(as_):
    """`heard(ana)`: what she was told of minutes, in English, newest first."""

    def read(user) -> list[str]:
        inbox = as_(user).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"]
        return [each["title"].replace("\u00a0", " ") for each in inbox if each["type"] == "minutes_received"]

    return read


def test_who_is_given_minutes_is_told_by_whom_and_who_gives_is_not(ana, bob, give, heard):
    give(bob, ana, 90)
    assert heard(ana) == ["Bob gives you 1 h 30 min"]
    assert heard(bob) == []


def test_a_grant_comes_from_the_pot_and_names_no_moderator(ana, bob, give, grant, heard):
    give(bob, None, 60)
    grant(ana, 45)
    assert heard(ana) == ["The common pot gives you 45 min"]
    assert db.session.scalars(select(Notification.actor_id)).all() == [None]


def test_what_is_given_back_is_told_too(ana, bob, give, reverse, heard):
    reverse(ana, give(bob, ana, 60).json["transfer_id"])
    assert heard(bob) == ["Ana gives you 1 h back"]


def test_a_share_to_the_pot_and_a_help_are_told_to_nobody_as_minutes(ana, bob, neighbours, give, lesson, helped, heard):
    give(bob, None, 60)
    helped(bob, lesson, 60)
    assert heard(ana) == heard(bob) == []


def test_the_same_transfer_again_is_told_once(ana, bob, give, heard):
    given = give(bob, ana, 60, id="0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6")
    assert (given.status_code, give(bob, ana, 60, id=given.json["transfer_id"]).status_code) == (201, 200)
    assert len(heard(ana)) == 1


def test_the_phone_gets_it_with_no_link_and_no_listing(as_, ana, bob, give, run_jobs, data_dir):
    (data_dir / "push.jsonl").unlink(missing_ok=True)
    as_(ana).put("/v1/me/devices/ana-phone", json={"fcm_token": "t", "platform": "android"})
    as_(ana).patch("/v1/me/preferences", json={"quiet_hours": None})
    give(bob, ana, 60)
    run_jobs()
    (line,) = (data_dir / "push.jsonl").read_text().splitlines()
    assert json.loads(line)["message"]["data"].keys() == {"type", "notification_id"}
