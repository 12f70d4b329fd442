"""What each need finds among the offers of one cell: by matching as it is, by words alone, and by trigrams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing
from neighbourly.matching.selectors import show_matches
from tests import people
from tests.evaluation.examples import Examples, Need, Offer
from tests.evaluation.metrics import Quality, Ranked, quality
from tests.factories.listings import actor

Ranking = Callable[[Need], Sequence[UUID]]
Ids = Mapping[UUID, str]

KIND_GIVEN, KIND_GUESSED = "matching, kind given", "matching, kind guessed"
WORDS, ANY_WORD, TRIGRAMS, TRIGRAMS_OF_KIND = "all words", "any word", "trigrams", "trigrams, kind given"
LIMIT = 100
EXTENSION = text("CREATE EXTENSION IF NOT EXISTS pg_trgm")
_BY_WORDS = """
    SELECT l.id FROM listings l, (SELECT {query} AS query) said
    WHERE l.direction = 'offer' AND l.words @@ said.query ORDER BY ts_rank(l.words, said.query) DESC, l.id
"""
_ALL = "websearch_to_tsquery('neighbourly_fr', :text) || websearch_to_tsquery('neighbourly_en', :text)"
BY_ALL_WORDS = text(_BY_WORDS.format(query=_ALL))
"""As near search does for `q`."""
BY_ANY_WORD = text(_BY_WORDS.format(query=f"replace(({_ALL})::text, '&', '|')::tsquery"))
BY_TRIGRAMS = text(
    """
    SELECT id FROM listings, LATERAL similarity(title || ' ' || description, :text) alike
    WHERE direction = 'offer' AND alike > 0 AND (kind = :kind OR :kind IS NULL) ORDER BY alike DESC, id
    """
)


def measure(examples: Examples) -> Mapping[str, Quality]:
    """How well each way of looking finds what is right, on an empty database within an app's context."""
    db.session.execute(EXTENSION)
    ids = _publish(examples.offers)
    asker = people.make("Asker A.", home=people.ANA_CELL)
    ways = _by_matching(asker, examples.needs) | _by_text()
    return {name: quality([_ranked(each, rank, ids) for each in examples.needs]) for name, rank in ways.items()}


def _publish(offers: Iterable[Offer]) -> Ids:
    """A neighbour for each offer, all of them in one cell; the offers' names by id."""
    made: dict[UUID, str] = {}
    for offer in offers:
        owner = people.make(f"{offer.id} O.", home=people.ANA_CELL)
        said = {"direction": "offer", "kind": offer.kind, "description": offer.description}
        made[_write(owner, offer.title, **said).id] = offer.id
    return made


def _by_matching(asker: User, needs: Iterable[Need]) -> Mapping[str, Ranking]:
    """The asker's drafts, once with their kinds and once without, all of them understood."""
    told, untold = (
        {need: _write(asker, need.text, status="draft", kind=need.kind if tell else None) for need in needs}
        for tell in (True, False)
    )
    while listings.understand_pending(LIMIT):
        db.session.commit()
    return {KIND_GIVEN: lambda need: _matches(told[need]), KIND_GUESSED: lambda need: _matches(untold[need])}


def _by_text() -> Mapping[str, Ranking]:
    return {
        WORDS: lambda need: _ids(BY_ALL_WORDS, text=need.text),
        ANY_WORD: lambda need: _ids(BY_ANY_WORD, text=need.text),
        TRIGRAMS: lambda need: _ids(BY_TRIGRAMS, text=need.text, kind=None),
        TRIGRAMS_OF_KIND: lambda need: _ids(BY_TRIGRAMS, text=need.text, kind=need.kind),
    }


def _write(owner: User, title: str, **said: object) -> Listing:
    listing, _new = listings.create_listing(actor=actor(owner), title=title, **said)
    db.session.commit()
    return listing


def _matches(draft: Listing) -> Sequence[UUID]:
    return [match.listing["id"] for match in show_matches(draft, limit=LIMIT, by_interest=0).items]


def _ids(statement: object, **values: str | None) -> Sequence[UUID]:
    return db.session.scalars(statement, values).all()


def _ranked(need: Need, rank: Ranking, ids: Ids) -> Ranked:
    return Ranked([ids[found] for found in rank(need)], need.right)
