"""Push through Firebase Cloud Messaging: firebase-admin's encoding and errors, our own threads, none of its retries."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from neighbourly.notifications.channels.push import (
    Kind,
    Outcome,
    PushMessage,
    android_notification,
    apns_aps,
    apns_headers,
    web_push_headers,
)

# firebase_admin costs 0.3 s and 35 MiB: it is imported where a sender is made, not where this module is read.
if TYPE_CHECKING:
    from firebase_admin import App
    from firebase_admin.exceptions import FirebaseError
    from requests import PreparedRequest, Session

TIMEOUT_SECONDS = 10
THREADS = 64


class FcmSender:
    """Sends from `threads` threads with a service account; `url` (scheme and host) replaces Google's end point.

    Raises `ValueError` or `OSError` when the credentials cannot be read.
    """

    def __init__(self, credentials_file: Path, url: str | None = None, threads: int = THREADS) -> None:
        from firebase_admin import credentials, initialize_app

        self._app = initialize_app(
            credentials.Certificate(str(credentials_file)),
            {"httpTimeout": TIMEOUT_SECONDS},
            name=f"neighbourly-push-{uuid.uuid4()}",
        )
        self._access = _Access(self._app.credential.get_credential())
        self._session = _session(self._access, threads)
        point_at(self._app, self._session, url)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="push")

    def send(self, message: PushMessage) -> Outcome:
        """Send one, from this thread."""
        return self._access.ensure() or self._send(message, _Once(self._access.renew))

    def send_many(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Send all at once; credentials are fetched before the fan-out, and renewed at most once in it."""
        trouble = self._access.ensure()
        if trouble is not None:
            return [trouble] * len(messages)
        return list(self._pool.map(partial(self._send, renew=_Once(self._access.renew)), messages))

    def trouble(self) -> str | None:
        """Try everything but a push: why there is no access to Firebase, or None."""
        outcome = self._access.ensure()
        return outcome.error if outcome else None

    def close(self) -> None:
        """Wait for what is under way; then nothing of this sender remains."""
        from firebase_admin import delete_app

        self._pool.shutdown()
        self._session.close()
        self._access.close()
        delete_app(self._app)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, message: PushMessage, renew: Callable[[], Outcome | None]) -> Outcome:
        used = self._access.token
        outcome = self._try(message)
        if outcome.kind != "unauthorised":
            return outcome
        trouble = renew()
        if trouble is not None:
            return trouble
        return outcome if self._access.token == used else self._try(message)

    def _try(self, message: PushMessage) -> Outcome:
        from firebase_admin import messaging
        from firebase_admin.exceptions import FirebaseError

        try:
            messaging.send(firebase_message(message, datetime.now(UTC)), app=self._app)
        except FirebaseError as error:
            return _outcome(error)
        except Exception as error:
            # The message is well formed (PushMessage saw to it), so the answer was not: the SDK reads it trustingly.
            return Outcome("retry", error=f"unreadable answer: {type(error).__name__}")
        return Outcome("sent")


def point_at(app: App, session: Session, url: str | None) -> Any:
    """Make the app's messaging use our session, and our end point if one is given; the SDK's service.

    This is the one place that touches firebase-admin's private names: it offers neither an end point of one's own nor a
    way to switch off its retries (up to 4 in the calling thread, sleeping through any `Retry-After`).
    """
    from firebase_admin import messaging

    service = messaging._get_messaging_service(app)
    service._client._session = session
    if url is not None:
        service._fcm_url = f"{url.rstrip('/')}/v1/projects/{app.project_id}/messages:send"
    return service


def firebase_message(message: PushMessage, sent_at: datetime) -> Any:
    """The SDK's form of `wire_message`."""
    from firebase_admin import messaging

    built = messaging.Message(
        notification=messaging.Notification(title=message.title, body=message.body),
        data=dict(message.data),
        android=messaging.AndroidConfig(
            collapse_key=message.collapse_id,
            priority=message.priority,
            ttl=message.ttl_seconds,
            notification=messaging.AndroidNotification(**android_notification(message)),
        ),
        apns=messaging.APNSConfig(
            headers=apns_headers(message, sent_at), payload=messaging.APNSPayload(_aps(apns_aps(message)))
        ),
        webpush=messaging.WebpushConfig(
            headers=web_push_headers(message),
            notification=messaging.WebpushNotification(
                tag=message.collapse_id,
                actions=[messaging.WebpushNotificationAction(code, label) for code, label in message.actions],
            ),
        ),
    )
    # Not as an argument: that warns of deprecation in favour of Firebase's installation ids, which we are not given.
    built.token = message.token
    return built


def _aps(fields: dict[str, Any]) -> Any:
    from firebase_admin import messaging

    return messaging.Aps(
        badge=fields["badge"],
        sound=fields.get("sound"),
        category=fields.get("category"),
        thread_id=fields["thread-id"],
        mutable_content=bool(fields["mutable-content"]),
    )


def _session(access: _Access, threads: int) -> Session:
    from requests import Session
    from requests.adapters import HTTPAdapter
    from urllib3 import Retry

    session = Session()
    session.auth = access.sign
    # Nothing is tried again here: the delivery rows own waiting and `Retry-After`.
    once = Retry(0, status=0, respect_retry_after_header=False)
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=threads, max_retries=once)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _Access:
    """The access token of a service account, fetched by one thread while the others wait."""

    def __init__(self, credential: Any) -> None:
        from google.auth.transport.requests import Request
        from requests import Session

        self._credential = credential
        self._session = Session()
        self._request = partial(Request(self._session), timeout=TIMEOUT_SECONDS)
        self._lock = threading.Lock()

    @property
    def token(self) -> str | None:
        """The token in use."""
        token: str | None = self._credential.token
        return token

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token on a request."""
        self._credential.apply(request.headers)
        return request

    def ensure(self) -> Outcome | None:
        """Have a token that lasts some minutes more; None, or why there is none."""
        with self._lock:
            return None if self._credential.valid else self._fetch()

    def renew(self) -> Outcome | None:
        """Take a new token whatever the old one's age; None, or why there is none."""
        with self._lock:
            return self._fetch()

    def close(self) -> None:
        """Give back the connection."""
        self._session.close()

    def _fetch(self) -> Outcome | None:
        from google.auth.exceptions import RefreshError

        try:
            self._credential.refresh(self._request)
        except RefreshError as error:
            kind: Kind = "retry" if error.retryable else "unauthorised"
            return Outcome(kind, error="no access token: refused")
        except Exception as error:
            # No answer, or one that google-auth cannot read and says so in many ways.
            return Outcome("retry", error=f"no access token: {type(error).__name__}")
        return None


class _Once:
    """Calls a function for the first who asks; the others wait, and get the same result."""

    def __init__(self, make: Callable[[], Outcome | None]) -> None:
        self._make: Callable[[], Outcome | None] | None = make
        self._result: Outcome | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Outcome | None:
        with self._lock:
            if self._make is not None:
                self._result = self._make()
                self._make = None
        return self._result


def _outcome(error: FirebaseError) -> Outcome:
    response = error.http_response
    if response is None:
        return Outcome("retry", error=f"no answer: {type(error).__name__}")
    said = f"{response.status_code} {type(error).__name__}"
    kind = _kind(error, response.status_code)
    return Outcome(kind, _seconds(response.headers.get("Retry-After")) if kind == "retry" else None, said)


def _kind(error: FirebaseError, status: int) -> Kind:
    """What an answer means for the token and for the message.

    Only FCM's own code in `error.details` condemns a token: a bare 404 or 403 is a wrong end point or a missing
    permission, and would otherwise delete every phone.
    """
    from firebase_admin import messaging

    if isinstance(error, messaging.UnregisteredError):
        return "unregistered"
    if isinstance(error, messaging.SenderIdMismatchError):
        return "sender_mismatch"
    if status in (401, 403):
        return "unauthorised"
    if status in (404, 408, 429) or status >= 500:
        return "retry"
    return "rejected"


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` as seconds from now; None where there is none that can be read."""
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            return float(retry_after)
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
