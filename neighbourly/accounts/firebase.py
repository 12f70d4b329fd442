"""Whom Firebase Auth vouches for. The SDK is imported at the first token: it costs 35 MiB."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from threading import Lock
from typing import Any

from neighbourly.accounts.display_names import MOST, tidy
from neighbourly.accounts.email_address import canonical_address
from neighbourly.accounts.errors import FirebaseNotOffered, FirebaseRefused, FirebaseUnavailable
from neighbourly.core import clock
from neighbourly.core.config import Settings, settings
from neighbourly.core.db import release
from neighbourly.core.outside import NoAnswer, OutsideCalls

FRESH = timedelta(minutes=5)
APP_NAME = "neighbourly-sign-in"
AT_ONCE, TIMEOUT_SECONDS = 2, 4
RETRY_SECONDS = 5
_making = Lock()
_google = OutsideCalls("firebase", at_once=AT_ONCE, seconds=TIMEOUT_SECONDS)


@dataclass(frozen=True)
class FirebasePerson:
    """What a verified ID token says."""

    uid: str
    email: str | None
    email_verified: bool
    name: str | None
    recent: bool
    """Whether they signed in at Firebase just now."""


def verify(id_token: str, *, fresh: bool = False) -> FirebasePerson:
    """The person of an ID token that Google signed for our project, not revoked; `fresh`: signed in just now.

    To be called before anything is locked or written: the connection is given back while Google is awaited, for a few
    seconds at most, by two callers at once (REL-12). Raises `FirebaseRefused`, `FirebaseNotOffered` where it is not set
    up, `FirebaseUnavailable` where Google is silent or two others are asking.
    """
    claims = _ask_google(id_token)
    recent = _age_s(claims) <= FRESH.total_seconds()
    if fresh and not recent:
        raise FirebaseRefused()
    return FirebasePerson(
        uid=claims["uid"],
        email=_address(claims.get("email")),
        email_verified=claims.get("email_verified") is True,
        name=_one_line(claims.get("name")),
        recent=recent,
    )


def _ask_google(id_token: str) -> dict[str, Any]:
    auth = import_module("firebase_admin.auth")
    app = _firebase_app(settings())
    release()
    later = {"Retry-After": str(RETRY_SECONDS)}
    try:
        return _google.call(lambda: _verified(auth, id_token, app))
    except (NoAnswer, auth.CertificateFetchError) as reason:
        raise FirebaseUnavailable(headers=later) from reason
    except (ValueError, auth.InvalidIdTokenError, auth.UserDisabledError, auth.UserNotFoundError) as reason:
        raise FirebaseRefused() from reason
    except import_module("firebase_admin.exceptions").FirebaseError as reason:
        raise FirebaseUnavailable(headers=later) from reason


def _verified(auth: Any, id_token: str, app: Any) -> dict[str, Any]:
    skew_s = int(clock.SKEW.total_seconds())
    claims: dict[str, Any] = auth.verify_id_token(id_token, app=app, check_revoked=True, clock_skew_seconds=skew_s)
    return claims


def _age_s(claims: dict[str, Any]) -> float:
    """Seconds since the person signed in at Firebase, whose clock is the true one, never moved ahead."""
    true_now = clock.now() - clock.offset()
    return true_now.timestamp() - float(claims.get("auth_time", 0))


def _one_line(name: object) -> str | None:
    """A name on one line, at most 60 visible characters; None where there is none. Whether it will do is seen later."""
    visible = "".join(each if each.isprintable() else " " for each in str(name or ""))
    return tidy(unicodedata.normalize("NFC", tidy(visible)[:MOST])) or None


def _firebase_app(current: Settings) -> Any:
    """The SDK's app, made once a process; with the emulator it needs a project but no credentials."""
    emulated = bool(os.environ.get("FIREBASE_AUTH_EMULATOR_HOST")) and not current.production
    if current.firebase_credentials is None and not (emulated and current.firebase_project):
        raise FirebaseNotOffered()
    admin = import_module("firebase_admin")
    with _making:
        try:
            return admin.get_app(APP_NAME)
        except ValueError:
            credentials = import_module("firebase_admin.credentials")
            given = credentials.Certificate(str(current.firebase_credentials)) if current.firebase_credentials else None
            options: dict[str, Any] = {"httpTimeout": TIMEOUT_SECONDS}
            if current.firebase_project:
                options["projectId"] = current.firebase_project
            return admin.initialize_app(given, options, name=APP_NAME)


def _address(given: object) -> str | None:
    """In the form in which ours are kept, so that one mailbox is one account."""
    if not isinstance(given, str):
        return None
    try:
        return canonical_address(given)
    except ValueError:
        return given
