"""How each command runs: inside the app, with its refusals told in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext

from neighbourly.cli.sentences import sentence_of

Body = TypeVar("Body", bound=Callable[..., None])


def within_app(body: Body) -> Body:
    """Run a command's body inside the app; what people can do something about is one sentence and exit 1."""

    @with_appcontext
    @wraps(body)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            body(*arguments, **options)
        except Exception as error:
            sentence = sentence_of(error)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            raise SystemExit(1) from None

    return run  # type: ignore[return-value]
