"""The app as the launcher's web server loads it."""

from __future__ import annotations

from neighbourly.app import create_app
from neighbourly.cli import database, watching
from neighbourly.cli.lifeline import end_with_parent
from neighbourly.cli.sentences import told_in_one_sentence
from neighbourly.cli.serving import BodiesFirst
from neighbourly.core import soundness


def open_to_others() -> BodiesFirst:
    """The app for an address that other machines reach."""
    return _opened(dev_page=False)


def open_to_this_machine() -> BodiesFirst:
    """The app for a loopback address, where a development installation shows its `/dev`."""
    return _opened(dev_page=True)


def _opened(*, dev_page: bool) -> BodiesFirst:
    end_with_parent()
    soundness.end_when_in_doubt()
    with told_in_one_sentence():
        app = create_app(dev_page=dev_page)
        database.attach(app, starts=False)
        watching.begin(app)
    return BodiesFirst(app)
