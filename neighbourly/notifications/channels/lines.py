"""Push without Firebase: each one a line of JSON in a file, so that development and the demo can see it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from neighbourly.notifications.channels.push import Outcome, PushMessage, wire_message


class LinePushSender:
    """Appends `{"token", "installation_id", "message"}`, one line a push; processes may share the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, message: PushMessage) -> Outcome:
        """Write the line; a file that cannot be written is tried again later."""
        line = {
            "token": message.token,
            "installation_id": message.installation_id,
            "message": wire_message(message, datetime.now(UTC)),
        }
        try:
            self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            return Outcome("retry", error=f"the file of pushes cannot be written: {error.strerror}")
        return Outcome("sent")

    def send_many(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Write a line for each."""
        return [self.send(message) for message in messages]

    def close(self) -> None:
        """Nothing is kept open."""

    def _append(self, line: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # One write to a file opened for appending: lines of several processes never mingle.
            os.write(descriptor, line)
        finally:
            os.close(descriptor)
