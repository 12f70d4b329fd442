"""The app as granian and `flask` load it from `wsgi`: with its database at hand and its commands registered."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import FlaskGroup

from neighbourly.app import create_app
from neighbourly.cli import commands, database, watching
from neighbourly.cli.sentences import tell_uncaught, told_in_one_sentence
from neighbourly.core import soundness


def make_program() -> Flask:
    """The app; a wrong setting, or a newer database where it is to serve, ends the program with one sentence."""
    with told_in_one_sentence():
        app = create_app()
        database.attach(app, starts=True)
        if not _is_command():
            soundness.end_when_in_doubt()
            watching.begin(app)
    commands.register(app)
    tell_uncaught()
    return app


def _is_command() -> bool:
    """Whether it is `flask` that loads it: each of its commands knows what it needs; all others serve."""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.find_root().command, FlaskGroup)
