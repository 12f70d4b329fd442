"""Secrets that are computed anew and never stored: codes and refresh tokens are HMACs of the installation's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import jwt

ALGORITHM = "HS256"
AUDIENCE = "neighbourly"
ACCESS_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class RefreshToken:
    """Which family, and which of its generations."""

    session_id: UUID
    generation: int


@dataclass(frozen=True)
class AccessToken:
    """Of which session an access token is, and of which of its generations; None where an older version wrote it."""

    session_id: UUID
    generation: int | None


def _mac(secret: str, *parts: object) -> bytes:
    message = "\0".join(str(part) for part in parts)
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()


def digest(secret: str, *parts: object) -> bytes:
    """Sixteen bytes by which something is known again at this installation, and not what it is."""
    return _mac(secret, "digest", *parts)[:16]


def code_digits(secret: str, code_id: UUID) -> str:
    """The six digits of an e-mail code."""
    return f"{int.from_bytes(_mac(secret, 'code', code_id)[:8], 'big') % 1_000_000:06d}"


def write_refresh(secret: str, token: RefreshToken) -> str:
    """The opaque text of a refresh token: 256 bits that only this installation can make."""
    body = f"{token.session_id.hex}.{token.generation}"
    return f"{body}.{_text(_mac(secret, 'refresh', token.session_id, token.generation))}"


def read_refresh(secret: str, text: str) -> RefreshToken | None:
    """The token that the text is, if this installation made it."""
    family, _, rest = text.partition(".")
    generation, _, _mac_text = rest.partition(".")
    try:
        token = RefreshToken(UUID(hex=family), int(generation))
    except ValueError:
        return None
    return token if hmac.compare_digest(write_refresh(secret, token).encode(), text.encode()) else None


def write_registration(secret: str, registration_id: UUID) -> str:
    """What shows that one made this registration: only the answer to it held this text."""
    return f"{registration_id.hex}.{_text(_mac(secret, 'registration', registration_id))}"


def read_registration(secret: str, text: str | None) -> UUID | None:
    """The registration that the text is of, if this installation made it."""
    try:
        registration_id = UUID(hex=(text or "").partition(".")[0])
    except ValueError:
        return None
    made = write_registration(secret, registration_id)
    return registration_id if hmac.compare_digest(made.encode(), (text or "").encode()) else None


def write_access(secret: str, *, user_id: UUID, session_id: UUID, generation: int, issued_at: datetime) -> str:
    """A JWT for one hour of one session; the same inputs give the same text."""
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "gen": generation,
        "aud": AUDIENCE,
        "typ": "access",
        "iat": int(issued_at.timestamp()),
        "exp": int((issued_at + ACCESS_FOR).timestamp()),
    }
    return jwt.encode(claims, _jwt_key(secret), algorithm=ALGORITHM)


def read_access(secret: str, text: str, *, at: datetime) -> AccessToken | None:
    """The access token that the text is; None for any other text (SEC-12)."""
    try:
        token, lapses = _opened(secret, text)
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        return None
    return token if at.timestamp() < lapses else None


@lru_cache(maxsize=4096)
def _opened(secret: str, text: str) -> tuple[AccessToken, int]:
    """A token that we signed, and when it lapses (Unix seconds); raises for any other text.

    A phone sends the same token for an hour: its signature, which never changes, is checked once.
    """
    claims = jwt.decode(
        text,
        _jwt_key(secret),
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        options={"require": ["exp", "iat", "aud", "sub", "sid"], "verify_exp": False, "verify_iat": False},
    )
    if claims.get("typ") != "access" or not isinstance(claims["exp"], int):
        raise jwt.InvalidTokenError
    generation = claims.get("gen")
    return AccessToken(UUID(claims["sid"]), generation if isinstance(generation, int) else None), claims["exp"]


def _jwt_key(secret: str) -> bytes:
    """Another key than the codes', so that no JWT is ever a MAC of theirs."""
    return hashlib.sha256(b"jwt\0" + secret.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
