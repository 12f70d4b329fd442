"""A push as the program thinks of it, as FCM's HTTP v1 API takes it, what can become of it, and when to try again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

Kind = Literal["sent", "unregistered", "sender_mismatch", "rejected", "retry", "unauthorised"]

COLLAPSE_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""What all three ways can carry: web push's Topic is the narrowest (RFC 8030, 5.4)."""
LONGEST_TTL = timedelta(weeks=4)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class PushMessage:
    """One push to one phone; a later one with the same `collapse_id` replaces it, under way and on the screen."""

    token: str
    installation_id: str
    title: str
    body: str
    data: Mapping[str, str]
    collapse_id: str
    """The thing that it is about."""
    thread_id: str
    """What it stands together with on the screen (iOS)."""
    channel_id: str
    """Under which of the app's channels its person mutes it (Android)."""
    ttl_seconds: int
    priority: Literal["high", "normal"]
    badge: int
    """How many notifications its person has not read."""
    category: str | None = None
    """Which buttons the app may show on it; None: none."""
    actions: Sequence[tuple[str, str]] = ()
    """Those buttons: code and label."""

    def __post_init__(self) -> None:
        """Refuse what no server would take (`ValueError`), so that it shows where it was made."""
        if not self.token:
            raise ValueError("a push needs a token")
        if not COLLAPSE_ID.fullmatch(self.collapse_id):
            raise ValueError("a collapse id has 1 to 32 letters, digits, - or _")
        if not 0 <= self.ttl_seconds <= LONGEST_TTL.total_seconds():
            raise ValueError("a push lives at most four weeks")


@dataclass(frozen=True)
class Outcome:
    """What became of a push.

    `sent`; `unregistered`: the token is dead; `sender_mismatch`: the token is another project's; `rejected`: this
    message will never be taken; `retry`: later, at the earliest after `retry_after_seconds`; `unauthorised`: our
    credentials are not accepted. `error` is for the log and holds neither token nor text.
    """

    kind: Kind
    retry_after_seconds: float | None = None
    error: str | None = None


class PushSender(Protocol):
    """Sends pushes and raises nothing: whatever happens is an outcome."""

    def send(self, message: PushMessage) -> Outcome:
        """Send one."""

    def send_many(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Send all; the outcomes in the order of the messages."""

    def close(self) -> None:
        """Give back threads and connections."""


def wire_message(message: PushMessage, sent_at: datetime) -> dict[str, Any]:
    """The `message` of FCM's HTTP v1 API: one text, and per platform its urgency, its life and what it replaces.

    Source: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
    """
    wire: dict[str, Any] = {
        "token": message.token,
        "notification": {"title": message.title, "body": message.body},
        "data": dict(message.data),
        "android": {
            "collapse_key": message.collapse_id,
            "priority": message.priority,
            "ttl": f"{message.ttl_seconds}s",
            "notification": android_notification(message),
        },
        "apns": {"headers": apns_headers(message, sent_at), "payload": {"aps": apns_aps(message)}},
        "webpush": {"headers": web_push_headers(message), "notification": web_notification(message)},
    }
    if not message.data:
        del wire["data"]
    return wire


def android_notification(message: PushMessage) -> dict[str, Any]:
    """FCM's AndroidNotification: shown in the app's channel, in place of the last one with this tag.

    FCM keeps at most four collapse keys for a phone that is out of reach, and says that it ignores them where a
    notification is displayed by itself: what is replaced on the screen is decided by the tag alone.
    Source: https://firebase.google.com/docs/cloud-messaging/customize-messages/collapsible-message-types
    """
    shown: dict[str, Any] = {
        "tag": message.collapse_id,
        "channel_id": message.channel_id,
        "notification_count": message.badge,
    }
    return shown | ({"sound": "default"} if message.priority == "high" else {})


def apns_aps(message: PushMessage) -> dict[str, Any]:
    """Apple's `aps`; FCM adds the alert from the notification's title and body.

    Mutable, so that the app's extension may put a picture or buttons of its own on it.
    Source: Apple, "Generating a remote notification".
    """
    aps: dict[str, Any] = {"badge": message.badge, "thread-id": message.thread_id, "mutable-content": 1}
    if message.priority == "high":
        aps["sound"] = "default"
    return aps | ({"category": message.category} if message.category else {})


def apns_headers(message: PushMessage, sent_at: datetime) -> dict[str, str]:
    """Apple's: priority 10 at once, 5 when it suits the battery; the end as seconds since 1970, 0 for now or never."""
    ends_at = int(sent_at.timestamp()) + message.ttl_seconds if message.ttl_seconds else 0
    return {
        "apns-collapse-id": message.collapse_id,
        "apns-priority": "10" if message.priority == "high" else "5",
        "apns-expiration": str(ends_at),
        "apns-push-type": "alert",
    }


def web_push_headers(message: PushMessage) -> dict[str, str]:
    """The browsers' (RFC 8030)."""
    return {"TTL": str(message.ttl_seconds), "Urgency": message.priority, "Topic": message.collapse_id}


def web_notification(message: PushMessage) -> dict[str, Any]:
    """The options of the browsers' Notification interface; its title and body are those of every platform."""
    buttons = [{"action": code, "title": label} for code, label in message.actions]
    return {"tag": message.collapse_id} | ({"actions": buttons} if buttons else {})


def backoff(attempt: int, retry_after: float | None, jitter: float) -> timedelta:
    """How long to wait after the `attempt`-th failure (from 1): doubling, between 10 s and an hour.

    `jitter` 0 waits 10, 20, 40 s…, 1 twice as long, so that a crowd that failed together comes back one by one. What
    the server asked for (`retry_after`, in seconds) wins where it is longer.
    """
    doublings = min(attempt, 16)  # beyond, the longest wait is long reached
    upper = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    wait = upper * (1 + jitter) / 2
    return max(wait, timedelta(seconds=retry_after or 0))
