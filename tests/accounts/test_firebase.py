"""Signing in by Firebase, against Google's own emulator of it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import firebase_admin
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from neighbourly.accounts import firebase, passwords
from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.config import ConfigurationError
from neighbourly.core.db import db
from tests import databases
from tests.accounts.conftest import bearer, register
from tests.fakes import firebase as emulated
from tests.fakes.firebase import PROJECT, Emulator
from tests.people import PASSWORD

LEA = "lea@example.org"
needs_emulator = pytest.mark.skipif(
    not emulated.PROGRAM.exists(), reason="the emulator is not installed: npm ci --prefix tests/node"
)
pytestmark = pytest.mark.xdist_group("firebase")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory) -> Iterator[Emulator]:
    """One emulator for all."""
    with emulated.running(tmp_path_factory.mktemp("firebase")) as running:
        yield running


@pytest.fixture
def use(app, monkeypatch) -> Iterator:
    """`use(firebase_project=…)`: these settings, and an SDK that has seen no others."""

    def chosen(**values) -> None:
        settings = replace(app.extensions["neighbourly.settings"], **values)
        monkeypatch.setitem(app.extensions, "neighbourly.settings", settings)

    yield chosen
    with suppress(ValueError):
        firebase_admin.delete_app(firebase_admin.get_app(firebase.APP_NAME))


@pytest.fixture
def google(emulator, use, monkeypatch) -> Emulator:
    """The emulator, and an app that believes it."""
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", emulator.host)
    use(firebase_project=PROJECT)
    return emulator


@pytest.fixture
def address(request) -> str:
    """An address that no other test has used at the emulator."""
    return f"{abs(hash(request.node.name)):x}@example.org"


def sign_in(client, token, **headers):
    return client.post(
        "/v1/auth/firebase", json={"id_token": token, "installation_id": "phone", "adult": True}, headers=headers
    )


def unsigned(**claims) -> str:
    """A token such as the emulator makes, and anyone else can."""
    now = int(time.time())
    issuer = f"https://securetoken.google.com/{PROJECT}"
    body = {"iss": issuer, "aud": PROJECT, "sub": "forged", "iat": now, "exp": now + 3600, "auth_time": now} | claims
    parts = [json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(body)]
    return ".".join([*(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts), ""])


@needs_emulator
def test_a_new_person_with_a_verified_address_joins(client, google, address):
    google.sign_up(address, verified=True, displayName="Léa  Martin\u202e\n")
    answer = sign_in(client, google.sign_in(address))
    assert answer.status_code == 200
    assert (answer.json["user"]["email"], answer.json["user"]["display_name"]) == (address, "Léa Martin")
    assert "set_password" not in answer.json["next_steps"]
    assert client.get("/v1/me", headers=bearer(answer.json)).status_code == 200


@needs_emulator
def test_the_same_person_comes_back_to_the_same_account(client, google, address):
    google.sign_up(address, verified=True)
    first, second = (sign_in(client, google.sign_in(address)).json for _ in range(2))
    assert first["user"]["id"] == second["user"]["id"]


@needs_emulator
@pytest.mark.parametrize(("language", "name"), [("fr", "Quelqu'un du quartier"), ("en", "Someone nearby")])
def test_who_has_no_name_at_firebase_gets_one_that_tells_nothing(client, google, address, language, name):
    """SEC-22: above all not the beginning of an e-mail address."""
    google.sign_up(address, verified=True)
    user = sign_in(client, google.sign_in(address), **{"Accept-Language": language}).json["user"]
    assert (user["display_name"], user["language"]) == (name, language)


@needs_emulator
def test_an_existing_account_is_joined_by_a_verified_address(client, google, address, new_user):
    lea = new_user("Léa M.", email=address.upper(), password_hash=passwords.hashed(PASSWORD))
    uid = google.sign_up(address, verified=True, displayName="Another Name")
    answer = sign_in(client, google.sign_in(address)).json
    assert (answer["user"]["id"], answer["user"]["display_name"]) == (str(lea.id), "Léa M.")
    assert db.session.get_one(User, lea.id).firebase_uid == uid


@needs_emulator
@pytest.mark.parametrize("known", [True, False])
def test_an_address_that_is_not_verified_opens_nothing(client, google, address, new_user, known):
    """Whoever types somebody else's address at Firebase gets neither their account nor a new one."""
    if known:
        new_user("Léa M.", email=address)
    google.sign_up(address, verified=False)
    refused = sign_in(client, google.sign_in(address))
    assert (refused.status_code, refused.json["code"]) == (401, "firebase_refused")
    joined = select(func.count()).select_from(User).where(User.firebase_uid.is_not(None))
    assert db.session.scalar(joined) == 0


@needs_emulator
def test_a_person_without_an_address_cannot_join(client, google):
    assert sign_in(client, google.sign_up_anonymously()).status_code == 401


@needs_emulator
def test_an_account_stays_with_the_person_it_was_joined_by(client, google, address):
    """Somebody who makes the same address anew at Firebase is not taken for the first."""
    uid = google.sign_up(address, verified=True)
    sign_in(client, google.sign_in(address))
    google.delete(uid)
    google.sign_up(address, verified=True)
    assert sign_in(client, google.sign_in(address)).status_code == 401


@needs_emulator
def test_joining_voids_what_waited_for_the_address(client, google, address, mailboxes):
    """SEC-13: a code that somebody else asked for is worth nothing."""
    register(client, address, password="the attacker's own")
    code = mailboxes.code(address)
    google.sign_up(address, verified=True)
    sign_in(client, google.sign_in(address))
    assert client.post("/v1/auth/email/verify", json={"email": address, "code": code}).status_code == 401


@needs_emulator
@pytest.mark.parametrize(
    "change", [{"disableUser": True}, {"validSince": str(int(time.time()) + 3600)}], ids=["disabled", "revoked"]
)
def test_a_revoked_token_or_a_disabled_person_is_refused(client, google, address, change):
    """SEC-11: Firebase is asked at each sign-in, not only believed."""
    uid = google.sign_up(address, verified=True)
    token = google.sign_in(address)
    assert sign_in(client, token).status_code == 200
    google.change(uid, **change)
    assert sign_in(client, token).status_code == 401


@needs_emulator
def test_a_suspended_account_stays_shut(client, google, address, security_log):
    google.sign_up(address, verified=True)
    user = sign_in(client, google.sign_in(address)).json["user"]
    db.session.scalars(select(User).where(User.email == address)).one().state = "suspended"
    assert sign_in(client, google.sign_in(address)).status_code == 401
    assert [each["about"] for each in security_log() if each["event"] == "denied"] == [user["id"]]


@needs_emulator
def test_an_account_is_erased_by_a_fresh_token(client, google, address):
    google.sign_up(address, verified=True)
    headers = bearer(sign_in(client, google.sign_in(address)).json)
    token = google.sign_in(address)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        stale = client.delete("/v1/me", json={"id_token": token}, headers=headers)
    assert (stale.status_code, stale.json["code"]) == (403, "proof_needed")
    assert client.delete("/v1/me", json={"id_token": token}, headers=headers).status_code == 204


@needs_emulator
def test_somebody_elses_fresh_token_erases_nothing(client, google, address):
    google.sign_up(address, verified=True)
    headers = bearer(sign_in(client, google.sign_in(address)).json)
    google.sign_up(f"other-{address}", verified=True)
    for token in (google.sign_in(f"other-{address}"), google.sign_up_anonymously(), "x"):
        assert client.delete("/v1/me", json={"id_token": token}, headers=headers).status_code == 403


def test_googles_clock_may_be_a_little_ahead_of_ours(monkeypatch):
    """By as much as a phone's may, and no more: the SDK alone takes no second."""
    asked = {}

    def verify_id_token(token, *, app, check_revoked, clock_skew_seconds):
        asked.update(revoked=check_revoked, skew_s=clock_skew_seconds)
        return {}

    firebase._verified(SimpleNamespace(verify_id_token=verify_id_token), "a-token", None)
    assert asked == {"revoked": True, "skew_s": clock.SKEW.total_seconds()}


@needs_emulator
@pytest.mark.parametrize("token", ["x", "a.b.c", "é.é.é", "\x00", unsigned(aud="another-project"), unsigned(exp=1)])
def test_what_is_no_token_of_ours_is_refused(client, google, token):
    """SEC-12: also by the emulator, which asks for no signature."""
    assert sign_in(client, token).status_code == 401


@pytest.fixture
def certificate(tmp_path):
    """A service account with a key of its own, as Google hands them out."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    file = tmp_path / "service-account.json"
    account = {"type": "service_account", "project_id": PROJECT, "private_key_id": "1", "private_key": pem}
    uris = {"client_email": f"x@{PROJECT}.example", "token_uri": "http://127.0.0.1:1/token"}
    file.write_text(json.dumps(account | uris))
    return file


def test_an_unsigned_token_is_refused_where_no_emulator_is_named(client, use, certificate, monkeypatch):
    """SEC-12: the token that the emulator would believe, at an installation with real credentials."""
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    use(firebase_credentials=certificate, firebase_project=PROJECT)
    refused = sign_in(client, unsigned(email=LEA, email_verified=True))
    assert (refused.status_code, refused.json["code"]) == (401, "firebase_refused")


def test_without_firebase_signing_in_by_it_is_not_offered(client, monkeypatch):
    """A conflict and no failure: trying again would not help."""
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    absent = sign_in(client, unsigned())
    assert (absent.status_code, absent.json["code"]) == (409, "firebase_not_offered")


@needs_emulator
def test_a_silent_google_is_503(client, google, address, emulator, monkeypatch):
    """REL-04, SEC-21: and says when to try again."""
    google.sign_up(address, verified=True)
    token = google.sign_in(address)
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:1")
    silent = sign_in(client, token)
    assert (silent.status_code, silent.json["code"]) == (503, "firebase_unavailable")
    assert silent.headers["Retry-After"]


def test_production_does_not_start_with_the_emulator_named(tmp_path, monkeypatch):
    """SEC-12: the SDK would then take unsigned tokens from anyone."""
    values = {
        "env": "production",
        "data_dir": str(tmp_path),
        "secret_key": "x" * 32,
        "public_url": "https://voisins.example",
        "operator": "Les voisins",
        "contact": "bonjour@voisins.example",
        "mail_from": "bonjour@voisins.example",
    }
    assert databases.settings_from(values).production
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    with pytest.raises(ConfigurationError, match="FIREBASE_AUTH_EMULATOR_HOST"):
        databases.settings_from(values)
