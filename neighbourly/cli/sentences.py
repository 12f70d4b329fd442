"""Errors as someone at a terminal reads them: one sentence on standard error, and exit 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import psycopg
from sqlalchemy.exc import DBAPIError

from neighbourly.core.config import ConfigurationError
from neighbourly.core.errors import Problem
from neighbourly.core.postgres import PostgresProblem

NOT_MIGRATED = "The database is not migrated: run `flask --app wsgi db upgrade` first."


class Refused(Exception):
    """A command cannot do what it was asked; the text is the sentence to show."""


def sentence_of(error: BaseException) -> str | None:
    """The sentence for an error that people can do something about; None for one that is ours."""
    if isinstance(error, ConfigurationError | PostgresProblem | Refused):
        return str(error)
    if isinstance(error, Problem):
        words = [fault.words["en"] for fault in error.faults] or [(error.detail or error.title)["en"]]
        return ensure_stop("; ".join(word.rstrip(".") for word in words))
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.UndefinedTable):
        return NOT_MIGRATED
    if isinstance(cause, psycopg.OperationalError):
        return f"The database cannot be reached: {_reason(cause)}"
    return None


@contextmanager
def told_in_one_sentence() -> Iterator[None]:
    """End the program with the sentence of any such error."""
    try:
        yield
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        raise SystemExit(1) from None


def tell_uncaught() -> None:
    """Have what nobody caught told in one sentence too, as far as it has one."""
    otherwise = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sentence = sentence_of(error)
        if sentence is None:
            otherwise(kind, error, trace)
        else:
            print(sentence, file=sys.stderr)

    sys.excepthook = tell


def ensure_stop(text: str) -> str:
    """The text with a full stop, and only one."""
    return text.strip().rstrip(".") + "."


def _reason(error: psycopg.OperationalError) -> str:
    """The first line of what libpq says: the rest is advice, or the same for another address."""
    lines = str(error).strip().splitlines()
    return ensure_stop(lines[0].strip() if lines else type(error).__name__)
