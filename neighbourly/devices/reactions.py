"""What devices do when a sign-in or an account ends."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing, SessionEnded
from neighbourly.devices import service


def end_pushes_of_session(event: SessionEnded) -> None:
    """No push reaches a phone that was signed out; where nobody wished that, its person finds out why (SEC-10)."""
    if event.because == "asked":
        service.forget_devices_of_session(session_id=event.session_id)
    else:
        service.silence_devices_of_session(session_id=event.session_id, because=event.because)


def forget_devices_of_person(event: AccountErasing) -> None:
    """No push reaches somebody who has left."""
    service.forget_devices_of_person(user_id=event.user_id)
