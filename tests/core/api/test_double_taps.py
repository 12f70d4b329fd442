"""What the second of two equal creating calls does that bear neither an id nor a key: as docs/decisions/0048 says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from neighbourly.accounts.models import User
from tests.factories.exchanges import bring_back, day, propose
from tests.factories.listings import ask, offer

Case = tuple[str, dict[str, Any]]
TIMES = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}


def _listing(_ana: User, _bob: User) -> Case:
    return "/v1/listings", {"title": "Une chaise", "direction": "offer"}


def _answer(ana: User, _bob: User) -> Case:
    return f"/v1/listings/{ask(ana).id}/answers", {"answer": "yes"}


def _proposal(ana: User, _bob: User) -> Case:
    return "/v1/exchanges", {"listing_id": str(offer(ana).id), **TIMES}


def _question(ana: User, _bob: User) -> Case:
    return "/v1/conversations", {"listing_id": str(offer(ana).id), "body": "Est-elle libre ?"}


def _message(ana: User, bob: User) -> Case:
    return f"/v1/conversations/{propose(bob, offer(ana)).conversation_id}/messages", {"body": "Oui."}


def _thanks(ana: User, bob: User) -> Case:
    return f"/v1/exchanges/{bring_back(bob, offer(ana)).id}/thanks", {"text": "Merci !"}


def _concern(ana: User, bob: User) -> Case:
    return f"/v1/exchanges/{bring_back(bob, offer(ana)).id}/concern", {"text": "Cela m'a inquiété."}


def _transfer(ana: User, _bob: User) -> Case:
    return "/v1/timebank/transfers", {"to_user_id": str(ana.id), "minutes": 15}


CASES: Mapping[str, tuple[Callable[[User, User], Case], list[int], bool]] = {
    "listing": (_listing, [201, 201], False),
    "answer": (_answer, [201, 200], True),
    "proposal": (_proposal, [201, 200], True),
    "question": (_question, [201, 200], True),
    "message": (_message, [201, 201], False),
    "thanks": (_thanks, [201, 200], True),
    "concern": (_concern, [204, 204], True),
    "search": (lambda _ana, _bob: ("/v1/me/searches", {"q": "un vélo"}), [201, 200], True),
    "invitation": (lambda _ana, _bob: ("/v1/invitations", {}), [201, 200], True),
    "calendar": (lambda _ana, _bob: ("/v1/me/calendar", {}), [201, 201], False),
    "transfer": (_transfer, [201, 201], False),
}
"""What is sent twice, with which statuses, and whether the answer is the same thing both times."""


@pytest.mark.parametrize("name", CASES)
def test_the_second_of_two_taps(as_, ana, bob, name):
    """REL-07."""
    case, statuses, same = CASES[name]
    path, body = case(ana, bob)
    first, second = (as_(bob).post(path, json=body) for _ in range(2))
    assert [first.status_code, second.status_code] == statuses, second.json
    assert (_what(first.json) == _what(second.json)) is same


def _what(told: dict[str, Any] | None) -> Any:
    """What tells one thing from another."""
    return told and next((told[name] for name in ("id", "transfer_id", "url", "mine") if told.get(name)), None)
