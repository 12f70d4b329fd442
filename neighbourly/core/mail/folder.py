"""Mail without a server: each one a file in a folder, and that folder read back for the development page."""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.policy import default
from heapq import nlargest
from pathlib import Path

from neighbourly.core.mail.errors import MailDelayed
from neighbourly.core.mail.message import Mail, compose, sender_address

_serial = itertools.count()


@dataclass(frozen=True)
class ReadMail:
    """A mail as its reader sees it; `name` is its file's, without the ending."""

    name: str
    to: str
    subject: str
    text: str
    html: str | None
    sent_at: datetime | None


class FolderPostman:
    """Writes each mail as `<time>-<process>-<serial>.eml`, whole or not at all; names sort in the order of sending."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender_address(sender)

    def send(self, mail: Mail) -> None:
        """Put the mail into the folder, for its owner's eyes alone; raises `MailRefused`, `MailDelayed` (disk full)."""
        content = compose(mail, self._sender).as_bytes()
        name = f"{time.time_ns():020d}-{os.getpid():07d}-{next(_serial):06d}"
        hidden = self._folder / f".{name}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            hidden.touch(mode=0o600)
            hidden.write_bytes(content)
            hidden.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise MailDelayed(f"the mail could not be written: {error.strerror}") from None


def read_folder(folder: Path, limit: int) -> list[ReadMail]:
    """The newest `limit` mails of a folder, newest first; a folder that does not exist holds none."""
    newest = nlargest(limit, folder.glob("*.eml"))
    return [mail for file in newest if (mail := _read(file)) is not None]


def _read(file: Path) -> ReadMail | None:
    try:
        message = message_from_bytes(file.read_bytes(), policy=default)
    except FileNotFoundError:
        return None
    date = message["Date"]
    return ReadMail(
        name=file.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain") or "",
        html=_part(message, "html"),
        sent_at=date.datetime if isinstance(date, DateHeader) else None,
    )


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else None
