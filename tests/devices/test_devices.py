"""Registering, refreshing, moving and losing devices."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.devices import jobs, service  # noqa: F401  # the job is declared by its module
from neighbourly.devices.models import Device
from neighbourly.devices.schemas import TOKEN_LENGTH
from neighbourly.devices.selectors import MOST_DEVICES
from tests.databases import run_job

PHONE = {"fcm_token": "token-of-the-phone", "platform": "android"}


def tokens_of(user) -> list[str]:
    return list(db.session.scalars(select(Device.fcm_token).where(Device.user_id == user.id)))


def device_of(user) -> Device:
    return db.session.scalars(select(Device).where(Device.user_id == user.id)).one()


def test_a_new_device_is_201_and_the_same_one_again_200(as_, ana):
    mine = as_(ana)
    first = mine.put("/v1/me/devices/phone", json=PHONE)
    again = mine.put("/v1/me/devices/phone", json=PHONE | {"app_version": "2.0"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["Location"] == "/v1/me/devices/phone"
    assert again.json["app_version"] == "2.0"
    assert tokens_of(ana) == ["token-of-the-phone"]


def test_a_device_speaks_its_accounts_language_unless_it_says_otherwise(as_, ana):
    mine = as_(ana)
    assert mine.put("/v1/me/devices/phone", json=PHONE).json["language"] == "fr"
    assert mine.put("/v1/me/devices/phone", json=PHONE | {"language": "en"}).json["language"] == "en"


def test_a_device_without_a_language_of_its_own_follows_its_account(as_, ana):
    mine = as_(ana)
    mine.put("/v1/me/devices/phone", json=PHONE)
    mine.patch("/v1/me", json={"language": "en"})
    assert mine.put("/v1/me/devices/phone", json=PHONE).json["language"] == "en"
    assert device_of(ana).language is None


def test_the_answer_holds_these_fields_and_never_the_token(as_, ana):
    """SEC-04: the token goes in and never comes out."""
    answer = as_(ana).put("/v1/me/devices/phone", json=PHONE)
    fields = {"installation_id", "platform", "app_version", "language", "created_at", "seen_at"}
    assert set(answer.json) == fields | {"silent_since", "silent_because"}
    assert PHONE["fcm_token"] not in answer.text


def test_a_token_under_another_account_leaves_the_first(as_, ana, bob):
    """FCM-04: a phone handed on says nothing more to its first person."""
    as_(ana).put("/v1/me/devices/phone", json=PHONE)
    as_(bob).put("/v1/me/devices/phone", json=PHONE)
    assert tokens_of(ana) == []
    assert tokens_of(bob) == [PHONE["fcm_token"]]


def test_a_token_belongs_to_one_installation(as_, ana):
    """FCM-04: an app that was installed anew replaces the old one."""
    mine = as_(ana)
    mine.put("/v1/me/devices/old", json=PHONE)
    mine.put("/v1/me/devices/new", json=PHONE)
    assert device_of(ana).installation_id == "new"


def test_a_refreshed_token_replaces_the_old_one(as_, ana):
    mine = as_(ana)
    mine.put("/v1/me/devices/phone", json=PHONE)
    mine.put("/v1/me/devices/phone", json=PHONE | {"fcm_token": "another"})
    assert tokens_of(ana) == ["another"]


def test_signing_out_deletes_the_device(as_, ana):
    """FCM-04: logout deletes it; other phones of the person stay."""
    here, there = as_(ana), as_(ana)
    here.put("/v1/me/devices/here", json=PHONE)
    there.put("/v1/me/devices/there", json=PHONE | {"fcm_token": "another"})
    assert here.post("/v1/auth/logout", json={}).status_code == 204
    assert tokens_of(ana) == ["another"]


def test_a_device_moves_to_the_session_that_registered_it_last(as_, ana):
    first, second = as_(ana), as_(ana)
    first.put("/v1/me/devices/phone", json=PHONE)
    second.put("/v1/me/devices/phone", json=PHONE)
    first.post("/v1/auth/logout", json={})
    assert tokens_of(ana) == [PHONE["fcm_token"]]


def test_a_device_unseen_for_270_days_is_given_up(as_, ana):
    """FCM-04: 270 days, and not a day earlier."""
    mine = as_(ana)
    mine.put("/v1/me/devices/old", json=PHONE)
    mine.put("/v1/me/devices/lately", json=PHONE | {"fcm_token": "another"})
    for device in db.session.scalars(select(Device)):
        age = 271 if device.installation_id == "old" else 269
        device.seen_at = clock.now() - timedelta(days=age)
    db.session.commit()
    run_job("devices.forget_unseen")
    db.session.expire_all()
    assert tokens_of(ana) == ["another"]


def test_one_can_take_a_device_out_and_a_second_time_does_no_harm(as_, ana):
    mine = as_(ana)
    mine.put("/v1/me/devices/phone", json=PHONE)
    assert mine.delete("/v1/me/devices/phone").status_code == 204
    assert tokens_of(ana) == []
    assert mine.delete("/v1/me/devices/phone").status_code == 204


def test_anothers_device_is_as_absent_as_no_device(as_, ana, bob):
    """SEC-03: the same answer for what is somebody else's and for what is not there."""
    as_(ana).put("/v1/me/devices/phone", json=PHONE)
    theirs, nobodys = (as_(bob).delete(f"/v1/me/devices/{name}") for name in ("phone", "nothing"))
    assert theirs.status_code == nobodys.status_code == 204
    assert theirs.data == nobodys.data
    assert tokens_of(ana) == [PHONE["fcm_token"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/fcm_token"),
        (PHONE | {"fcm_token": ""}, "/fcm_token"),
        (PHONE | {"fcm_token": "a" * 2001}, "/fcm_token"),
        (PHONE | {"fcm_token": "é"}, "/fcm_token"),
        (PHONE | {"platform": "fridge"}, "/platform"),
        (PHONE | {"language": "de"}, "/language"),
        (PHONE | {"app_version": "1" * 51}, "/app_version"),
        (PHONE | {"subscription": {}}, "/subscription"),
        (PHONE | {"user_id": "somebody"}, "/user_id"),
    ],
)
def test_what_is_not_a_registration_is_refused(as_, ana, body, pointer):
    """SEC-05, SEC-16: unknown fields and sizes beyond the ceiling change nothing."""
    answer = as_(ana).put("/v1/me/devices/phone", json=body)
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json["errors"]]
    assert tokens_of(ana) == []


def test_an_installation_id_is_short_and_printable(as_, ana):
    mine = as_(ana)
    assert mine.put(f"/v1/me/devices/{'a' * 201}", json=PHONE).status_code == 404
    assert mine.put("/v1/me/devices/a%01b", json=PHONE).status_code == 404
    answer = mine.put("/v1/me/devices/t%C3%A9l%20un", json=PHONE)
    assert answer.json["installation_id"] == "tél un"
    assert answer.headers["Location"] == "/v1/me/devices/t%C3%A9l%20un"


def test_a_disabled_device_is_enabled_by_its_next_registration(as_, ana):
    mine = as_(ana)
    mine.put("/v1/me/devices/phone", json=PHONE)
    service.disable_tokens(tokens=[PHONE["fcm_token"]])
    db.session.commit()
    assert device_of(ana).disabled_at is not None
    mine.put("/v1/me/devices/phone", json=PHONE)
    assert device_of(ana).disabled_at is None


def test_nobody_registers_a_device_without_signing_in(client):
    assert client.put("/v1/me/devices/phone", json=PHONE).status_code == 401
    assert client.delete("/v1/me/devices/phone").status_code == 401


def test_a_person_has_ten_devices_and_the_longest_unseen_goes(as_, ana):
    """SEC-16, FCM-04: the token of the one that goes is forgotten with it; one that shows up again stays."""
    mine = as_(ana)
    for number in range(MOST_DEVICES):
        mine.put(f"/v1/me/devices/phone-{number}", json=PHONE | {"fcm_token": f"token-{number}"})
    mine.put("/v1/me/devices/phone-0", json=PHONE | {"fcm_token": "token-0"})
    for number in ("eleventh", "twelfth"):
        assert mine.put(f"/v1/me/devices/{number}", json=PHONE | {"fcm_token": number}).status_code == 201
    assert sorted(tokens_of(ana)) == sorted(["token-0", *(f"token-{n}" for n in range(3, 10)), "eleventh", "twelfth"])


def test_a_hundred_registrations_leave_ten_devices_of_a_person_and_those_of_others(as_, ana, bob):
    """SEC-16: an attacker fills nobody's queue but ten rows of their own."""
    as_(bob).put("/v1/me/devices/phone", json=PHONE)
    mine = as_(ana)
    for number in range(100):
        mine.put(f"/v1/me/devices/i{number}", json=PHONE | {"fcm_token": f"token-{number}"})
    assert len(tokens_of(ana)) == MOST_DEVICES
    assert tokens_of(bob) == [PHONE["fcm_token"]]


def test_the_longest_token_that_is_taken_fits_the_index(as_, ana):
    """SEC-16: 201 and no 500, also where it cannot be compressed."""
    token = secrets.token_hex(TOKEN_LENGTH // 2)
    assert as_(ana).put("/v1/me/devices/phone", json=PHONE | {"fcm_token": token}).status_code == 201
