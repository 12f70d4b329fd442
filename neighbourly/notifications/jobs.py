"""Background work of notifications: what is due goes out, what is old is forgotten."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

import structlog
from flask import current_app

from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import transaction
from neighbourly.core.jobs import defer, job, timetable
from neighbourly.devices.service import disable_tokens, forget_tokens
from neighbourly.notifications import deliveries, service
from neighbourly.notifications.channels.push import Outcome, PushMessage, PushSender
from neighbourly.notifications.channels.senders import sender_from
from neighbourly.notifications.deliveries import Claim, Settlement

BATCH = 256
"""Four rounds of the sender's 64 threads: with FCM silent and each try timing out after 10 s, still within a claim."""
RUN_SECONDS = 20
SENDER = "neighbourly.push_sender"
log = structlog.get_logger("push")

_wanted = threading.Event()
_under_way = threading.Lock()


@job("notifications.deliver", queue="pushes")
def deliver() -> None:
    """Send what is due, until nothing is; a process does so once at a time.

    While FCM is slow, other jobs must find room in the worker, and the run under way takes on what this one came for:
    it looks again after it has let go.
    """
    _wanted.set()
    while _wanted.is_set() and _under_way.acquire(blocking=False):
        try:
            _wanted.clear()
            _deliver_due()
        finally:
            _under_way.release()


@timetable("* * * * *", "notifications.sweep", queue="pushes")
def sweep() -> None:
    """Send what has become due by itself: another try, the end of quiet hours, a claim that has lapsed."""
    deliver()


@timetable("37 2 * * *", "notifications.forget_old", queue="bulk")
def forget_old() -> None:
    """Delete what is older than it is kept, a batch a transaction."""
    more = True
    while more:
        with transaction():
            more = service.forget_old()


def _deliver_due() -> None:
    """After a while the rest is left to a job of its own, so that a worker asked to stop is not kept."""
    sender = _sender()
    ends_at = time.monotonic() + RUN_SECONDS
    while _deliver_batch(sender):
        if time.monotonic() > ends_at:
            with transaction():
                defer("notifications.deliver")
            return


def _deliver_batch(sender: PushSender) -> bool:
    """Whether there was anything; no transaction is open while FCM is waited for (FCM-02)."""
    with transaction():
        claims = deliveries.claim(BATCH, settings().public_url)
        settled = [(each, each.next) for each in claims if isinstance(each.next, Settlement)]
        deliveries.record(settled)
    for claim, settlement in settled:
        if settlement.error == deliveries.EXPIRED:
            log.error("push given up", delivery=str(claim.delivery_id), error=deliveries.EXPIRED)
    ready = [(each, each.next) for each in claims if isinstance(each.next, PushMessage)]
    if ready:
        outcomes = sender.send_many([message for _, message in ready])
        with transaction():
            _settle([(claim, message, outcome) for (claim, message), outcome in zip(ready, outcomes, strict=True)])
    return bool(claims)


def _settle(sent: Sequence[tuple[Claim, PushMessage, Outcome]]) -> None:
    now = clock.now()
    settlements = [deliveries.settle(claim, outcome, now=now, jitter=random.random()) for claim, _, outcome in sent]
    deliveries.record([(claim, settlement) for (claim, *_), settlement in zip(sent, settlements, strict=True)])
    forget_tokens(tokens=[message.token for _, message, outcome in sent if outcome.kind == "unregistered"])
    disable_tokens(tokens=[message.token for _, message, outcome in sent if outcome.kind == "sender_mismatch"])
    for (claim, _, outcome), settlement in zip(sent, settlements, strict=True):
        _report(claim, outcome, settlement)


def _report(claim: Claim, outcome: Outcome, settlement: Settlement) -> None:
    """Leave a line of what a person should look at; neither token nor text is in it."""
    ids = {"delivery": str(claim.delivery_id), "device": str(claim.device_id), "error": outcome.error}
    match outcome.kind:
        case "retry" if settlement.state == "dropped":
            log.error("push given up", attempt=claim.attempt, **ids)
        case "sender_mismatch":
            log.error("token of another Firebase project: the device is disabled", **ids)
        case "unauthorised":
            log.error("Firebase does not accept our credentials", **ids)
        case "rejected":
            log.error("push rejected: it will not be tried again", **ids)
        case "retry":
            log.warning("push not delivered yet", attempt=claim.attempt, **ids)


def _sender() -> PushSender:
    """The process's own sender, made when it is first needed and kept on the app."""
    extensions = current_app.extensions
    if SENDER not in extensions:
        current = settings()
        extensions[SENDER] = sender_from(current.firebase_credentials, current.fcm_url, current.push_file)
    sender: PushSender = extensions[SENDER]
    return sender
