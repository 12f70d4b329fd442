"""Standing interests: what a person looks for, in words, until it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from neighbourly.accounts.selectors import Actor
from neighbourly.core.db import db
from neighbourly.core.errors import IdTaken, require
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.core.jobs import defer
from neighbourly.core.language.encoding import pack
from neighbourly.listings import filing, reading
from neighbourly.listings.reading import Reader, text_of
from neighbourly.places.selectors import find_home
from neighbourly.preferences import selectors
from neighbourly.preferences.errors import TooManySearches
from neighbourly.preferences.events import SearchSaved
from neighbourly.preferences.models import Preferences, SavedSearch
from neighbourly.preferences.service.reaching import reach_of

MOST_SEARCHES = 20


def save_search(
    *,
    actor: Actor,
    q: str,
    id: UUID | None = None,
    kind: str | None = None,
    category: str | None = None,
    radius_m: int | None = None,
) -> tuple[SavedSearch, bool]:
    """Anyone looks for up to 20 things at a time, each with its own radius or the person's. The flag says if it is new.

    A category brings its kind. The same id with the same content is the same search (REL-07), and so are the
    same words, whatever their capitals and accents, for the same kind, category and radius. Raises `IdTaken`,
    `TooManySearches`, and the 422s `unknown_category` and `category_of_another_kind`.
    """
    filed = filing.file(q, kind=kind, category=category, unsaid=())
    said = {"user_id": actor.id, "q": q, "kind": filed.kind, "category": filed.category, "radius_m": radius_m}
    preferences = selectors.get_preferences(actor.id, lock=True)
    known = db.session.get(SavedSearch, id) if id is not None else None
    if known is not None:
        require(all(getattr(known, field) == value for field, value in said.items()), IdTaken)
        return known, False
    alike = selectors.find_same_search(said)
    if alike is not None:
        return alike, False
    require(selectors.count_searches(actor.id) < MOST_SEARCHES, TooManySearches)
    return _saved(preferences, id or new_id(), said), True


def _saved(preferences: Preferences, search_id: UUID, said: dict[str, Any]) -> SavedSearch:
    """It lies around the home as it is now; what it means is understood soon after."""
    reach = reach_of(preferences, find_home(preferences.user_id), said["radius_m"])
    search = SavedSearch(id=search_id, reach=reach, **said)
    db.session.add(search)
    db.session.flush()
    if reading.is_chosen():
        defer("preferences.understand_search", search_id=search.id)
    publish(SearchSaved(search.id))
    return search


def delete_search(*, actor: Actor, search_id: UUID) -> None:
    """Who looks no longer hears no more of it."""
    db.session.delete(selectors.get_search(search_id, actor.id, lock=True))


def understand_search(reader: Reader, search_id: UUID) -> None:
    """One search is understood, unless it is already or another has it in hand."""
    _understand(reader, selectors.list_pending_searches(1, only=search_id))


def understand_searches(reader: Reader, limit: int) -> int:
    """So many searches that wait are understood, the oldest first, but for those in another's hands; how many were."""
    waiting = selectors.list_pending_searches(limit)
    _understand(reader, waiting)
    return len(waiting)


def _understand(reader: Reader, waiting: Sequence[tuple[UUID, str]]) -> None:
    if not waiting:
        return
    packed = pack(reader.read([text_of(q) for _, q in waiting]))
    meanings = [
        {"id": search_id, "encoder": reader.version, "vector": vector}
        for (search_id, _), vector in zip(waiting, packed, strict=True)
    ]
    db.session.execute(update(SavedSearch), meanings)


def forget_outdated_meanings(reader: Reader) -> None:
    """What another reader has read is to be understood anew."""
    outdated = update(SavedSearch).where(SavedSearch.encoder != reader.version)
    db.session.execute(outdated.values(encoder=None, vector=None).execution_options(synchronize_session=False))
