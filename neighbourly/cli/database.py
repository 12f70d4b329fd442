"""How a command or a server process reaches its database, and brings the embedded one up only if it needs it."""

from __future__ import annotations

from contextlib import ExitStack
from multiprocessing.util import Finalize
from threading import Lock
from typing import Any

from flask import Flask
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import event
from sqlalchemy.engine import make_url

from neighbourly.core.config import Settings
from neighbourly.core.db import db
from neighbourly.core.postgres import Cluster

EXTENSION = "neighbourly.embedded"


class OnDemand:
    """The data folder's own server, started or joined at the first need and left when the process ends."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = Lock()
        self._held = False

    def held(self) -> Cluster:
        """The cluster, running from now on; raises `PostgresProblem`."""
        with self._lock:
            if not self._held:
                users = ExitStack()
                users.enter_context(self._cluster.running())
                # Processes of multiprocessing, such as granian's, never come to atexit; both run these.
                Finalize(None, users.close, exitpriority=0)
                self._held = True
        return self._cluster


def attach(app: Flask) -> None:
    """Where no database is named, let the app's first connection start the data folder's own."""
    settings: Settings = app.extensions["neighbourly.settings"]
    if settings.database_url is not None:
        return
    server = OnDemand(Cluster(settings.data_dir))
    app.extensions[EXTENSION] = server

    def reach(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters.update(conninfo_to_dict(server.held().conninfo))

    with app.app_context():
        event.listen(db.engine, "do_connect", reach)


def url(app: Flask) -> str:
    """The database's URL as SQLAlchemy has it; an embedded server runs from now on."""
    settings: Settings = app.extensions["neighbourly.settings"]
    if settings.database_url is not None:
        return settings.database_url
    server: OnDemand = app.extensions[EXTENSION]
    return server.held().url


def conninfo(app: Flask) -> str:
    """The same as libpq takes it."""
    return make_url(url(app)).set(drivername="postgresql").render_as_string(hide_password=False)
