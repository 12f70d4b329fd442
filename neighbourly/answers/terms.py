"""What somebody said yes to and with: kept with the answer, so that a choice is held against it (CON-10); pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from neighbourly.answers.models import Answer
from neighbourly.core.language import fold
from neighbourly.listings.durations import reckon_minutes, sort_of
from neighbourly.listings.models import Listing

Thing = tuple[UUID | None, str]
"""An offer of one's own, or what one calls something else."""
NEED, THING, ANSWER = "need", "thing", "answer"
"""What may be other by the time an answer is chosen."""


def describe(request: Listing, offer: Listing | None, *, revised: bool) -> dict[str, Any]:
    """The terms as they stand: of the need what binds a helper, in digests, for its words are its owner's; of the offer
    its title too.

    `revised`: whether the answer came with another thing before, which who asked may have read.
    """
    return {"need": _describe_need(request), "offer": offer and _describe_offer(offer), "revised": revised}


def list_differences(answer: Answer, request: Listing, offer: Listing | None, *, seen: bool) -> list[str]:
    """What is other now than when it was answered; all of it for an answer of which nothing was kept.

    `seen`: whether who chooses says that they read the answer as it is.
    """
    kept = answer.terms
    if kept is None or (answer.offer_id is None) != (kept["offer"] is None):
        return [ANSWER]
    changed = {
        NEED: not _is_same_need(kept, request),
        THING: answer.offer_id is not None and not _is_same_offer(kept["offer"], offer),
        ANSWER: kept["revised"] and not seen,
    }
    return [name for name, other in changed.items() if other]


def thing_of(answer: Answer) -> Thing:
    """With what somebody answers by now, to be compared with what they answer with later."""
    return answer.offer_id, answer.title


def is_revised(answer: Answer, before: Thing | None, offer: Listing | None) -> bool:
    """Whether it comes with another thing than a yes or later that it was before, or with one that says other words.

    `before` is None where it was none, or a no; a no keeps the mark that there was one (`mark_taken_back`). Times and
    minutes are no matter: who chooses writes them. Nor is what the need itself asks for, in its own words.
    """
    thing, kept = thing_of(answer), answer.terms
    if thing == (None, ""):
        return False
    if kept is not None and kept["revised"]:
        return True
    if before is None:
        return False
    return thing != before or (offer is not None and (kept is None or not _is_same_offer(kept["offer"], offer)))


def mark_taken_back(answer: Answer, before: Thing | None) -> dict[str, Any] | None:
    """All that a no keeps: that who asked may have read a yes with a thing in its place; None where they did not."""
    is_taken_back = before is not None or (answer.terms is not None and answer.terms["revised"])
    return {"revised": True} if is_taken_back else None


def minutes_of(answer: Answer) -> int | None:
    """What a help costs as both can read it: as its giver wrote, else the hours that they gave, else the need's."""
    if answer.answer == "no" or answer.terms is None or answer.terms["need"]["sort"] == "thing":
        return None
    if answer.minutes is not None:
        return answer.minutes
    if answer.available_from is not None and answer.available_until is not None:
        return reckon_minutes(answer.available_from, answer.available_until)
    return reckon_minutes(*_window_of(answer.terms))


def window_of(answer: Answer) -> tuple[datetime | None, datetime | None]:
    """From when until when a yes holds: as its giver said, else as the need was when they said it."""
    begins, ends = _window_of(answer.terms) if answer.terms is not None else (None, None)
    return answer.available_from or begins, answer.available_until or ends


def title_kept(answer: Answer) -> str:
    """What the thing was called that it was answered with."""
    offer = answer.terms["offer"] if answer.terms is not None else None
    return str(offer["title"]) if offer is not None else answer.title


def version_of(answer: Answer, title: str | None, kind: str | None) -> str:
    """A digest of all that who asked reads of an answer and of the offer that it comes with, while that is shown."""
    times = (answer.available_from, answer.available_until)
    read = (answer.id, answer.answer, answer.offer_id, answer.title, *times, minutes_of(answer), title, kind)
    return _digest(repr([str(each) for each in read]))


def _describe_need(request: Listing) -> dict[str, Any]:
    return {
        "sort": sort_of(request.kind),
        "terms": request.terms or "lend",
        "title": digest_words(request.title),
        "description": digest_words(request.description),
        "helpers_needed": request.helpers_needed,
        "from": request.needed_from and request.needed_from.isoformat(),
        "until": request.needed_until and request.needed_until.isoformat(),
    }


def _describe_offer(offer: Listing) -> dict[str, Any]:
    return {
        "id": str(offer.id),
        "sort": sort_of(offer.kind),
        "terms": offer.terms or "lend",
        "title": offer.title,
        "description": digest_words(offer.description),
        "requires_code": offer.requires_code,
    }


def _is_same_need(kept: dict[str, Any], request: Listing) -> bool:
    """Times aside: a choice is held against the window. A kind that was not said yet is that of what was offered."""
    now, was = _describe_need(request), dict(kept["need"])
    if was["sort"] is None and kept["offer"] is not None:
        was["sort"] = kept["offer"]["sort"]
    return all(now[name] == was[name] for name in was.keys() - {"from", "until"})


def _is_same_offer(was: dict[str, Any], offer: Listing | None) -> bool:
    if offer is None or offer.status != "published" or offer.deleted_at is not None:
        return False
    now = _describe_offer(offer) | {"title": digest_words(offer.title)}
    return now == was | {"title": digest_words(was["title"])}


def _window_of(terms: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    begins, ends = terms["need"]["from"], terms["need"]["until"]
    return begins and datetime.fromisoformat(begins), ends and datetime.fromisoformat(ends)


def digest_words(text: str) -> str:
    """Text that says the same in other capitals, accents and signs is the same."""
    return _digest(fold(text) or text.strip())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
