"""The budget of first words (SEC-27): every carrier of words or taps to somebody spends from it before they go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update

from neighbourly.acquaintances.errors import TooManyQuestions, WaitForReply
from neighbourly.acquaintances.models import Acquaintance
from neighbourly.core import clock
from neighbourly.core.db import db, take_turns
from neighbourly.core.errors import require

WORDS = 3
"""Texts to one person who has not answered, over all carriers and threads."""
TAKEN_BACK = 10
"""Proposals to one person that were withdrawn before anything came of one; those that wait have a rule of their own."""
STRANGERS_A_DAY = 10
"""People who have not answered and are written to, unasked, for the first time within a day."""
NEW_PEOPLE_A_DAY = 20
"""People who have not answered and are approached for the first time within a day, by whatever."""
A_DAY = timedelta(days=1)
FORGOTTEN_AFTER = timedelta(days=365)

_MAY_GO = """
    acquaintances.opened_at IS NULL AND (acquaintances.approacher_id <> :author
        OR (acquaintances.word_count + :words <= :most_words
            AND (:asked OR acquaintances.taken_back_count < :most_taken_back)))
"""
_COUNTED = """
    opened_at = CASE WHEN acquaintances.approacher_id <> :author THEN cast(:now AS timestamptz) END,
    word_count = acquaintances.word_count + :words
"""
_COUNT_UP = text(
    f"""
    WITH known AS (SELECT opened_at FROM acquaintances WHERE lower_id = :lower AND upper_id = :upper),
    counted AS (
        UPDATE acquaintances SET {_COUNTED}
        WHERE lower_id = :lower AND upper_id = :upper AND {_MAY_GO}
            AND (NOT :unasked OR wrote_at IS NOT NULL OR approacher_id <> :author)
        RETURNING lower_id
    )
    SELECT opened_at IS NOT NULL OR EXISTS (SELECT FROM counted) FROM known
    """  # noqa: S608  # constants
)
"""Whether it may go, where the two know of each other; one statement, which spends it as well."""
_BEGIN = text(
    f"""
    INSERT INTO acquaintances
        (lower_id, upper_id, approacher_id, approached_at, wrote_at, word_count)
    VALUES (:lower, :upper, :author, :now, CASE WHEN :unasked THEN cast(:now AS timestamptz) END, :words)
    ON CONFLICT (lower_id, upper_id) DO UPDATE SET {_COUNTED},
        wrote_at = coalesce(acquaintances.wrote_at, excluded.wrote_at)
    WHERE {_MAY_GO}
    RETURNING lower_id
    """  # noqa: S608  # constants
)
_MEET = text(
    """
    INSERT INTO acquaintances (lower_id, upper_id, approacher_id, approached_at, opened_at)
    VALUES (:lower, :upper, :author, :now, :now)
    ON CONFLICT (lower_id, upper_id) DO UPDATE SET opened_at = :now WHERE acquaintances.opened_at IS NULL
    """
)


def spend(*, author_id: UUID, reader_id: UUID, words_at: str | None = None, asked: bool = False) -> None:
    """Spend from the author's budget what they are about to say or tap to somebody; nothing once the two have met.

    `words_at` is the pointer to the text that goes along, None for a tap alone; `asked` says that it answers what the
    reader asked of everyone. What is said to who approached oneself is an answer, which opens it for both. It comes
    after every other check and lock, and what is refused leaves nothing. Raises `WaitForReply` and `TooManyQuestions`.
    """
    unasked = words_at is not None and not asked
    said = _pair(author_id, reader_id) | {
        "author": author_id,
        "words": int(words_at is not None),
        "asked": asked,
        "unasked": unasked,
        "now": clock.now(),
        "most_words": WORDS,
        "most_taken_back": TAKEN_BACK,
    }
    known = db.session.scalar(_COUNT_UP, said)
    if known:
        return
    # Of two first words at once the second is counted after the first.
    take_turns(uuid5(author_id, "first words"))
    _check_day(author_id, is_new=known is None, unasked=unasked)
    begun = db.session.scalar(_BEGIN, said) is not None
    if not begun and not is_open(author_id, reader_id):
        raise WaitForReply.at(words_at)


def _check_day(author_id: UUID, *, is_new: bool, unasked: bool) -> None:
    since = clock.now() - A_DAY
    lately = select(
        func.count().filter(Acquaintance.wrote_at > since), func.count().filter(Acquaintance.approached_at > since)
    ).where(
        Acquaintance.approacher_id == author_id,
        Acquaintance.opened_at.is_(None),
        or_(Acquaintance.approached_at > since, Acquaintance.wrote_at > since),
    )
    written_to, approached = db.session.execute(lately).one()
    require(not (unasked and written_to >= STRANGERS_A_DAY), TooManyQuestions)
    require(not (is_new and approached >= NEW_PEOPLE_A_DAY), TooManyQuestions)


def meet(*, one_id: UUID, other_id: UUID) -> None:
    """Two of whom each has tapped or written to the other have met: nothing is counted between them any more."""
    db.session.execute(_MEET, _pair(one_id, other_id) | {"author": one_id, "now": clock.now()})


def note_withdrawal(*, approacher_id: UUID, other_id: UUID) -> None:
    """Each proposal and its withdrawal are notices to the other: they are counted until there is a reaction."""
    _set_taken_back(approacher_id, other_id, Acquaintance.taken_back_count + 1)


def note_refusal(*, approacher_id: UUID, other_id: UUID) -> None:
    """A no is no invitation to write, but a reaction: withdrawals are counted anew."""
    _set_taken_back(approacher_id, other_id, 0)


def _set_taken_back(approacher_id: UUID, other_id: UUID, count: Any) -> None:
    unanswered = (
        *_of_pair(approacher_id, other_id),
        Acquaintance.approacher_id == approacher_id,
        Acquaintance.opened_at.is_(None),
    )
    db.session.execute(update(Acquaintance).where(*unanswered).values(taken_back_count=count))


def is_open(one_id: UUID, other_id: UUID) -> bool:
    """Whether two have met."""
    met = select(Acquaintance.opened_at.is_not(None)).where(*_of_pair(one_id, other_id))
    return db.session.scalar(met) or False


def _of_pair(one_id: UUID, other_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    pair = _pair(one_id, other_id)
    return Acquaintance.lower_id == pair["lower"], Acquaintance.upper_id == pair["upper"]


def _pair(one_id: UUID, other_id: UUID) -> dict[str, Any]:
    return {"lower": min(one_id, other_id), "upper": max(one_id, other_id)}


def forget_person(*, user_id: UUID) -> None:
    """Who leaves is known to nobody."""
    theirs = or_(Acquaintance.lower_id == user_id, Acquaintance.upper_id == user_id)
    db.session.execute(delete(Acquaintance).where(theirs))


def forget_old() -> int:
    """What was never answered is forgotten after a year (GDP-08); how many were."""
    old = Acquaintance.opened_at.is_(None), Acquaintance.approached_at < clock.now() - FORGOTTEN_AFTER
    gone = delete(Acquaintance).where(*old).returning(Acquaintance.lower_id)
    return len(db.session.scalars(gone).all())
