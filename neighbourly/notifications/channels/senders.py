"""Who sends the pushes, by the installation's settings."""

from __future__ import annotations

from pathlib import Path

from neighbourly.notifications.channels.fcm import FcmSender
from neighbourly.notifications.channels.lines import LinePushSender
from neighbourly.notifications.channels.push import PushSender


def sender_from(credentials: Path | None, fcm_url: str | None, lines_file: Path) -> PushSender:
    """Firebase where there are credentials (unusable ones: `ValueError`, `OSError`), else lines in a file."""
    return FcmSender(credentials, fcm_url) if credentials else LinePushSender(lines_file)
