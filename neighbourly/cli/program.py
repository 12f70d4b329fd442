"""The app as granian and `flask` load it from `wsgi`: with its database at hand and its commands registered."""

from __future__ import annotations

from flask import Flask

from neighbourly.app import create_app
from neighbourly.cli import commands, database
from neighbourly.cli.sentences import tell_uncaught, told_in_one_sentence


def make_program() -> Flask:
    """The app; a wrong setting ends the program with one sentence."""
    with told_in_one_sentence():
        app = create_app()
        database.attach(app, starts=True)
    commands.register(app)
    tell_uncaught()
    return app
