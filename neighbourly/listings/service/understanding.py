"""What listings mean: noted as to be understood when they are written, understood in a job soon after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    String,
    Uuid,
    cast,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import insert

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.errors import InvalidInput
from neighbourly.core.events import publish
from neighbourly.core.jobs import defer
from neighbourly.core.language.encoding import pack
from neighbourly.listings import reading
from neighbourly.listings.consistency import OF_ITEMS, settle
from neighbourly.listings.events import ListingChanged, ListingsUnderstood
from neighbourly.listings.lifecycle import Action
from neighbourly.listings.models import Listing, Meaning
from neighbourly.listings.reading import Reader, text_of
from neighbourly.listings.service.filing import refile

FILED = ("kind", "category", "guessed", "left_open", *OF_ITEMS)


def note_text(listing: Listing) -> None:
    """A text that is new is to be understood; until then words and categories have to do."""
    noted = insert(Meaning).values(listing_id=listing.id)
    anew = noted.on_conflict_do_update(index_elements=[Meaning.listing_id], set_={"encoder": None, "vector": None})
    db.session.execute(anew)
    if reading.is_chosen():
        defer("listings.understand", listing_id=listing.id)


def forget_meaning(listing: Listing) -> None:
    """What is gone means nothing any more."""
    db.session.execute(delete(Meaning).where(Meaning.listing_id == listing.id))


def understand(*, listing_id: UUID, patiently: bool = False) -> bool:
    """One listing is understood, unless it is already; whether it was now.

    While the reader is loading, or another worker has the listing in hand, it is left for later: nobody is asked later
    for that. `patiently` waits for both.
    """
    reader = reading.get_reader() if patiently else reading.find_reader()
    return _understand(reader, _pending(skip=not patiently).where(Meaning.listing_id == listing_id)) > 0


def understand_pending(limit: int) -> int:
    """So many of those that wait are understood, the oldest first; how many were."""
    return _understand(reading.get_reader(), _pending().order_by(Meaning.listing_id).limit(limit))


def note_missing(*, after: UUID | None, limit: int) -> UUID | None:
    """Of so many listings, those that nobody noted are to be understood; the last, to go on after (None: no more).

    An older version that still serves beside this one notes nothing, and what it wrote is there when this one starts.
    """
    window = select(Listing.id, Listing.deleted_at).order_by(Listing.id).limit(limit)
    if after is not None:
        window = window.where(Listing.id > after)
    looked_at = window.subquery()
    missing = select(looked_at.c.id).where(
        looked_at.c.deleted_at.is_(None), ~exists().where(Meaning.listing_id == looked_at.c.id)
    )
    db.session.execute(insert(Meaning).from_select(["listing_id"], missing).on_conflict_do_nothing())
    return db.session.scalar(select(looked_at.c.id).order_by(looked_at.c.id.desc()).limit(1))


def understand_anew(limit: int) -> int:
    """So many that another reader has read are read anew; how many were."""
    reader = reading.get_reader()
    if reader is None:
        return 0
    for outdated in _read_by_another_than(reader):
        found = db.session.scalars(_listings_with_meanings().where(outdated).limit(limit)).all()
        if found:
            _write(reader, found)
            return len(found)
    return 0


def count_outdated() -> int:
    """How many listings have no vector of the reader in use."""
    reader = reading.get_reader()
    waiting = Meaning.vector.is_(None)
    outdated = waiting if reader is None else or_(waiting, *_read_by_another_than(reader))
    return db.session.scalar(select(func.count()).select_from(Meaning).where(outdated)) or 0


def _read_by_another_than(reader: Reader) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Two ranges, each of which the index on `encoder` answers from its beginning, as it does not `<>`."""
    return Meaning.encoder < reader.version, Meaning.encoder > reader.version


def _listings_with_meanings(*, skip: bool = True) -> Select[Any]:
    """Whatever is under another's hands is left for later, unless it is not to be skipped."""
    return (
        select(Listing)
        .join(Meaning, Meaning.listing_id == Listing.id)
        .with_for_update(of=[Listing, Meaning], key_share=True, skip_locked=skip)
        .execution_options(populate_existing=True)
    )


def _pending(*, skip: bool = True) -> Select[Any]:
    return _listings_with_meanings(skip=skip).where(Meaning.vector.is_(None))


def _understand(reader: Reader | None, waiting: Select[Any]) -> int:
    if reader is None:
        return 0
    found = db.session.scalars(waiting).all()
    if found:
        _write(reader, found)
        publish(ListingsUnderstood(tuple(listing.id for listing in found)))
    for listing in found:
        _guess_again(reader, listing)
    return len(found)


def _write(reader: Reader, found: Sequence[Listing]) -> None:
    packed = pack(reader.read([text_of(listing.title, listing.description) for listing in found]))
    given = values(column("id", Uuid()), column("vector", LargeBinary()), name="given").data(
        [(listing.id, vector) for listing, vector in zip(found, packed, strict=True)]
    )
    write = update(Meaning).where(Meaning.listing_id == given.c.id)
    encoded = {"encoder": cast(literal(reader.version), String()), "vector": given.c.vector}
    db.session.execute(write.values(encoded).execution_options(synchronize_session=False))


def _guess_again(reader: Reader, listing: Listing) -> None:
    """What was guessed by words alone, or left open, is guessed by the meaning too, if all that was said allows it."""
    if Action.EDIT not in listing.allowed_actions or not (listing.guessed or listing.kind is None):
        return
    before = {field: getattr(listing, field) for field in FILED}
    refile(listing, {}, reader.likeness(listing.title))
    try:
        settle(listing, (), clock.now())
    except InvalidInput:
        for field, value in before.items():
            setattr(listing, field, value)
    if any(getattr(listing, field) != before[field] for field in ("kind", "category")):
        publish(ListingChanged(listing.id))
