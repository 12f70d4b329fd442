"""Where people are signed in, and how that ends: at once, everywhere it should, nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from neighbourly.accounts import jobs, service
from neighbourly.accounts.models import Session, User
from neighbourly.accounts.service.sessions import MOST_SESSIONS
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.devices.models import Device
from tests.accounts.conftest import bearer, log_in
from tests.people import PASSWORD, sign_in

LEA = "lea@example.org"


@pytest.fixture
def phones(client, join):
    """Léa's phone and Léa's laptop, both with pushes."""
    phone = join(LEA)
    laptop = log_in(client, LEA, installation_id="laptop").json
    for name, signed_in in (("phone", phone), ("laptop", laptop)):
        body = {"fcm_token": f"token-of-the-{name}", "platform": "android"}
        assert client.put(f"/v1/me/devices/{name}", json=body, headers=bearer(signed_in)).status_code == 201
    return phone, laptop


def is_in(client, signed_in) -> bool:
    """Whether the next call is let in."""
    return client.get("/v1/me", headers=bearer(signed_in)).status_code == 200


def devices() -> set[str]:
    return set(db.session.scalars(select(Device.installation_id)))


def test_signing_out_ends_access_at_once(client, phones):
    """SEC-11: the access token is refused at the next call, not at its `exp`; and the phone gets no more pushes."""
    phone, laptop = phones
    assert client.post("/v1/auth/logout", json={"refresh_token": phone["refresh_token"]}).status_code == 204
    assert (is_in(client, phone), is_in(client, laptop)) == (False, True)
    assert client.post("/v1/auth/refresh", json={"refresh_token": phone["refresh_token"]}).status_code == 401
    assert devices() == {"laptop"}


def test_signing_out_by_access_token_is_enough(client, phones):
    phone, laptop = phones
    assert client.post("/v1/auth/logout", json={}, headers=bearer(phone)).status_code == 204
    assert (is_in(client, phone), is_in(client, laptop)) == (False, True)


def test_signing_out_twice_is_no_mistake_and_a_stranger_to_us_is(client, phones):
    phone, _ = phones
    body = {"refresh_token": phone["refresh_token"]}
    assert [client.post("/v1/auth/logout", json=body).status_code for _ in range(2)] == [204, 204]
    assert client.post("/v1/auth/logout", json={"refresh_token": "x"}).status_code == 401
    assert client.post("/v1/auth/logout", json={}).status_code == 401


def test_a_new_password_ends_the_other_sign_ins(client, phones):
    """SEC-11: but not the one that changed it."""
    phone, laptop = phones
    body = {"password": "another long one", "current_password": PASSWORD}
    assert client.patch("/v1/me", json=body, headers=bearer(phone)).status_code == 200
    assert (is_in(client, phone), is_in(client, laptop)) == (True, False)
    assert devices() == {"phone"}


def test_a_reset_password_ends_all_sign_ins(client, phones, mailboxes):
    """SEC-11: and begins a new one."""
    phone, laptop = phones
    client.post("/v1/auth/password/forgot", json={"email": LEA})
    body = {"email": LEA, "code": mailboxes.code(LEA), "password": "another long one"}
    fresh = client.post("/v1/auth/password/reset", json=body)
    assert [is_in(client, each) for each in (phone, laptop, fresh.json)] == [False, False, True]
    assert devices() == set()


@pytest.mark.parametrize("state", ["suspended", "erased"])
def test_a_suspended_or_erased_account_is_out_at_once(client, phones, state):
    """SEC-11: with access, refresh and password."""
    phone, _ = phones
    db.session.scalars(select(User).where(User.email == LEA)).one().state = state
    db.session.commit()
    assert not is_in(client, phone)
    assert client.post("/v1/auth/refresh", json={"refresh_token": phone["refresh_token"]}).status_code == 401
    assert log_in(client, LEA).status_code == 401


def test_erasing_the_account_ends_access_at_once(client, phones):
    """SEC-11."""
    phone, laptop = phones
    assert client.delete("/v1/me", json={"password": PASSWORD}, headers=bearer(laptop)).status_code == 204
    assert (is_in(client, phone), is_in(client, laptop)) == (False, False)


def test_i_see_where_i_am_signed_in(client, phones):
    """LOC-08: when each was last used is told by the day."""
    phone, _ = phones
    listed = client.get("/v1/me/sessions", headers=bearer(phone)).json
    assert listed["next"] is None
    assert [each["current"] for each in listed["items"]] == [False, True]
    assert all(set(each) == {"id", "label", "current", "created_at", "last_used_on"} for each in listed["items"])
    assert all(each["last_used_on"] == clock.now().date().isoformat() for each in listed["items"])


def test_a_sign_in_is_called_as_the_app_calls_itself(client, join):
    headers = {"User-Agent": "neighbourly/1.0 (Android 15)\x07" + "x" * 100}
    join(LEA)
    signed_in = client.post("/v1/auth/login", json={"email": LEA, "password": PASSWORD}, headers=headers).json
    (label, _) = [each["label"] for each in client.get("/v1/me/sessions", headers=bearer(signed_in)).json["items"]]
    assert label.startswith("neighbourly/1.0 (Android 15)xxx")
    assert len(label) == 80


def test_i_end_one_sign_in_from_another(client, phones):
    phone, laptop = phones
    listed = client.get("/v1/me/sessions", headers=bearer(phone)).json["items"]
    other = next(each["id"] for each in listed if not each["current"])
    assert client.delete(f"/v1/me/sessions/{other}", headers=bearer(phone)).status_code == 204
    assert (is_in(client, phone), is_in(client, laptop)) == (True, False)
    assert client.delete(f"/v1/me/sessions/{other}", headers=bearer(phone)).status_code == 404


def test_sign_ins_come_in_pages(client, join):
    signed_in = join(LEA)
    for _ in range(3):
        log_in(client, LEA)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/v1/me/sessions?limit=2{cursor}", headers=bearer(signed_in)).json
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 4


def test_a_sign_in_that_lapsed_gets_no_more_pushes(app, client, phones):
    """FCM-04: a session has an absolute end, and so have its pushes."""
    with time_machine.travel(clock.now() + timedelta(days=181)):
        jobs.forget_old()
    assert set(db.session.scalars(select(Device.disabled_because))) == {"lapsed"}
    assert all(db.session.scalars(select(Session.ended_at)))


def test_being_seen_is_no_new_version_of_the_account(client, join):
    """REL-05: signing in on another day does not make an `If-Match` stale."""
    signed_in = join(LEA)
    before = client.get("/v1/me", headers=bearer(signed_in)).headers["ETag"].partition(".")[0]
    with time_machine.travel(clock.now() + timedelta(days=1)):
        later = log_in(client, LEA).json
        assert client.get("/v1/me", headers=bearer(later)).headers["ETag"].partition(".")[0] == before
    assert db.session.scalars(select(User.last_seen_on)).one() > clock.now().date()


def test_ending_all_sign_ins_may_spare_one(app, ana):
    kept, gone = (service.open_session(user=ana, installation_id=None, label="") for _ in range(2))
    newest = db.session.scalars(select(Session.id).order_by(Session.created_at)).first()
    service.end_all_sessions(ana.id, but=newest)
    assert kept.user is gone.user
    assert db.session.scalars(select(Session.id).where(Session.ended_at.is_(None))).all() == [newest]


def test_the_longest_unused_sign_in_beyond_thirty_ends(app, ana):
    """SEC-16: each is a row that others' sign-ins pay for, and a phone that is pushed to; the last used ones go on."""
    first, *others = (sign_in(app, ana) for _ in range(MOST_SESSIONS))
    assert first.get("/v1/me").status_code == 200
    newest = sign_in(app, ana)
    assert [each.get("/v1/me").status_code for each in (first, others[0], others[-1], newest)] == [401, 200, 200, 200]
