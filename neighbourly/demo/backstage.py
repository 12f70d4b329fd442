"""The mails and pushes that a development installation keeps in files in place of sending them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from neighbourly.core.mail import ReadMail, read_folder

NEWEST = 50
TAIL_BYTES = 256 * 1024
CODE_LINE = re.compile(r"^ {4}(\d{6})$", re.MULTILINE)


@dataclass(frozen=True)
class SeenMail:
    """A mail, with the code that it asks its reader to type."""

    subject: str
    to: str
    code: str | None
    text: str
    sent_at: datetime | None


@dataclass(frozen=True)
class SeenPush:
    """A push as its phone would show it, and what the app gets along with it."""

    title: str
    body: str
    installation_id: str
    to: str | None
    """The name of whoever's phone it is; None once it is nobody's."""
    data: Mapping[str, str]


def newest_mails(folder: Path) -> list[SeenMail]:
    """The last mails, newest first."""
    return [_seen(mail) for mail in read_folder(folder, NEWEST)]


def newest_pushes(file: Path, owners: Mapping[str, str]) -> list[SeenPush]:
    """The last pushes, newest first; `owners` are names by installation."""
    return [
        SeenPush(
            title=line["message"]["notification"]["title"],
            body=line["message"]["notification"]["body"],
            installation_id=line["installation_id"],
            to=owners.get(line["installation_id"]),
            data=line["message"].get("data", {}),
        )
        for line in _last_lines(file)
    ]


def _seen(mail: ReadMail) -> SeenMail:
    text = mail.text.replace("\r\n", "\n")
    code = CODE_LINE.search(text)
    return SeenMail(mail.subject, mail.to, code[1] if code else None, text, mail.sent_at)


def _last_lines(file: Path) -> list[dict[str, Any]]:
    """Newest first; of a line that is cut at the beginning or still being written nothing is read."""
    try:
        with file.open("rb") as reading:
            start = max(0, reading.seek(0, 2) - TAIL_BYTES)
            reading.seek(start)
            *lines, _unfinished = reading.read().split(b"\n")
    except FileNotFoundError:
        return []
    whole = lines[1:] if start else lines
    return [orjson.loads(line) for line in reversed(whole[-NEWEST:])]
