"""Phones that retry: the same id and the same `Idempotency-Key`, until there is an answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

import orjson

from neighbourly.core.ids import new_id
from tests.resilience.book import Book

ANSWER_SECONDS = 15
PATIENCE_SECONDS = 240
RETRY_SECONDS = 0.3
NEVER_RIGHT = frozenset({"id_taken", "already_thanked", "clash"})
"""Of a 409: these say that a retry was taken for something else."""


class NoAnswer(Exception):
    """The product was silent for longer than any recovery may take."""


@dataclass
class Person:
    """Somebody with an account."""

    email: str
    password: str
    id: str = ""
    token: str = ""


@dataclass(frozen=True)
class Answer:
    """What a call came to."""

    status: int
    body: Any

    @property
    def fine(self) -> bool:
        """Whether it was a success."""
        return self.status < 300


class Phone:
    """One connection that speaks for one person at a time; for one thread."""

    def __init__(self, port: int, book: Book, random: Random) -> None:
        self._port, self._book, self._random = port, book, random
        self._connection: HTTPConnection | None = None

    def sign_in(self, person: Person) -> None:
        """An access token of theirs."""
        said = {"email": person.email, "password": person.password}
        answer = self._until_answered("POST", "/v1/auth/login", said, {})
        assert answer.status == 200, answer.body
        person.id, person.token = answer.body["user"]["id"], answer.body["access_token"]

    def get(self, person: Person, path: str) -> Any:
        """What this person sees; None where it is refused."""
        answer = self._as(person, "GET", path, None, {})
        return answer.body if answer.fine else None

    def write(self, person: Person, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """What this person does, until it is answered; now and then a second time, as by a second tap."""
        headers = {"Idempotency-Key": str(new_id())} if method == "POST" else {}
        if "id" in body:
            self._book.tried.add(str(body["id"]))
        answer = self._as(person, method, path, body, headers)
        if not answer.fine:
            return answer
        self._book.count_success()
        if method == "POST" and self._random.random() < 0.05:
            self._again(person, path, body, headers, answer)
        return answer

    def _again(
        self, person: Person, path: str, body: Mapping[str, Any], headers: Mapping[str, str], first: Answer
    ) -> None:
        again = self._as(person, "POST", path, body, headers)
        self._book.count("tapped twice")
        if (again.status, again.body) != (first.status, first.body):
            self._book.surprise(f"POST {_route(path)} a second time: {again.status} after {first.status}")

    def register(self, said: Mapping[str, Any]) -> str | None:
        """A wish to join, until it is taken: the token that the code is to come with; None where it is refused."""
        path = "/v1/auth/register"
        answer = self._judged("POST", path, self._until_answered("POST", path, said, {}))
        if not answer.fine:
            return None
        self._book.count_success()
        return str(answer.body["registration"])

    def verify(self, person: Person, code: str, registration: str) -> bool:
        """The code of somebody who joins; one whose answer was lost is used, and then they sign in."""
        said = {"email": person.email, "code": code, "registration": registration}
        answer = self._until_answered("POST", "/v1/auth/email/verify", said, {})
        if not answer.fine:
            again = {"email": person.email, "password": person.password}
            answer = self._until_answered("POST", "/v1/auth/login", again, {})
        if answer.fine:
            person.id, person.token = answer.body["user"]["id"], answer.body["access_token"]
            self._book.count_success()
        return answer.fine

    def _as(self, person: Person, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        for _ in range(2):
            answer = self._until_answered(method, path, body, {**headers, "Authorization": f"Bearer {person.token}"})
            if answer.status != 401:
                break
            self.sign_in(person)
        return self._judged(method, path, answer)

    def _judged(self, method: str, path: str, answer: Answer) -> Answer:
        if answer.status < 300:
            return answer
        code = answer.body.get("code", "") if isinstance(answer.body, dict) else ""
        if answer.status == 409 and code not in NEVER_RIGHT:
            self._book.note_refusal(code)
        else:
            self._book.surprise(f"{method} {_route(path)}: {answer.status} {code}")
        return answer

    def _until_answered(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self._once(method, path, body, headers)
            if answer is not None and answer.status == 500:
                self._book.surprise(f"{method} {_route(path)}: 500")
            if answer is not None and answer.status < 500 and not _is_under_way(answer):
                return answer
            self._book.count("retried")
            time.sleep(RETRY_SECONDS * (0.5 + self._random.random()))
        raise NoAnswer(f"{method} {_route(path)}")

    def _once(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer | None:
        """One try; None where there was no whole answer."""
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
            sent = None if body is None else orjson.dumps(body)
            self._connection.request(method, path, sent, {**headers, "Content-Type": "application/json"})
            response = self._connection.getresponse()
            raw = response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            return Answer(response.status, orjson.loads(raw) if is_json and raw else None)
        except (OSError, HTTPException):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return None


def _is_under_way(answer: Answer) -> bool:
    return answer.status == 409 and isinstance(answer.body, dict) and answer.body.get("code") == "still_running"


def _route(path: str) -> str:
    """The path without ids."""
    parts = path.partition("?")[0].split("/")
    return "/".join("*" if len(part) == 36 else part for part in parts)
