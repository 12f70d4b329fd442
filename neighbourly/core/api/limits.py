"""How often one may call: counted by account and by address, told in `RateLimit` headers (IETF draft)."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import ceil
from time import time
from typing import Any, Literal, Protocol
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from neighbourly.core import clock
from neighbourly.core.api.counters import OwnMemory, SharedCounters
from neighbourly.core.config import Settings
from neighbourly.core.errors import TooManyRequests
from neighbourly.core.language.moments import moment


@dataclass(frozen=True)
class Limit:
    """At most so many calls in a window, counted by who calls, from where, or (`path`) of what.

    `path` is for what is read by a secret address, whoever reads it and from wherever: a calendar feed, say.
    `field` names a field of the body that is counted with it: so many tries from one address at one mailbox.
    Never by the mailbox alone, or whoever knows it could lock its owner out (SEC-15).
    `carried_by` names a field whose value, where it is an invitation with uses left, is counted instead of the address.
    An address is no person: a hall, a library or a whole mobile operator may stand behind one.
    """

    name: str
    rate: str
    by: Literal["account", "address", "path"] = "account"
    field: str | None = None
    carried_by: str | None = None

    @property
    def item(self) -> RateLimitItem:
        """As the library counts it, where the operator has not said otherwise."""
        return _parsed(self.rate)


@cache
def _parsed(rate: str) -> RateLimitItem:
    return parse(rate)


EVERYONE = Limit("address", "3000 per minute", "address")
EACH_MEMBER = Limit("account", "600 per minute")
EACH_MEMBERS_HOUR = Limit("account_hour", "7200 per hour")
"""Two calls a second for a whole hour: whatever they are, one account takes no more of them."""
SIGN_IN = Limit("sign_in", "300 per 5 minutes", "address")
SIGN_IN_TO = Limit("sign_in_to", "10 per 5 minutes", "address", field="email")
SIGN_UP = Limit("sign_up", "300 per hour", "address", carried_by="invite")
SIGN_UP_TO = Limit("sign_up_to", "20 per hour", "address", field="email")
RESEND = Limit("resend", "300 per hour", "address")
INVITED = Limit("invited", "60 per hour")
"""By invitation, which lets twenty people in: each may try three times."""
REFRESH = Limit("refresh", "600 per 5 minutes", "address")
RESET = Limit("reset", "300 per hour", "address")
RESET_TO = Limit("reset_to", "20 per hour", "address", field="email")
PROOF = Limit("proof", "20 per hour")
GEOCODE = Limit("geocode", "600 per hour", "address")
SEARCH = Limit("search", "240 per minute")
CALENDAR = Limit("calendar", "1200 per hour")
MATCHES = Limit("matches", "600 per hour")
LISTS = Limit("lists", "1200 per hour")
"""Pages of a hundred whole things of one's own, one of them every three seconds."""
FEEDS = Limit("feeds", "60 per hour", "path")
"""By the feed alone: the servers of a calendar service read those of many people from few addresses."""
FEED_READERS = Limit("feed_readers", "12000 per minute", "address")
"""Instead of `EVERYONE`: the same servers' addresses."""
WRITE = Limit("write", "120 per hour")
CREATE = Limit("create", "60 per hour")
"""For rows that others pay for with each of their searches; counted beside `WRITE`."""
DEVICES = Limit("devices", "60 per hour")
BLOCKS = Limit("blocks", "120 per hour")
"""Of its own: who has written much may still block."""
START = Limit("start", "600 per hour")
MESSAGES = Limit("messages", "300 per hour")


NETWORKS_OF_A_SITE = 8
"""So many times what one IPv6 network may, all those of one /48 may together."""


class Invitations(Protocol):
    """Says whether an invitation of this code lets somebody in at this moment."""

    def __call__(self, code: str) -> bool:
        """Whether it has uses left."""


def init_app(app: Flask, settings: Settings) -> None:
    """Count in the storage that the settings name; `NEIGHBOURLY_LIMITS=off` counts nothing."""
    app.extensions["neighbourly.limiter"] = FixedWindowRateLimiter(_storage(settings)) if settings.limits else None
    app.extensions["neighbourly.rates"] = dict(settings.rates)


def _storage(settings: Settings) -> Storage:
    """A store of other machines may be silent: there is one door to it, which never waits for it long."""
    if settings.limits_url.startswith("memory://"):
        return OwnMemory()
    return SharedCounters(settings.limits_url)


def spend(limits: tuple[Limit, ...], caller_id: UUID | None) -> None:
    """Count this call against each limit by account, address or path; raises `TooManyRequests` with `Retry-After`."""
    for limit in limits if _is_on() else ():
        if limit.field is None and limit.carried_by is None:
            _count(limit, _who(limit, caller_id))
            if limit.by == "address" or (limit.by == "account" and caller_id is None):
                _count_site(limit)


def _is_on() -> bool:
    return current_app.extensions["neighbourly.limiter"] is not None


def _who(limit: Limit, caller_id: UUID | None) -> str:
    if limit.by == "path":
        return _digest(request.path)
    return str(caller_id) if limit.by == "account" and caller_id else address()


def spend_on(limits: tuple[Limit, ...], body: Mapping[str, Any]) -> None:
    """Count this call against each limit that looks at a field of the body, too; raises `TooManyRequests`."""
    for limit in limits if _is_on() else ():
        if limit.field is not None:
            value = str(body.get(limit.field, "")).lower()
            _count(limit, f"{address()} {_digest(value)}")
            _count_site(limit, _digest(value))
        elif limit.carried_by is not None:
            _spend_unless_carried(limit, body.get(limit.carried_by))


def _spend_unless_carried(limit: Limit, code: str | None) -> None:
    """An invitation with uses left stands for who brings it, however many are behind their address."""
    has_uses: Invitations = current_app.extensions["neighbourly.invitations"]
    if code and has_uses(code):
        _count(INVITED, _digest(code))
    else:
        _count(limit, address())
        _count_site(limit)


def _digest(value: str) -> str:
    return hashlib.blake2b(value.encode(), digest_size=12).hexdigest()


def _count(limit: Limit, who: str) -> None:
    limiter: RateLimiter = current_app.extensions["neighbourly.limiter"]
    item, storage = _item(limit), limiter.storage
    key = item.key_for(limit.name, who)
    count, closes_at = storage.incr(key, item.get_expiry()), storage.get_expiry(key)
    wait = max(1, ceil(closes_at - time()))
    g.setdefault("rate_limits", []).append((limit, max(0, item.amount - count), wait))
    if count > item.amount:
        raise too_many(wait)


def _item(limit: Limit) -> RateLimitItem:
    """The rate in force: the operator's, else ours."""
    return _parsed(current_app.extensions["neighbourly.rates"].get(limit.name, limit.rate))


def too_many(wait_s: int) -> TooManyRequests:
    """The refusal that says until when, in seconds for the app and in words for its person."""
    until = clock.now() - clock.offset() + timedelta(seconds=wait_s)
    detail = {
        "fr": f"Réessayez {moment(until, 'fr', clock.COUNTRYS_ZONE)}.",
        "en": f"Try again on {moment(until, 'en', clock.COUNTRYS_ZONE)}.",
    }
    return TooManyRequests(detail=detail, headers={"Retry-After": str(wait_s)})


def _count_site(limit: Limit, of: str = "") -> None:
    """Count an IPv6 caller's site too, of which each network within it has its own share; the answer tells nothing."""
    site = _site(request.remote_addr or "")
    if site is None:
        return
    limiter: RateLimiter = current_app.extensions["neighbourly.limiter"]
    item, storage = _item(limit), limiter.storage
    key = item.key_for(f"{limit.name}_site", f"{site} {of}")
    if storage.incr(key, item.get_expiry()) > item.amount * NETWORKS_OF_A_SITE:
        raise too_many(max(1, ceil(storage.get_expiry(key) - time())))


def _site(given: str) -> str | None:
    """The 48 bits that one subscriber may have, with 65,536 networks in them (RFC 6177); None for IPv4."""
    try:
        parsed = ipaddress.ip_address(given)
    except ValueError:
        return None
    if parsed.version == 4 or parsed.ipv4_mapped:
        return None
    return str(ipaddress.ip_network((parsed, 48), strict=False))


def address() -> str:
    """Where the call comes from; an IPv6 network of 64 bits counts as one, since one home has all of it."""
    given = request.remote_addr or "unknown"
    try:
        parsed = ipaddress.ip_address(given)
    except ValueError:
        return given
    if parsed.version == 4:
        return given
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def tell(response: Response) -> Response:
    """Add the headers of the limits that counted this call."""
    counted = g.get("rate_limits", ())
    if counted:
        rates = [(limit.name, _item(limit)) for limit, _, _ in counted]
        policies = [f'"{name}";q={item.amount};w={item.get_expiry()}' for name, item in rates]
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(f'"{limit.name}";r={left};t={wait}' for limit, left, wait in counted)
    return response
