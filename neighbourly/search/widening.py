"""Where words find little, the nearest listings that mean the same are shown after them; still one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    LargeBinary,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)

from neighbourly.accounts.models import User
from neighbourly.core.db import Read
from neighbourly.core.language.encoding import Vectors, unpack
from neighbourly.listings.models import Listing, Meaning
from neighbourly.listings.reading import Reader, find_reader, text_of
from neighbourly.listings.summaries import COLUMNS
from neighbourly.search.statements import FILTERS, NEAREST_FIRST, found, within

LITTLE = 5
"""So few findings are little."""
WEIGHED = 400
"""So many of the nearest are compared by what they mean."""
LEAST_LIKENESS = 0.33
"""What is less like than this is not shown."""
LONGEST_QUERY = 120
Row = tuple[Any, ...]


def reader_for(q: str | None) -> Reader | None:
    """What reads the query, where it is short enough and the reader is there; else words alone have to do."""
    if not q or len(q) > LONGEST_QUERY or _says_which_words(q):
        return None
    return find_reader()


def _says_which_words(q: str) -> bool:
    """Whether it names words to be had together, or not at all: then nothing else is meant."""
    return '"' in q or any(word.startswith("-") for word in q.split())


def find_widened(reader: Reader, filters: frozenset[str], order: str, values: Mapping[str, Any]) -> list[Row]:
    """The rows that the words find, in their order; where they are few, after them what means the same, likest first.

    `values` are the statement's, `q` among them. Only of what the words find there is one more than fits on a page.
    """
    fitting = values["limit"] - 1
    few = min(LITTLE, values["limit"])
    statement = _statement(filters, order)
    rows = statement.rows(**values, few=few, encoder=reader.version)
    place = statement.columns.index("place")
    by_words = sorted((row for row in rows if row[place]), key=lambda row: row[place])
    if len(by_words) >= few:
        return by_words
    like = _likest(reader.read([text_of(values["q"])])[0], [row for row in rows if not row[place]])
    return [*by_words, *like][:fitting]


def _likest(wanted: Vectors, rows: Sequence[Row]) -> list[Row]:
    if not rows:
        return []
    likeness = unpack([row[-1] for row in rows]) @ wanted
    likest = sorted(zip(likeness.tolist(), rows, strict=True), key=lambda each: -each[0])
    return [row for like, row in likest if like >= LEAST_LIKENESS]


@cache
def _statement(filters: frozenset[str], order: str) -> Read:
    """What the words find with its place among it, and, only where that is little, the nearest others with vectors."""
    words = found(filters, order, continued=False).cte("words")
    place = func.row_number().over().label("place")
    by_words = select(*words.c, place, cast(null(), LargeBinary()).label("vector"))
    computed = [cast(null(), column.type).label(column.key) for column in list(words.c)[len(COLUMNS) :]]
    count = select(func.count()).select_from(words).scalar_subquery()
    like = _like(filters, computed).where(count < bindparam("few", type_=Integer())).subquery()
    return Read(union_all(by_words, select(*like.c)))


def _like(filters: frozenset[str], computed: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    """The nearest that the words do not find."""
    conditions = [FILTERS[name] for name in sorted(filters - {"q", "categories"})]
    if "categories" in filters:
        conditions.append(Listing.category == any_(bindparam("categories", type_=ARRAY(String()))))
    same_reader = and_(Meaning.listing_id == Listing.id, Meaning.encoder == bindparam("encoder", type_=String()))
    return (
        select(*COLUMNS, *computed, cast(null(), BigInteger()).label("place"), Meaning.vector)
        .join(User, User.id == Listing.owner_id)
        .join(Meaning, same_reader)
        .where(*within(), *conditions, ~FILTERS["q"])
        .order_by(*(key.order() for key in NEAREST_FIRST))
        .limit(WEIGHED)
    )
