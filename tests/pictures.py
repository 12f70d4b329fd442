"""The pictures of the state tables, drawn from them: `python -m tests.pictures` writes docs/states.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from neighbourly.exchanges import lifecycle as exchanges
from neighbourly.listings import lifecycle as listings
from tests import waits

DOCUMENT = Path(__file__).parent.parent / "docs" / "states.md"
WORDS = {
    exchanges.LOAN: "A loan",
    exchanges.GIFT: "A gift",
    exchanges.HELP: "A help",
}
PREFACE = """# The states of things

Drawn from `neighbourly/exchanges/lifecycle.py` and `neighbourly/listings/lifecycle.py` by `python -m tests.pictures`;
a test compares this page with the tables. The word in brackets says whose the step is; *time* is when nobody answers,
says a word or confirms. From *disputed* the first of the two proposes how it ends, and the same
by the other, or a moderator, ends it. From *expired* and *cancelled* only what came late, or did happen after all.
"""
Arrow = tuple[str, str, str]


def document() -> str:
    """The whole page."""
    parts = [PREFACE]
    for kind, title in WORDS.items():
        parts.append(_section(title, _exchange(kind), "proposed", partial(exchanges.is_over, kind)))
    parts.append(_section("A listing", _listing(), "draft", _is_end_of_listing))
    return "\n".join([*parts, waits.document()])


def _section(title: str, arrows: Iterable[Arrow], begins: str, is_end: Callable[[str], bool]) -> str:
    labels: dict[tuple[str, str], list[str]] = {}
    for source, target, label in arrows:
        labels.setdefault((source, target), []).append(label)
    states = sorted({state for ends in labels for state in ends})
    lines = [
        f"    [*] --> {begins}",
        *(f"    {source} --> {target}: {', '.join(said)}" for (source, target), said in labels.items()),
        *(f"    {state} --> [*]" for state in states if is_end(state)),
    ]
    return "\n".join([f"## {title}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _exchange(kind: str) -> Iterator[Arrow]:
    for (state, action), move in exchanges.MOVES.items():
        if kind in move.kinds and waits.is_reached(state, kind):
            yield state, move.to, f"{action} ({move.whose})"
    for state, to, kinds in exchanges.BY_TIME:
        if kind in kinds and waits.is_reached(state, kind):
            yield state, to, "time"


def _is_end_of_listing(state: str) -> bool:
    return all(source != state for source, _ in listings.MOVES)


def _listing() -> Iterator[Arrow]:
    for (state, action), to in listings.MOVES.items():
        if state != to or action is not listings.Action.EDIT:
            yield state, to, str(action)


if __name__ == "__main__":
    DOCUMENT.write_text(document())
