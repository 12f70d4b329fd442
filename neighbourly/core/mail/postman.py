"""Who takes a mail away, whichever way the installation has chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from neighbourly.core.mail.folder import FolderPostman
from neighbourly.core.mail.message import Mail
from neighbourly.core.mail.smtp import SmtpPostman


class Postman(Protocol):
    """Takes one mail at a time."""

    def send(self, mail: Mail) -> None:
        """Take the mail away; raises `MailRefused` (for good) or `MailDelayed` (for now)."""


def postman_from(smtp_url: str | None, folder: Path, sender: str) -> Postman:
    """The postman for these settings: by SMTP, or into the folder where no server is named.

    Raises `ValueError` when the URL or the sender cannot be read.
    """
    return SmtpPostman(smtp_url, sender) if smtp_url else FolderPostman(folder, sender)
