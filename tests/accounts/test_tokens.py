"""Access tokens: what is not exactly one of ours opens nothing."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import uuid4

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from neighbourly.accounts import service, tokens
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.people import Client


@pytest.fixture
def signed_in(app, ana):
    """Ana's phone."""
    opened = service.open_session(user=ana, installation_id="phone", label="test")
    db.session.commit()
    return opened


@pytest.fixture
def key(app) -> bytes:
    """What access tokens are signed with."""
    return tokens._jwt_key(app.config["SECRET_KEY"])


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def unsigned(claims: dict, header: dict) -> str:
    parts = [base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, ""])


def status(app, token: str) -> int:
    return Client(app, token).get("/v1/me").status_code


CHANGES = {
    "no exp": lambda claims: claims.pop("exp"),
    "exp long ago": lambda claims: claims.update(exp=1),
    "exp a text": lambda claims: claims.update(exp="tomorrow"),
    "exp without end": lambda claims: claims.update(exp=float("inf")),
    "exp a half": lambda claims: claims.update(exp=claims["exp"] + 0.5),
    "exp before dates": lambda claims: claims.update(exp=-(10**18)),
    "no aud": lambda claims: claims.pop("aud"),
    "other aud": lambda claims: claims.update(aud="another-service"),
    "aud a list of others": lambda claims: claims.update(aud=["a", "b"]),
    "no typ": lambda claims: claims.pop("typ"),
    "other typ": lambda claims: claims.update(typ="refresh"),
    "no sid": lambda claims: claims.pop("sid"),
    "sid not a UUID": lambda claims: claims.update(sid="me"),
    "sid a number": lambda claims: claims.update(sid=7),
    "sid of nobody": lambda claims: claims.update(sid=str(uuid4())),
    "sid the user's": lambda claims: claims.update(sid=claims["sub"]),
    "no sub": lambda claims: claims.pop("sub"),
    "no iat": lambda claims: claims.pop("iat"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_token_with_other_claims_opens_nothing(app, signed_in, key, change):
    """SEC-12: though it is signed with our own key."""
    claims = claims_of(signed_in.access_token)
    assert status(app, jwt.encode(claims, key, algorithm="HS256")) == 200
    change(claims)
    assert status(app, jwt.encode(claims, key, algorithm="HS256")) == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "", "RS256"])
def test_an_unsigned_token_opens_nothing(app, signed_in, algorithm):
    """SEC-12: whatever its header says."""
    assert status(app, unsigned(claims_of(signed_in.access_token), {"typ": "JWT", "alg": algorithm})) == 401


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_algorithm_is_fixed(app, signed_in, key, algorithm):
    """SEC-12: the right key by another algorithm is refused."""
    assert status(app, jwt.encode(claims_of(signed_in.access_token), key * 2, algorithm=algorithm)) == 401


def test_a_token_of_another_key_opens_nothing(app, signed_in):
    """SEC-12: another secret, the secret itself, or a key pair."""
    claims = claims_of(signed_in.access_token)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for other, algorithm in ((b"x" * 32, "HS256"), (app.config["SECRET_KEY"], "HS256"), (private, "RS256")):
        assert status(app, jwt.encode(claims, other, algorithm=algorithm)) == 401


def test_each_kind_of_token_is_good_for_its_own_thing_alone(app, client, signed_in):
    """SEC-12: no refresh token as access, no access token as refresh."""
    assert status(app, signed_in.refresh_token) == 401
    refused = client.post("/v1/auth/refresh", json={"refresh_token": signed_in.access_token})
    assert refused.status_code in (401, 422)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer é.é.é"])
def test_other_headers_are_nobody(client, header):
    """SEC-12: garbage is 401 and never an error of ours."""
    refused = client.get("/v1/me", headers={"Authorization": header.encode("latin-1").decode("latin-1")})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_every_cut_and_every_other_letter_is_refused(app, signed_in):
    """SEC-12: one changed character anywhere in the signed part, or any missing end."""
    token = signed_in.access_token
    for place in range(0, len(token) - 1, 7):
        other = "A" if token[place] != "A" else "B"
        assert tokens.read_access(app.config["SECRET_KEY"], token[:place], at=clock.now()) is None
        changed = token[:place] + other + token[place + 1 :]
        assert tokens.read_access(app.config["SECRET_KEY"], changed, at=clock.now()) is None


def test_an_access_token_lasts_one_hour_of_the_products_clock(app, signed_in):
    secret, token = app.config["SECRET_KEY"], signed_in.access_token
    assert tokens.read_access(secret, token, at=signed_in.expires_at - timedelta(seconds=1))
    assert tokens.read_access(secret, token, at=signed_in.expires_at) is None
    assert signed_in.expires_at - clock.now() <= timedelta(hours=1)
