"""What titles are taken for, by their words alone and with their meaning, beside what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from neighbourly.listings.guessing import Guess, guess
from neighbourly.listings.reading import get_reader
from tests.evaluation.examples import Examples
from tests.evaluation.metrics import Guessed
from tests.evaluation.tool_library import SENSIBLE, read

Guesser = Callable[[str], Guess]


def by_words(title: str) -> Guess:
    """The guess by the words alone."""
    return guess(title)


def by_meaning(title: str) -> Guess:
    """The guess by the words and what the title is like, where something is encoded."""
    reader = get_reader()
    assert reader, "nothing is read here"
    return guess(title, reader.likeness(title))


def of_kinds(examples: Examples, guesser: Guesser) -> Sequence[Guessed]:
    """The kind of each offer and each need."""
    told = [(guesser(title), kind) for title, kind in examples.kinds]
    return [Guessed(said.kind, {kind}, said.confidence) for said, kind in told]


def of_categories(folder: Path, guesser: Guesser) -> Sequence[Guessed]:
    """The category of each thing of the tool library, by its name."""
    told = [(guesser(each["name"]), SENSIBLE[each["category"]]) for each in read(folder)]
    return [Guessed(said.category, sensible, said.confidence) for said, sensible in told]
