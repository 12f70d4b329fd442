"""Reading listings: who sees which, and how a listing looks to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.core import cells, clock
from neighbourly.core.api import pagination
from neighbourly.core.db import aliased, db, locked
from neighbourly.core.errors import NotFound, require
from neighbourly.listings import policy
from neighbourly.listings.absences import OWNER_AWAY_UNTIL, day_back
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import AssociationSummary, OwnerSummary
from neighbourly.places.models import Home

_PUBLISHED, _ACTIVE = (literal_column(f"'{state}'", String()) for state in ("published", "active"))
"""Part of the SQL and no parameters: only so may a plan that PostgreSQL keeps use the indexes of what is published."""


@dataclass(frozen=True)
class ListingView:
    """A listing as one person sees it. `distance_m` is from the viewer's home, None without one."""

    listing: Listing
    owner: OwnerSummary
    distance_m: int | None
    own: bool
    away_until: datetime | None = None
    """The day on which its owner is back; None while they are there."""
    association: AssociationSummary | None = None
    photos: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """The listing's, for its owner's `ETag`; to others it would tell each change that they cannot see."""
        return self.listing.version if self.own else 0

    @property
    def available(self) -> bool:
        """Whether it can be had, or done, at this time."""
        return self.listing.status == "published" and self.away_until is None


def visible(viewer_id: UUID | SQLColumnExpression[UUID]) -> tuple[ColumnElement[bool], ...]:
    """That a listing may be seen by this person who need not own it: THE home of visibility.

    Shown, of an active owner, with no block either way. Conditions over `Listing` joined with `User` as its owner.
    """
    return Listing.status == _PUBLISHED, User.state == _ACTIVE, unblocked(viewer_id, Listing.owner_id)


def readable(
    viewer_id: UUID | SQLColumnExpression[UUID], held: ColumnElement[bool]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a listing may be read by this person: as it stands, or only because they have a part in it.

    `held` says of `Listing` that they have: a higher feature knows. What a moderator removed, a block parts or somebody
    who left wrote is held by nobody. Conditions over `Listing` joined with `User` as its owner.
    """
    shown = and_(*visible(viewer_id))
    as_it_stands = and_(Listing.deleted_at.is_(None), or_(Listing.owner_id == viewer_id, shown))
    is_kept = and_(Listing.status.not_in(("draft", "removed")), User.state != "erased")
    return as_it_stands, and_(is_kept, unblocked(viewer_id, Listing.owner_id), held)


def read_listing(listing_id: UUID, viewer_id: UUID, held: ColumnElement[bool]) -> tuple[Listing, bool]:
    """A listing to look at, and whether only because it is `held`; `NotFound` otherwise. Nothing is done to it."""
    as_it_stands, kept = readable(viewer_id, held)
    statement = select(Listing, as_it_stands.label("as_it_stands")).join(User, User.id == Listing.owner_id)
    row = db.session.execute(statement.where(Listing.id == listing_id, or_(as_it_stands, kept))).one_or_none()
    if row is None:
        raise NotFound()
    return row.Listing, not row.as_it_stands


def sharing_copies(listing_id: UUID) -> Select[UUID]:
    """The ids of all listings with the same copies as this one: itself, and of private ones those of its kind."""
    keeper = select(func.coalesce(Listing.shares_copies_of, Listing.id)).where(Listing.id == listing_id)
    its = keeper.scalar_subquery()
    alike = aliased(Listing, name="alike")
    return select(alike.id).where(or_(alike.id == its, alike.shares_copies_of == its))


def get_listing(listing_id: UUID, viewer_id: UUID, lock: bool = False) -> Listing:
    """A listing that is one's own, in whatever state, or shown to this person; `NotFound` otherwise (SEC-03)."""
    shown = exists().where(User.id == Listing.owner_id, *visible(viewer_id)).correlate(Listing)
    statement = select(Listing).where(
        Listing.id == listing_id, Listing.deleted_at.is_(None), or_(Listing.owner_id == viewer_id, shown)
    )
    listing = locked(statement, key_share=True) if lock else db.session.scalars(statement).one_or_none()
    if listing is None:
        raise NotFound()
    return listing


def get_own_listing(listing_id: UUID, actor_id: UUID) -> Listing:
    """A listing to be changed, locked: `NotFound` for who does not see it, `Forbidden` for who does not own it."""
    listing = get_listing(listing_id, actor_id, lock=True)
    require(policy.may_change(actor_id, listing))
    return listing


def view_listing(listing: Listing, viewer_id: UUID) -> ListingView:
    """The listing as this person sees it; one statement for its owner's name and the viewer's home."""
    statement = (
        select(User.display_name, Home.cell, OWNER_AWAY_UNTIL)
        .join(Listing, Listing.owner_id == User.id)
        .outerjoin(Home, Home.user_id == viewer_id)
        .where(Listing.id == listing.id)
    )
    display_name, home, away_until = db.session.execute(statement).one()
    return _view(listing, display_name, home, away_until, viewer_id)


@dataclass(frozen=True)
class LiveListings:
    """How many listings of somebody have not ended, and how many copies they are together."""

    listings: int
    copies: int


def count_live(owner_id: UUID) -> LiveListings:
    """What one person has on offer, asks for, or keeps as drafts; one statement."""
    live = select(func.count(), func.coalesce(func.sum(Listing.quantity), 0)).where(
        Listing.owner_id == owner_id,
        Listing.status.in_(("draft", "published", "paused")),
        Listing.deleted_at.is_(None),
        Listing.private.is_(False),
    )
    # Of the session's own changes none counts yet.
    with db.session.no_autoflush:
        return LiveListings(*db.session.execute(live).one())


def list_my_listings(owner_id: UUID, *, status: str | None = None, limit: int, cursor: str | None) -> pagination.Page:
    """One's own in every state, or in one, newest first; what was deleted is gone."""
    statement = (
        select(Listing, User.display_name, Home.cell, OWNER_AWAY_UNTIL, Listing.created_at, Listing.id)
        .join(User, User.id == Listing.owner_id)
        .outerjoin(Home, Home.user_id == owner_id)
        .where(Listing.owner_id == owner_id, Listing.deleted_at.is_(None), Listing.private.is_(False))
    )
    if status is not None:
        statement = statement.where(Listing.status == status)
    keys = pagination.newest_first(Listing.created_at, Listing.id)
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    views = [_view(row["Listing"], row["display_name"], row["cell"], row["owner_away_until"], owner_id) for row in rows]
    return pagination.Page(views, following)


def _view(
    listing: Listing, display_name: str, home: cells.Cell | None, away_until: datetime | None, viewer_id: UUID
) -> ListingView:
    owner: OwnerSummary = {"id": listing.owner_id, "display_name": display_name, "photo": None}
    distance_m = None if home is None else cells.metres_between(home, listing.cell)
    back = day_back(away_until, clock.now())
    return ListingView(listing, owner, distance_m, listing.owner_id == viewer_id, back)
