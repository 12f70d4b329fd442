"""Looking at one's exchanges, the code to show, and the next best where nothing came of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.pagination import Page
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.exchanges import codes, policy, selectors
from neighbourly.exchanges.selectors import ExchangeView, ListingBrief
from neighbourly.exchanges.service.custody import require_at_home
from neighbourly.listings.errors import ActionNotAllowed
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import ListingSummary
from neighbourly.places.selectors import find_home
from neighbourly.preferences.selectors import get_preferences
from neighbourly.search.near import Wanted, find_near

UNMET = frozenset({"expired", "declined"})
NEXT_BEST = 3


@dataclass(frozen=True)
class ShownCode:
    """Six digits for the other side to enter."""

    step: str
    code: str
    qr_svg: str


def get_exchange(*, actor: Actor, exchange_id: UUID) -> ExchangeView:
    """Only its two sides see an exchange; who asked in vain sees what is next best."""
    view = selectors.view_exchange(exchange_id, actor.id, actor.language)
    if view.exchange.state in UNMET and view.role == "receiver":
        return replace(view, next_best=_next_best(view))
    return view


def list_exchanges(*, actor: Actor, role: str | None, state: str | None, limit: int, cursor: str | None) -> Page:
    """One's own, newest first."""
    return selectors.list_exchanges(
        actor.id, role=role, state=state, language=actor.language, limit=limit, cursor=cursor
    )


def view(*, actor: Actor, exchange_id: UUID) -> ExchangeView:
    """An exchange after a move, as who moved it sees it."""
    db.session.flush()
    return selectors.view_exchange(exchange_id, actor.id, actor.language)


def view_as_it_is(*, actor: Actor, exchange_id: UUID) -> ExchangeView:
    """An exchange with its thing as that is now: what a counter-proposal would be of."""
    seen = view(actor=actor, exchange_id=exchange_id)
    listing = db.session.get_one(Listing, seen.listing.id)
    return replace(seen, listing=ListingBrief(listing.id, listing.title, listing.kind, listing.category))


def show_code(*, actor: Actor, exchange_id: UUID) -> ShownCode:
    """The giver shows a code for the hand-over, the receiver one for the return.

    Raises `ActionNotAllowed`, and `ReturnFirst` where the copy is out and its return needs a code of its own.
    """
    exchange = selectors.get_exchange(exchange_id, actor.id)
    side = policy.side_of(actor.id, exchange)
    step: codes.Step
    match exchange.state, side, exchange.kind:
        case "accepted", "giver", "loan" | "gift":
            step = "hand_over"
            require_at_home(exchange)
        case "handed_over", "receiver", "loan":
            step = "return"
        case _:
            seen = selectors.view_exchange(exchange_id, actor.id, actor.language)
            raise ActionNotAllowed(allowed_actions=[str(each) for each in seen.allowed_actions])
    code = codes.code_of(settings().secret_key, exchange.id, step)
    return ShownCode(step, code, codes.qr_svg(code))


def _next_best(seen: ExchangeView) -> Sequence[ListingSummary]:
    """The nearest other offers of the same kind as what was proposed; none for who lives nowhere."""
    viewer_id, listing = seen.exchange.receiver_id, seen.listing
    home = find_home(viewer_id)
    if home is None:
        return ()
    wanted = Wanted(direction="offer", kind=listing.kind, category=listing.category)
    radius_m = get_preferences(viewer_id).reach_m
    found, _ = find_near(
        wanted, viewer_id=viewer_id, near=home.cell, radius_m=radius_m, limit=NEXT_BEST + 1, cursor=None
    )
    return [each for each in found if each["id"] != listing.id][:NEXT_BEST]
