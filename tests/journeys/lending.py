"""What the journeys of lending share: a street, phones, a clock that can be moved."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from neighbourly.accounts.models import User
from tests.people import Client


@dataclass
class Street:
    """People by name, and what they do over HTTP; everything that is refused is an error."""

    as_: Callable[[User], Client]
    later: Callable[..., list[str]]
    run_jobs: Callable[[], list[str]]
    pushes: Path

    def get(self, user: User, path: str, **query: Any) -> Any:
        """What this person sees."""
        return self._told(self.as_(user).get(f"/v1{path}", query_string=query))

    def post(self, user: User, path: str, **body: Any) -> Any:
        """What this person does."""
        return self._told(self.as_(user).post(f"/v1{path}", json=body))

    def put(self, user: User, path: str, **body: Any) -> Any:
        """What this person sets."""
        return self._told(self.as_(user).put(f"/v1{path}", json=body))

    def tap(self, user: User, exchange: Any, action: str, **body: Any) -> Any:
        """One tap on an exchange; it as this person sees it then."""
        return self.post(user, f"/exchanges/{exchange['id']}/{action}", **body)

    def refused(self, user: User, path: str, **body: Any) -> str:
        """The code of the refusal that this person meets."""
        answer = self.as_(user).post(f"/v1{path}", json=body)
        assert answer.status_code == 409, answer.text
        return str(answer.json["code"])

    def give_phone(self, user: User, name: str) -> None:
        """A phone whose token is its name."""
        self.put(user, f"/me/devices/{name}", fcm_token=f"token-of-{name}", platform="android")

    def rang(self) -> list[tuple[str, str]]:
        """Which phones rang for what since the last look."""
        self.run_jobs()
        lines = self.pushes.read_text().splitlines() if self.pushes.exists() else []
        self.pushes.unlink(missing_ok=True)
        shown = [json.loads(line) for line in lines]
        return sorted((each["installation_id"], each["message"]["data"]["type"]) for each in shown)

    def thread(self, user: User, exchange: Any) -> list[str]:
        """The conversation of an exchange, oldest first, as this person reads it."""
        items = self.get(user, f"/conversations/{exchange['conversation_id']}/messages")["items"]
        return [each["body"] for each in reversed(items)]

    @staticmethod
    def _told(answer: TestResponse) -> Any:
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json
