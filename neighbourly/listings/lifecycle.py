"""The state table of listings: which action leads from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """What can be done with a listing. The last two are not its owner's: time runs out, or a moderator decides."""

    EDIT = "edit"
    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    FULFIL = "fulfil"
    RENEW = "renew"
    EXPIRE = "expire"
    REMOVE = "remove"


OF_THE_OWNER = tuple(Action)[:-2]
OF_REQUESTS = frozenset({Action.FULFIL})

MOVES: Mapping[tuple[str, Action], str] = {
    ("draft", Action.EDIT): "draft",
    ("draft", Action.PUBLISH): "published",
    ("published", Action.EDIT): "published",
    ("published", Action.PAUSE): "paused",
    ("published", Action.CLOSE): "closed",
    ("published", Action.FULFIL): "fulfilled",
    ("published", Action.RENEW): "published",
    ("published", Action.EXPIRE): "expired",
    ("published", Action.REMOVE): "removed",
    ("paused", Action.EDIT): "paused",
    ("paused", Action.RESUME): "published",
    ("paused", Action.CLOSE): "closed",
    ("paused", Action.EXPIRE): "expired",
    ("paused", Action.REMOVE): "removed",
    ("expired", Action.EDIT): "expired",
    ("expired", Action.CLOSE): "closed",
    ("expired", Action.RENEW): "published",
    ("expired", Action.REMOVE): "removed",
}
"""(state, action) → next state. What is absent is refused: closed, fulfilled and removed are ends."""


def after(status: str, direction: str, action: Action) -> str | None:
    """The state that the action leads to; None where it is not allowed."""
    if action in OF_REQUESTS and direction != "request":
        return None
    return MOVES.get((status, action))


def allowed_actions(status: str, direction: str) -> list[Action]:
    """What the owner may do in this state."""
    return [action for action in OF_THE_OWNER if after(status, direction, action) is not None]
