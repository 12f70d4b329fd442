"""Reading exchanges: only the two sides see one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from neighbourly.accounts.models import Block, User
from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import aliased, db, locked
from neighbourly.core.errors import NotFound
from neighbourly.exchanges import consent, policy, timeline
from neighbourly.exchanges.display_names import person_for, side_for, title_for
from neighbourly.exchanges.expecting import Expectation, expectation
from neighbourly.exchanges.lifecycle import Action, Side, allowed_actions
from neighbourly.exchanges.models import AnswerTime, Exchange, Meeting
from neighbourly.exchanges.rests import AWAY_OF_BOTH, absences_in_row
from neighbourly.listings.models import Listing
from neighbourly.listings.selectors import sharing_copies
from neighbourly.listings.summaries import ListingSummary, OwnerSummary
from neighbourly.preferences.models import Preferences
from neighbourly.territories.models import Territory
from neighbourly.timebank.models import Pending

MET = ("handed_over", "returned", "confirmed")
"""Where a need is met by it."""
OPEN = ("handed_over", "disputed")
"""Something is in somebody's hands, or they do not agree."""
_Giver, _Receiver = aliased(User, name="giver"), aliased(User, name="receiver")
_Own, _Around = aliased(AnswerTime, name="own_times"), aliased(AnswerTime, name="times_around")
_Answerer = aliased(Preferences, name="answerer")


@dataclass(frozen=True)
class ListingBrief:
    """What is taken up."""

    id: UUID
    title: str
    kind: str | None
    category: str | None


@dataclass(frozen=True)
class Warning:
    """What the timebank says of an accepted help."""

    covered_minutes: int
    below_floor: bool


@dataclass(frozen=True)
class ExchangeView:
    """An exchange as one of its sides sees it."""

    exchange: Exchange
    role: Side
    listing: ListingBrief
    giver: OwnerSummary
    receiver: OwnerSummary
    allowed_actions: Sequence[Action]
    overdue: bool
    has_meeting: bool
    expect: Expectation | None
    warning: Warning | None
    absences: timeline.Absences = field(default_factory=dict)
    next_best: Sequence[ListingSummary] = field(default=())

    @property
    def version(self) -> int:
        """The exchange's, for its `ETag`."""
        return self.exchange.version

    @property
    def dispute_reason(self) -> str | None:
        """What was said to be otherwise, where it was not written behind a block."""
        return None if self.exchange.reason_withheld else self.exchange.dispute_reason

    @property
    def object_until(self) -> datetime | None:
        """Until when the other side's tap may be objected to."""
        exchange, tapped_at = self.exchange, self.exchange.tapped_at
        return tapped_at and timeline.object_until(tapped_at, exchange.tapped_by, self.absences)

    @property
    def expires_at(self) -> datetime | None:
        """Until when a proposal waits for its answer."""
        return timeline.answer_by(self.exchange, self.absences)

    @property
    def say_minutes(self) -> bool:
        """Whether the tap that is due of this side says the minutes."""
        return consent.must_say_minutes(self.exchange, self.role)

    @property
    def confirm_by(self) -> datetime | None:
        """When a help that is done is confirmed by itself; None where silence says nothing."""
        return timeline.confirm_by(self.exchange, self.absences)


def get_exchange(exchange_id: UUID, viewer_id: UUID, *, lock: bool = False) -> Exchange:
    """An exchange of which this person is a side; `NotFound` otherwise."""
    statement = select(Exchange).where(
        Exchange.id == exchange_id, or_(Exchange.giver_id == viewer_id, Exchange.receiver_id == viewer_id)
    )
    exchange = locked(statement, key_share=True) if lock else db.session.scalars(statement).one_or_none()
    if exchange is None:
        raise NotFound()
    return exchange


def get_disputed(exchange_id: UUID) -> Exchange:
    """A disputed exchange, locked, for who may settle it; `NotFound` otherwise."""
    exchange: Exchange | None = locked(
        select(Exchange).where(Exchange.id == exchange_id, Exchange.state == "disputed"), key_share=True
    )
    if exchange is None:
        raise NotFound()
    return exchange


def are_parted(exchange: Exchange) -> bool:
    """Whether one of the two blocked the other."""
    return bool(db.session.scalar(select(have_parted(exchange.giver_id, exchange.receiver_id))))


def have_parted(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether one of these two columns' people blocked the other, as a condition."""
    return (
        exists()
        .where(
            or_(
                and_(Block.blocker_id == one, Block.blocked_id == other),
                and_(Block.blocker_id == other, Block.blocked_id == one),
            )
        )
        .correlate_except(Block)
    )


def as_known(kept: Any, current: Any) -> ColumnElement[Any]:
    """What an exchange keeps of its listing (BOK-12); as the listing says now where an earlier version proposed it."""
    return case((Exchange.known_title.is_(None), current), else_=kept)


def select_views(viewer_id: UUID) -> Any:
    """Every exchange of someone with all that is shown of it: one row each."""
    answerer_id = case((Exchange.awaiting == "receiver", Exchange.receiver_id), else_=Exchange.giver_id)
    meeting_by = select(Meeting.set_by).where(Meeting.exchange_id == Exchange.id).scalar_subquery()
    return (
        select(
            Exchange,
            Exchange.created_at,
            Exchange.id,
            as_known(Exchange.known_title, Listing.title).label("title"),
            Listing.owner_id,
            as_known(Exchange.known_kind, Listing.kind).label("listing_kind"),
            as_known(Exchange.known_category, Listing.category).label("category"),
            _Giver.display_name.label("giver_name"),
            _Giver.state.label("giver_state"),
            _Receiver.display_name.label("receiver_name"),
            _Receiver.state.label("receiver_state"),
            meeting_by.label("meeting_by"),
            have_parted(Exchange.giver_id, Exchange.receiver_id).label("parted"),
            _Own.median_minutes.label("own_median"),
            _Own.answers.label("own_answers"),
            _Answerer.show_answer_time.label("agrees"),
            *AWAY_OF_BOTH,
            _Around.median_minutes.label("median_around"),
            _Around.answers.label("answers_around"),
            Pending.covered_minutes,
            Pending.below_floor,
        )
        .join(Listing, Listing.id == Exchange.listing_id)
        .join(_Giver, _Giver.id == Exchange.giver_id)
        .join(_Receiver, _Receiver.id == Exchange.receiver_id)
        .outerjoin(_Answerer, _Answerer.user_id == answerer_id)
        .outerjoin(_Own, _Own.subject_id == answerer_id)
        .outerjoin(_Around, _Around.subject_id == Exchange.neighbourhood_id)
        .outerjoin(Pending, and_(Pending.exchange_id == Exchange.id, Pending.state == "pending"))
        .where(or_(Exchange.giver_id == viewer_id, Exchange.receiver_id == viewer_id))
    )


def view_exchange(exchange_id: UUID, viewer_id: UUID, language: str) -> ExchangeView:
    """One exchange as this side sees it; one statement."""
    row = db.session.execute(select_views(viewer_id).where(Exchange.id == exchange_id)).mappings().one_or_none()
    if row is None:
        raise NotFound()
    return as_view(row, viewer_id, language)


def list_exchanges(
    viewer_id: UUID,
    *,
    role: str | None = None,
    state: str | None = None,
    language: str,
    limit: int,
    cursor: str | None,
) -> pagination.Page:
    """Someone's exchanges, newest first; one statement. With somebody blocked only what is still open."""
    statement = select_views(viewer_id)
    if role is not None:
        statement = statement.where((Exchange.giver_id if role == "giver" else Exchange.receiver_id) == viewer_id)
    if state is not None:
        statement = statement.where(Exchange.state == state)
    statement = statement.where(or_(Exchange.state.in_(OPEN), ~have_parted(Exchange.giver_id, Exchange.receiver_id)))
    keys = pagination.newest_first(Exchange.created_at, Exchange.id)
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([as_view(row, viewer_id, language) for row in rows], following)


@dataclass(frozen=True)
class DisputeView:
    """A dispute as moderators read it: what it is about, between whom, and what was said."""

    id: UUID
    kind: str
    title: str
    giver: OwnerSummary
    receiver: OwnerSummary
    reason: str | None
    disputed_from: str
    since: datetime


def list_disputes(actor: Actor, *, limit: int, cursor: str | None) -> pagination.Page:
    """The disputes of the actor's territory, or of the whole installation, newest first; one statement."""
    statement = (
        select(
            Exchange,
            Exchange.updated_at,
            Exchange.id,
            as_known(Exchange.known_title, Listing.title).label("title"),
            _Giver.display_name.label("giver_name"),
            _Giver.state.label("giver_state"),
            _Receiver.display_name.label("receiver_name"),
            _Receiver.state.label("receiver_state"),
        )
        .join(Listing, Listing.id == Exchange.listing_id)
        .join(_Giver, _Giver.id == Exchange.giver_id)
        .join(_Receiver, _Receiver.id == Exchange.receiver_id)
        .outerjoin(Territory, Territory.id == Exchange.neighbourhood_id)
        .where(Exchange.state == "disputed", Exchange.giver_id != actor.id, Exchange.receiver_id != actor.id)
    )
    if actor.role != "admin" and actor.territory_code is not None:
        statement = statement.where(Territory.code == actor.territory_code)
    keys = (
        pagination.Key("updated_at", Exchange.updated_at, pagination.moment, descending=True),
        pagination.Key("id", Exchange.id, pagination.uuid, descending=True),
    )
    rows, following = pagination.page(statement, keys, limit=limit, cursor=cursor)
    return pagination.Page([_dispute(row, actor.language) for row in rows], following)


def _dispute(row: Any, language: str) -> DisputeView:
    exchange: Exchange = row["Exchange"]
    return DisputeView(
        exchange.id,
        exchange.kind,
        row["title"],
        person_for(exchange.giver_id, row["giver_name"], row["giver_state"], language),
        person_for(exchange.receiver_id, row["receiver_name"], row["receiver_state"], language),
        exchange.dispute_reason,
        exchange.disputed_from or "",
        exchange.updated_at,
    )


def as_view(row: Any, viewer_id: UUID, language: str) -> ExchangeView:
    """A row of `select_views` as one of its two sides sees it."""
    exchange: Exchange = row["Exchange"]
    now, absences = clock.now(), absences_in_row(row)
    role: Side = "giver" if exchange.giver_id == viewer_id else "receiver"
    overdue = exchange.state == "handed_over" and exchange.kind == "loan" and (exchange.ends_at or now) < now
    warns = role == "receiver" and (row["covered_minutes"] or row["below_floor"])
    warning = Warning(row["covered_minutes"], row["below_floor"]) if warns else None
    return ExchangeView(
        exchange,
        role,
        ListingBrief(exchange.listing_id, title_for(row, viewer_id), row["listing_kind"], row["category"]),
        side_for(row, "giver", viewer_id, language),
        side_for(row, "receiver", viewer_id, language),
        allowed_actions(policy.facts_of(exchange, parted=row["parted"], now=now, absences=absences), role),
        overdue,
        row["meeting_by"] is not None
        and policy.may_read_meeting(exchange, viewer_id, set_by=row["meeting_by"], parted=row["parted"], now=now),
        _expected(row, exchange, language),
        warning,
        absences,
    )


def _expected(row: Any, exchange: Exchange, language: str) -> Expectation | None:
    if exchange.state != "proposed":
        return None
    names = ("own_median", "own_answers", "agrees", "median_around", "answers_around")
    return expectation(**{name: row[name] for name in names}, language=language)


def count_open(user_id: UUID) -> tuple[int, int]:
    """How many things somebody has borrowed or been promised, and how many proposals of theirs wait; one statement."""
    promised = and_(
        Exchange.receiver_id == user_id, Exchange.kind == "loan", Exchange.state.in_(("accepted", "handed_over"))
    )
    waiting = and_(
        Exchange.state == "proposed",
        or_(
            and_(Exchange.receiver_id == user_id, Exchange.awaiting == "giver"),
            and_(Exchange.giver_id == user_id, Exchange.awaiting == "receiver"),
        ),
    )
    counts = select(func.count().filter(promised), func.count().filter(waiting)).where(
        or_(Exchange.receiver_id == user_id, Exchange.giver_id == user_id),
        Exchange.state.in_(("proposed", "accepted", "handed_over")),
    )
    things, proposals = db.session.execute(counts).one()
    return things, proposals


def list_resting_on(listing_id: UUID) -> Sequence[Exchange]:
    """What is proposed, agreed or under way of a listing, or to meet it, by id."""
    goes_on = select(Exchange).where(*rests_on(listing_id), Exchange.ended_at.is_(None))
    return db.session.scalars(goes_on.order_by(Exchange.id)).all()


def rests_on(listing_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """That an exchange is of a listing, or to meet it."""
    return (or_(Exchange.listing_id == listing_id, Exchange.request_id == listing_id),)


def list_out(listing_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Sequence[Exchange]:
    """The loans of a listing's copies that somebody has, or is said to have still, by id; locked if wished.

    `skip_locked`: without those that somebody else has locked, so that nobody is waited for.
    """
    disputed = and_(Exchange.state == "disputed", Exchange.disputed_from == "handed_over")
    same = Exchange.listing_id.in_(sharing_copies(listing_id))
    out = select(Exchange).where(same, Exchange.kind == "loan", or_(Exchange.state == "handed_over", disputed))
    if lock:
        out = out.with_for_update(skip_locked=skip_locked).execution_options(populate_existing=True)
    return db.session.scalars(out.order_by(Exchange.id)).all()


def has_proposed(user_id: UUID, listing_id: UUID) -> bool:
    """Whether somebody has asked for a thing and has no answer yet; one statement."""
    asked = Exchange.receiver_id == user_id, Exchange.listing_id == listing_id, Exchange.state == "proposed"
    return bool(db.session.scalar(select(exists().where(*asked))))


def list_late(listing_id: UUID, now: datetime) -> Sequence[Exchange]:
    """The loans of a listing that should be back and are not."""
    return [each for each in list_out(listing_id) if policy.is_late(each, now)]


def list_pending_of(user_id: UUID, other_id: UUID | None = None) -> Sequence[Exchange]:
    """What somebody has proposed, been proposed or agreed (with one person), locked in the order of ids."""
    one, other = Exchange.giver_id, Exchange.receiver_id
    between = or_(one == user_id, other == user_id)
    if other_id is not None:
        between = or_(and_(one == user_id, other == other_id), and_(one == other_id, other == user_id))
    pending = select(Exchange).where(between, Exchange.state.in_(("proposed", "accepted")))
    return db.session.scalars(pending.order_by(Exchange.id).with_for_update(key_share=True)).all()
