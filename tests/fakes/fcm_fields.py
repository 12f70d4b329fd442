"""What FCM's HTTP v1 API and Apple document of a push's fields, as far as we could use them; all else is a fault.

Sources: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages; Apple's "Generating a remote
notification" and "Sending notification requests to APNs"; RFC 8030 for web push's headers; the Notifications API's
NotificationOptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

KEY = r"[A-Za-z0-9_-]{1,32}"
NUMBER = r"\d{1,10}"
FIELDS: Mapping[str, Any] = {
    "token": str,
    "notification": {"title": str, "body": str, "image": str},
    "data": {"*": str},
    "android": {
        "collapse_key": str,
        "priority": r"high|normal",
        "ttl": r"\d+(\.\d{1,9})?s",
        "data": {"*": str},
        "notification": {
            "title": str, "body": str, "icon": str, "color": str, "sound": str, "tag": str, "click_action": str,
            "channel_id": str, "notification_count": int, "image": str, "sticky": bool, "local_only": bool,
        },
    },
    "apns": {
        "headers": {
            "apns-collapse-id": r".{1,64}",
            "apns-priority": r"1|5|10",
            "apns-expiration": NUMBER,
            "apns-push-type": r"alert|background",
            "apns-topic": str,
            "apns-id": str,
        },
        "payload": {
            "*": object,
            "aps": {
                "alert": object, "badge": int, "sound": str, "thread-id": str, "category": str,
                "content-available": int, "mutable-content": int, "target-content-id": str,
                "interruption-level": str, "relevance-score": float,
            },
        },
    },
    "webpush": {
        "headers": {"TTL": NUMBER, "Urgency": r"very-low|low|normal|high", "Topic": KEY},
        "data": {"*": str},
        "notification": {
            "title": str, "body": str, "tag": str, "icon": str, "badge": str, "lang": str, "dir": str, "renotify": bool,
            "requireInteraction": bool, "silent": bool, "actions": [{"action": str, "title": str, "icon": str}],
        },
        "fcm_options": {"link": str, "analytics_label": str},
    },
    "fcm_options": {"analytics_label": str},
}  # fmt: skip
RESERVED = re.compile(r"from|message_type|notification|google.*|gcm.*")
"""Keys that `data` may not have."""
MOST_BYTES = 4096
"""Of a whole payload: FCM's ceiling, and Apple's."""


def faults_of(message: Mapping[str, Any]) -> list[str]:
    """What is wrong with a message, by where it stands; nothing where both services would take it."""
    return [*_field_faults(message, FIELDS, ""), *_whole_faults(message)]


def _whole_faults(message: Mapping[str, Any]) -> Iterator[str]:
    if not message.get("token"):
        yield "token: a message needs one"
    for name in message.get("data", {}):
        if RESERVED.fullmatch(name):
            yield f"data.{name}: reserved"
    if len(orjson.dumps({name: part for name, part in message.items() if name != "token"})) > MOST_BYTES:
        yield "message: too large"


def _field_faults(value: Any, documented: Any, place: str) -> Iterator[str]:
    match documented:
        case dict() if isinstance(value, dict):
            for name, inner in value.items():
                known = documented.get(name, documented.get("*"))
                if known is None:
                    yield f"{place}{name}: unknown field"
                else:
                    yield from _field_faults(inner, known, f"{place}{name}.")
        case [only] if isinstance(value, list):
            for inner in value:
                yield from _field_faults(inner, only, place)
        case str() if isinstance(value, str) and re.fullmatch(documented, value):
            return
        case type() if isinstance(value, documented) and not (documented is int and isinstance(value, bool)):
            return
        case _:
            yield f"{place.rstrip('.')}: {value!r} is not what it takes"
