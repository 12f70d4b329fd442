"""Firebase Cloud Messaging's HTTP v1 API and Google's token end point, with an answer of your choice for each phone.

As a program: `python -m tests.fakes.fcm --port 9010 --delay-ms 50 --credentials key.json`.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.fcm_fields import faults_of
from tests.fakes.server import DARK, OK, RESET, HttpFake, Reply, Request, Script, json_reply, serve, slow
from tests.waiting import wait_until

__all__ = [
    "DARK", "INTERNAL", "INVALID_ARGUMENT", "NOT_FOUND", "OK", "PERMISSION_DENIED", "RESET", "SENDER_ID_MISMATCH",
    "UNAUTHENTICATED", "UNREGISTERED", "FakeFcm", "Received", "Reply", "error", "quota_exceeded", "slow", "unavailable",
]  # fmt: skip

# google-auth names Google here whatever the token_uri is.
AUDIENCE = "https://oauth2.googleapis.com/token"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def error(status: int, name: str, text: str, code: str | None = None, retry_after: str | None = None) -> Reply:
    """An error in Google's shape; `code` goes where FCM puts its own, into `error.details`."""
    details = [{"@type": FCM_ERROR, "errorCode": code}] if code else []
    payload = {"error": {"code": status, "message": text, "status": name, "details": details}}
    return json_reply(payload, status, **({"Retry_After": retry_after} if retry_after is not None else {}))


UNREGISTERED = error(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED")
NOT_FOUND = error(404, "NOT_FOUND", "Requested entity was not found.")
SENDER_ID_MISMATCH = error(403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH")
PERMISSION_DENIED = error(403, "PERMISSION_DENIED", "The caller does not have permission")
INVALID_ARGUMENT = error(400, "INVALID_ARGUMENT", "The message is not a valid one", "INVALID_ARGUMENT")
UNAUTHENTICATED = error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
INTERNAL = error(500, "INTERNAL", "Internal error encountered.", "INTERNAL")


def quota_exceeded(retry_after: str | None = None) -> Reply:
    """429, with or without a `Retry-After`."""
    return error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", "QUOTA_EXCEEDED", retry_after)


def unavailable(retry_after: str | None = None) -> Reply:
    """503, with or without a `Retry-After`."""
    return error(503, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE", retry_after)


@dataclass(frozen=True)
class Received:
    """One message that arrived, and the status it was answered with (0: none)."""

    token: str
    message: Mapping[str, Any]
    status: int


class FakeFcm(HttpFake):
    """Both of Google's servers that a push needs; as strict as they are about access tokens and the message's shape."""

    def __init__(self, *, project: str = "neighbourly-demo", port: int = 0, delay_ms: float = 0) -> None:
        super().__init__(port=port, delay_ms=delay_ms)
        self.project = project
        self.received: list[Received] = []
        self.access_tokens_issued = 0
        self._script = Script()
        self._token_script = Script()
        self._valid: set[str] = set()

    @property
    def send_path(self) -> str:
        """Where messages go."""
        return f"/v1/projects/{self.project}/messages:send"

    @property
    def accepted(self) -> list[Mapping[str, Any]]:
        """The messages taken, in order."""
        return [each.message for each in self.received if each.status == 200]

    def script(self, *replies: Reply, token: str | None = None) -> None:
        """What the next messages get, for one phone or for all: each answer in turn, the last one for ever."""
        self._script.set(*replies, key=token)

    def script_access(self, *replies: Reply) -> None:
        """What the next requests for an access token get."""
        self._token_script.set(*replies)

    def revoke(self) -> None:
        """Make every access token given so far worthless."""
        self._valid.clear()

    def wait_for(self, count: int, timeout_s: float = 5) -> list[Mapping[str, Any]]:
        """Wait until that many messages were taken."""
        wait_until(lambda: len(self.accepted) >= count, timeout_s)
        return self.accepted

    def write_credentials(self, path: Path) -> Path:
        """A service account's key file whose tokens come from this server."""
        account = {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": "1",
            "private_key": pem(_key()),
            "client_email": f"push@{self.project}.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path.write_bytes(orjson.dumps(account))
        return path

    def answer(self, request: Request) -> Reply:
        if request.method == "POST" and request.path == "/token":
            return self._access_token(request)
        if request.method == "POST" and request.path == self.send_path:
            return self._message(request)
        if request.path == "/count":
            return json_reply({"received": len(self.received)})
        return json_reply({"error": {"code": 404, "status": "NOT_FOUND", "message": "No such method."}}, 404)

    def _access_token(self, request: Request) -> Reply:
        reply = self._token_script.next()
        if reply != OK:
            return reply
        assertion = parse_qs(request.body.decode())["assertion"][0]
        try:
            claims = jwt.decode(assertion, _key().public_key(), algorithms=["RS256"], audience=AUDIENCE)
        except jwt.InvalidTokenError:
            return json_reply({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
        if "https://www.googleapis.com/auth/firebase" not in claims["scope"]:
            return json_reply({"error": "invalid_scope"}, 400)
        self.access_tokens_issued += 1
        token = f"access-{self.access_tokens_issued}"
        self._valid.add(token)
        return json_reply({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _message(self, request: Request) -> Reply:
        message = orjson.loads(request.body).get("message") or {}
        token = message.get("token", "")
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._valid:
            reply = UNAUTHENTICATED
        elif faults := faults_of(message):
            reply = error(400, "INVALID_ARGUMENT", "; ".join(faults), "INVALID_ARGUMENT")
        else:
            reply = self._script.next(token)
        if reply.status == 200 and not reply.body:
            name = f"projects/{self.project}/messages/{len(self.received)}"
            reply = replace(reply, body=orjson.dumps({"name": name}))
        self.received.append(Received(token, message, 0 if reply.how in ("dark", "reset") else reply.status))
        return reply


def new_key() -> rsa.RSAPrivateKey:
    """A key of the kind that service accounts have."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    """The key as it stands in a key file."""
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


_key = functools.cache(new_key)


@contextmanager
def _from_arguments(arguments: argparse.Namespace) -> Iterator[FakeFcm]:
    with FakeFcm(port=arguments.port, delay_ms=arguments.delay_ms) as fcm:
        if arguments.credentials:
            fcm.write_credentials(arguments.credentials)
        yield fcm


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Firebase Cloud Messaging, played on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--credentials", type=Path, help="write a service account's key file here")
    serve(_from_arguments, parser)
