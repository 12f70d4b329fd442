"""One of the launcher's processes: it ends with the launcher, and keeps the embedded server for as long as it runs."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module

from neighbourly.cli.lifeline import end_with_launcher
from neighbourly.cli.sentences import told_in_one_sentence
from neighbourly.core.config import Settings
from neighbourly.core.postgres import Cluster


def main(kind: str, *arguments: str) -> None:
    """Run `part_<kind>`; only here is it imported, which takes seconds in which the launcher may be killed already."""
    end_with_launcher()
    with told_in_one_sentence(), _kept(Settings.from_environment()):
        import_module(f"neighbourly.cli.part_{kind}").main(*arguments)


def _kept(settings: Settings) -> AbstractContextManager[Cluster | None]:
    """Whoever uses the embedded server last stops it: should the launcher be killed, that is one of its parts.

    None of them starts it: in the moment between its death and the launcher's notice, that would be a second server,
    which the launcher then stops under their feet.
    """
    return nullcontext() if settings.database_url else Cluster(settings.data_dir).joined()


if __name__ == "__main__":
    main(*sys.argv[1:])
