"""Staying signed in: each refresh token works once, and a lost answer locks nobody out."""

from __future__ import annotations

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import jwt
import orjson
import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.serving import make_server

from neighbourly.accounts import service, tokens
from neighbourly.accounts.models import Session
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.accounts.conftest import bearer
from tests.people import Client


def refresh(client, token, installation="phone"):
    """Exchange a refresh token."""
    return client.post("/v1/auth/refresh", json={"refresh_token": token, "installation_id": installation})


@pytest.fixture
def signed_in(app, ana):
    """Ana's phone."""
    opened = service.open_session(user=ana, installation_id="phone", label="test")
    db.session.commit()
    return opened


def the_session(opened) -> Session:
    """The row behind a sign-in."""
    return db.session.get_one(Session, UUID(hex=opened.refresh_token.partition(".")[0]))


def test_a_refresh_gives_the_next_pair(client, signed_in):
    answer = refresh(client, signed_in.refresh_token)
    assert answer.status_code == 200
    assert answer.json["refresh_token"] != signed_in.refresh_token
    assert client.get("/v1/me", headers=bearer(answer.json)).status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("waits", [timedelta(seconds=31), timedelta(minutes=10), timedelta(hours=2), timedelta(days=9)])
def test_a_lost_answer_is_given_again_however_long_it_took(client, signed_in, waits):
    """SEC-10: the same token from the same installation gets the same successor, with an access token that lives."""
    lost = refresh(client, signed_in.refresh_token).json
    with time_machine.travel(clock.now() + waits):
        again = [refresh(client, signed_in.refresh_token) for _ in range(2)]
        assert [each.status_code for each in again] == [200, 200]
        assert {each.json["refresh_token"] for each in again} == {lost["refresh_token"]}
        assert client.get("/v1/me", headers=bearer(again[1].json)).status_code == 200
        assert refresh(client, again[0].json["refresh_token"]).status_code == 200


def test_an_answer_lost_just_now_is_the_same_to_the_letter(client, signed_in):
    """SEC-10."""
    first = refresh(client, signed_in.refresh_token).json
    with time_machine.travel(the_session(signed_in).rotated_at + timedelta(minutes=29)):
        again = refresh(client, signed_in.refresh_token).json
    pair = ("access_token", "refresh_token", "expires_at")
    assert {name: again[name] for name in pair} == {name: first[name] for name in pair}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/me", 200),
        ("GET", f"/v1/listings/{UUID(int=1)}", 404),
        ("POST", "/v1/listings", 422),
        ("PATCH", "/v1/me", 200),
        ("POST", f"/v1/exchanges/{UUID(int=1)}/accept", 404),
    ],
)
def test_once_its_successor_was_seen_a_token_ends_the_family(client, signed_in, method, path, status):
    """SEC-09, SEC-10: whatever became of the request that brought it, and a moment later as well."""
    newest = refresh(client, signed_in.refresh_token).json
    body = {} if method != "GET" else None
    assert client.open(path, method=method, json=body, headers=bearer(newest)).status_code == status
    reused = refresh(client, signed_in.refresh_token)
    assert (reused.status_code, reused.json["code"]) == (401, "refresh_reused")
    assert client.get("/v1/me", headers=bearer(newest)).status_code == 401
    assert refresh(client, newest["refresh_token"]).status_code == 401


def test_the_token_before_the_last_says_nothing_of_the_last(client, signed_in):
    """SEC-10: what the phone sends while it waits for the new pair is the old one."""
    refresh(client, signed_in.refresh_token)
    headers = {"Authorization": f"Bearer {signed_in.access_token}"}
    assert client.get("/v1/me", headers=headers).status_code == 200
    assert refresh(client, signed_in.refresh_token).status_code == 200


def test_that_a_pair_arrived_is_noted_once(client, signed_in, statements):
    """SEC-10: one statement more for the first request of a pair, none for the others."""
    newest = refresh(client, signed_in.refresh_token).json
    counts = []
    for _ in range(3):
        with statements() as seen:
            assert client.get("/v1/me", headers=bearer(newest)).status_code == 200
        counts.append(len([each for each in seen if "UPDATE sessions" in each]))
    assert counts == [1, 0, 0]


def test_whose_family_ends_hears_of_it_and_sees_which_phone_is_silent(client, as_, ana, signed_in, mailboxes):
    """SEC-10: nothing stops silently, and signing in again on that phone puts it right."""
    headers = {"Authorization": f"Bearer {signed_in.access_token}"}
    phone = {"fcm_token": "a-token", "platform": "android"}
    assert client.put("/v1/me/devices/phone", json=phone, headers=headers).status_code == 201
    refresh(client, refresh(client, signed_in.refresh_token).json["refresh_token"])
    assert refresh(client, signed_in.refresh_token).status_code == 401
    mail = mailboxes.of(ana.email)[-1]
    assert (mail.subject, "ne reçoit plus rien" in mail.text) == ("Un de vos appareils a été déconnecté", True)
    elsewhere = as_(ana)
    told = elsewhere.get("/v1/me/devices").json["items"]
    assert [(each["installation_id"], each["silent_because"]) for each in told] == [("phone", "reused")]
    assert told[0]["silent_since"]
    elsewhere.put("/v1/me/devices/phone", json=phone)
    told = elsewhere.get("/v1/me/devices").json["items"]
    assert [(each["silent_since"], each["silent_because"]) for each in told] == [(None, None)]


def test_an_access_token_of_the_version_before_is_good_and_notes_nothing(client, signed_in, app):
    """SEC-12: one that names no generation; the upgrade signs nobody out."""
    newest = refresh(client, signed_in.refresh_token).json
    key = tokens._jwt_key(app.config["SECRET_KEY"])
    claims = jwt.decode(newest["access_token"], key, algorithms=["HS256"], audience=tokens.AUDIENCE)
    del claims["gen"]
    older = {"Authorization": f"Bearer {jwt.encode(claims, key, algorithm='HS256')}"}
    assert client.get("/v1/me", headers=older).status_code == 200
    assert refresh(client, signed_in.refresh_token).status_code == 200


@pytest.mark.parametrize("installation", ["another phone", None])
def test_another_installation_gets_no_second_answer(client, signed_in, installation):
    """SEC-10: a token that was copied off the phone ends the family at once."""
    newest = refresh(client, signed_in.refresh_token).json
    assert refresh(client, signed_in.refresh_token, installation).status_code == 401
    assert client.get("/v1/me", headers=bearer(newest)).status_code == 401


def test_who_used_a_token_first_elsewhere_is_found_out(client, signed_in):
    """SEC-09: a thief's phone rotates first; the owner's ends it for both."""
    stolen = refresh(client, signed_in.refresh_token, "the thief's").json
    assert refresh(client, signed_in.refresh_token, "phone").status_code == 401
    assert client.get("/v1/me", headers=bearer(stolen)).status_code == 401


def test_a_token_two_generations_old_ends_the_family(client, signed_in):
    """SEC-09: at once, whether the last has arrived or not."""
    second = refresh(client, signed_in.refresh_token).json
    third = refresh(client, second["refresh_token"]).json
    assert refresh(client, signed_in.refresh_token).status_code == 401
    assert client.get("/v1/me", headers=bearer(third)).status_code == 401


def test_other_sign_ins_of_the_person_go_on(client, as_, ana, signed_in):
    """SEC-09: one family for each sign-in."""
    laptop = as_(ana)
    refresh(client, signed_in.refresh_token)
    refresh(client, signed_in.refresh_token, "another phone")
    assert laptop.get("/v1/me").status_code == 200


def test_a_family_ends_after_half_a_year_whatever_its_use(client, signed_in):
    """SEC-09: an absolute expiry, which refreshing does not move."""
    newest = signed_in.refresh_token
    for days in (60, 120, 179):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            newest = refresh(client, newest).json["refresh_token"]
    with time_machine.travel(clock.now() + timedelta(days=181)):
        refused = refresh(client, newest)
    assert (refused.status_code, refused.json["code"]) == (401, "refresh_refused")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "x",
        lambda text: text[:-1],
        lambda text: text[:-2] + ("AA" if text[-2:] != "AA" else "BB"),
        lambda text: text.replace(".1.", ".2."),
        lambda text: text.replace(".1.", ".١."),
        lambda text: UUID(int=0).hex + text[32:],
        lambda text: text.upper(),
        lambda text: text + ".x",
        lambda text: "\x00" + text,
    ],
)
def test_a_refresh_token_that_was_changed_is_nobodys(client, signed_in, change):
    """SEC-09: 256 bits of HMAC; and a bad one ends no family."""
    assert refresh(client, change(signed_in.refresh_token)).status_code in (401, 422)
    assert refresh(client, signed_in.refresh_token).status_code == 200


def test_no_token_is_stored(client, signed_in):
    """SEC-09: the row knows the generation; the text is computed anew."""
    mac = signed_in.refresh_token.rpartition(".")[2]
    row = {name: str(value) for name, value in vars(the_session(signed_in)).items()}
    assert all(mac not in value and value not in signed_in.access_token for value in row.values() if len(value) > 20)


def test_twenty_refreshes_at_once_leave_one_family(real_app):
    """SEC-09: threads with connections of their own, the same token and phone: one successor for all."""
    with real_app.app_context():
        lea = service.create_user(email="lea@example.org", display_name="Léa", password=None, language="fr")
        token = service.open_session(user=lea, installation_id="phone", label="").refresh_token
        db.session.commit()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: refresh(real_app.test_client(), token), range(20)))
    assert [each.status_code for each in answers] == [200] * 20
    assert len({each.json["refresh_token"] for each in answers}) == 1
    assert refresh(real_app.test_client(), answers[0].json["refresh_token"]).status_code == 200
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Session).where(Session.ended_at.is_(None))) == 1


def test_twenty_phones_with_one_stolen_token_leave_none(real_app):
    """SEC-09: from as many installations at once, the family ends and nobody is left in."""
    with real_app.app_context():
        lea = service.create_user(email="lea@example.org", display_name="Léa", password=None, language="fr")
        token = service.open_session(user=lea, installation_id="phone", label="").refresh_token
        db.session.commit()
    with ThreadPoolExecutor(20) as threads:
        phones = [f"phone {number}" for number in range(20)]
        answers = list(threads.map(lambda phone: refresh(real_app.test_client(), token, phone), phones))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 19
    winner = next(each for each in answers if each.status_code == 200)
    assert refresh(real_app.test_client(), winner.json["refresh_token"]).status_code == 401


def test_a_phone_whose_connection_died_after_the_commit_stays_signed_in(real_app):
    """SEC-10: the answer is never read; the retry gets the pair that was lost."""
    with real_app.app_context():
        lea = service.create_user(email="lea@example.org", display_name="Léa", password=None, language="fr")
        token = service.open_session(user=lea, installation_id="phone", label="").refresh_token
        db.session.commit()
    server = make_server("127.0.0.1", 0, real_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        body = orjson.dumps({"refresh_token": token, "installation_id": "phone"})
        _send_and_hang_up(server.server_port, body)
        _wait_for_rotation(real_app)
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request("POST", "/v1/auth/refresh", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200
        access = orjson.loads(answer.read())["access_token"]
        assert Client(real_app, access).get("/v1/me").status_code == 200
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _send_and_hang_up(port: int, body: bytes) -> None:
    head = f"POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(f"{head}\r\n\r\n".encode() + body)


def _wait_for_rotation(real_app) -> None:
    for _ in range(500):
        with real_app.app_context():
            if db.session.scalar(select(Session.generation)) == 2:
                return
        threading.Event().wait(0.01)
    raise TimeoutError("the token was not rotated")
