"""Reading answers. A `no` is counted nowhere and shown to nobody but who gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, func, literal, select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import hold_person, unblocked
from neighbourly.answers.models import Answer
from neighbourly.answers.terms import minutes_of, version_of
from neighbourly.core.api.pagination import Key, Page, page, uuid
from neighbourly.core.cells import Cell, metres_between
from neighbourly.core.db import Point, db, locked, metres_apart
from neighbourly.listings.models import Listing
from neighbourly.listings.naming import name_for
from neighbourly.listings.summaries import COLUMNS, ListingSummary, OwnerSummary, summary
from neighbourly.places.models import Home

WILLING = ("yes", "later")
_BEYOND_EVERYWHERE = 1e9


def find_answer(listing_id: UUID, user_id: UUID, *, lock: bool = False) -> Answer | None:
    """What someone said to a request, if anything."""
    statement = select(Answer).where(Answer.listing_id == listing_id, Answer.user_id == user_id)
    return locked(statement) if lock else db.session.scalars(statement).one_or_none()


def hold(listing_id: UUID) -> None:
    """Let nobody else change or answer a listing until this transaction ends."""
    db.session.execute(select(Listing.id).where(Listing.id == listing_id).with_for_update(key_share=True))


def hold_answer(listing_id: UUID, user_id: UUID) -> Answer | None:
    """What someone said to a request, and the request, held until this transaction ends.

    In the order in which who chooses it holds them: who says it, what was said, the request. So of one person's taps
    the next waits until the first has said something, and none waits for what another holds.
    """
    hold_person(user_id)
    said = find_answer(listing_id, user_id, lock=True)
    hold(listing_id)
    return said


def _heard(owner_id: UUID, listing_id: UUID, answers: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """Answers that the asker gets to know of: from neighbours who are there, with no block between them."""
    return (
        Answer.listing_id == listing_id,
        Answer.answer.in_(answers),
        User.state == "active",
        unblocked(owner_id, User.id),
    )


def count_yes(listing: Listing) -> int:
    """How many have said yes to a request."""
    heard = _heard(listing.owner_id, listing.id, ("yes",))
    return db.session.scalar(select(func.count()).select_from(Answer).join(User).where(*heard)) or 0


def list_yeses(listing: Listing) -> list[UUID]:
    """Who has said yes to a request, by their ids; one statement."""
    heard = _heard(listing.owner_id, listing.id, ("yes",))
    return list(db.session.scalars(select(Answer.user_id).join(User).where(*heard)))


def list_willing(listing: Listing) -> list[UUID]:
    """Who has said yes or later to a request, by their ids: those to be told when it is met."""
    heard = _heard(listing.owner_id, listing.id, WILLING)
    return list(db.session.scalars(select(Answer.user_id).join(User).where(*heard).order_by(Answer.user_id)))


@dataclass(frozen=True)
class AnswerView:
    """An answer as the asker sees it; `distance_m` is from the need's cell, while that is shown and a home known."""

    answer: Answer
    neighbour: OwnerSummary
    distance_m: int | None
    listing: ListingSummary | None
    """The offer that would meet the need, while it is shown."""
    thing: str | None

    @property
    def minutes(self) -> int | None:
        """What the help would cost, as both read it."""
        return minutes_of(self.answer)

    @property
    def version(self) -> str:
        """Of all that who asked reads here."""
        return _version(self.answer, self.listing)


@dataclass(frozen=True)
class OwnAnswer:
    """An answer as its giver sees it."""

    answer: Answer
    listing: ListingSummary | None
    thing: str | None

    @property
    def minutes(self) -> int | None:
        """What the help would cost, as both read it."""
        return minutes_of(self.answer)

    @property
    def version(self) -> int:
        """The answer's, for its `ETag`."""
        return self.answer.version


def list_answers(request: Listing, *, limit: int, cursor: str | None) -> Page:
    """The yeses and laters to a request, nearest first; two statements.

    Once it is no longer shown they come in their own order, without distances: homes move on, and who helped once is
    not to be followed.
    """
    metres = metres_apart(Home.location, literal(request.location, Point()))
    everywhere: ColumnElement[float] = literal(_BEYOND_EVERYWHERE, Double())
    away = func.coalesce(metres, everywhere) if request.status == "published" else everywhere
    statement = (
        select(Answer, User.display_name, Home.cell, away.label("away"), Answer.id)
        .join(User, User.id == Answer.user_id)
        .outerjoin(Home, Home.user_id == Answer.user_id)
        .where(*_heard(request.owner_id, request.id, WILLING))
    )
    keys = (Key("away", away, float), Key("id", Answer.id, uuid))
    rows, following = page(statement, keys, limit=limit, cursor=cursor)
    offers = _offers([row["Answer"].offer_id for row in rows], request)
    return Page([_view(row, offers, request) for row in rows], following)


def view_own(answer: Answer, request: Listing) -> OwnAnswer:
    """One's own answer, whatever it says."""
    listing = _offers([answer.offer_id], request).get(answer.offer_id)
    return OwnAnswer(answer, listing, _thing(answer, listing, request))


def read_version(answer: Answer, request: Listing) -> str:
    """The version of an answer as who asked would read it now; one statement where it comes with an offer."""
    return _version(answer, _offers([answer.offer_id], request).get(answer.offer_id))


def read_terms(answer: Answer, request: Listing) -> dict[str, Any]:
    """What who asked would read of an answer that has changed since they last did."""
    listing = _offers([answer.offer_id], request).get(answer.offer_id)
    return {
        "id": str(answer.id),
        "answer": answer.answer,
        "thing": _thing(answer, listing, request),
        "minutes": minutes_of(answer),
        "available_from": answer.available_from,
        "available_until": answer.available_until,
        "version": _version(answer, listing),
    }


def _version(answer: Answer, listing: ListingSummary | None) -> str:
    shown = (None, None) if listing is None else (listing["title"], listing["kind"])
    return version_of(answer, *shown)


def _view(row: Any, offers: Mapping[UUID | None, ListingSummary], request: Listing) -> AnswerView:
    answer: Answer = row["Answer"]
    listing = offers.get(answer.offer_id)
    return AnswerView(
        answer,
        {"id": answer.user_id, "display_name": row["display_name"], "photo": None},
        _distance(request, row["cell"]),
        listing,
        _thing(answer, listing, request),
    )


def _thing(answer: Answer, listing: ListingSummary | None, request: Listing) -> str | None:
    """What would be handed over; None where it is a help, or an offer that is not shown any more."""
    if listing is not None:
        return listing["title"]
    comes = answer.answer in WILLING and answer.offer_id is None and request.kind == "item"
    return name_for(request, answer.title) if comes else None


def _distance(request: Listing, home: Cell | None) -> int | None:
    return None if home is None or request.status != "published" else metres_between(request.cell, home)


def _offers(ids: Iterable[UUID | None], request: Listing) -> dict[UUID | None, ListingSummary]:
    """Those of these offers that are shown, by id, with their distance from the need."""
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    statement = select(*COLUMNS).join(User, User.id == Listing.owner_id).where(Listing.id.in_(wanted))
    rows = db.session.execute(statement.where(Listing.status == "published"))
    return {row.id: summary(row, metres_between(request.cell, row.cell)) for row in rows}
