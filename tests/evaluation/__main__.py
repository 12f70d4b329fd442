"""`python -m tests.evaluation`: how well needs find offers, and how far the guesses from titles can be trusted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from flask import Flask

from neighbourly.app import create_app
from neighbourly.listings import reading
from tests import databases
from tests.data import DATA
from tests.evaluation import examples, guesses, rankings
from tests.evaluation.metrics import AT, BANDS, Guessed, Quality, Share, by_band, share

GUESSERS: Mapping[str, guesses.Guesser] = {"words alone": guesses.by_words, "with meaning": guesses.by_meaning}


def main() -> None:
    """Measure on the given examples and on our own, and print the tables."""
    files = {
        "the given examples": examples.given(DATA),
        "our own examples": examples.OURS,
        "unseen examples": examples.UNSEEN,
    }
    read = {name: examples.read(file) for name, file in files.items()}
    with server():
        for name, each in read.items():
            with installation() as app, app.app_context():
                print(ranking_table(name, each, rankings.measure(each)), "\n")
        with installation() as app, app.app_context():
            for name, each in read.items():
                print(guess_table(f"kinds of {name}", partial(guesses.of_kinds, each)))
            print(guess_table("categories of the tool library's things", partial(guesses.of_categories, DATA)))


@contextmanager
def server() -> Iterator[None]:
    """The server of test databases."""
    databases.start()
    try:
        yield
    finally:
        databases.stop()


@contextmanager
def installation() -> Iterator[Flask]:
    """The product on an empty database, its reader loaded."""
    with tempfile.TemporaryDirectory(prefix="neighbourly-data-") as folder, databases.fresh("evaluation") as url:
        values = {"env": "testing", "data_dir": folder, "database_url": url, "limits": "off", "log_level": "error"}
        values["meaning"] = "on"
        with databases.closed_after(create_app(databases.settings_from(values))) as app:
            reading.get_reader()
            yield app


def ranking_table(name: str, of: examples.Examples, measured: Mapping[str, Quality]) -> str:
    """The quality of each way of looking, as lines of text."""
    heading = f"{len(of.needs)} needs, {len(of.offers)} offers: {name}"
    lines = [f"{heading:52}  {'MRR':>6}  {f'recall at {AT}':>11}"]
    lines += [f"  {way:50}  {each.mrr:6.3f}  {each.recall:11.3f}" for way, each in measured.items()]
    return "\n".join(lines)


def guess_table(name: str, guessed: Callable[[guesses.Guesser], Sequence[Guessed]]) -> str:
    """The shares of all guesses, and by confidence, as lines of text."""
    lines = [f"{name:52}  {'of':>6}  {'right':>6}  {'open':>6}  {'wrong':>6}"]
    for by, guesser in GUESSERS.items():
        told = guessed(guesser)
        lines.append(_shares(by, share(told)))
        lines += [_shares(f"  confidence {_band(band)}", each) for band, each in by_band(told).items()]
    return "\n".join([*lines, ""])


def _shares(name: str, each: Share) -> str:
    return f"  {name:50}  {each.of:6}  {each.right:6.1%}  {each.open:6.1%}  {each.wrong:6.1%}"


def _band(number: int) -> str:
    return f"{number / BANDS:.1f} to {(number + 1) / BANDS:.1f}"


if __name__ == "__main__":
    main()
