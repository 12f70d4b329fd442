"""How a command or a server process reaches its database: a command brings the embedded one up if it needs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.util import Finalize
from threading import Lock
from typing import Any

import psycopg
from flask import Flask
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import event
from sqlalchemy.engine import make_url

from neighbourly.core.config import SILENCE, Settings
from neighbourly.core.db import db
from neighbourly.core.postgres import Cluster, NotRunning

EXTENSION = "neighbourly.embedded"


class OnDemand:
    """The data folder's own server, used from the first need until the process ends."""

    def __init__(self, cluster: Cluster, use: Callable[[], AbstractContextManager[Cluster]]) -> None:
        self._cluster = cluster
        self._use = use
        self._lock = Lock()
        self._held = False

    def held(self) -> Cluster:
        """The cluster, running from now on; raises `PostgresProblem`."""
        with self._lock:
            if not self._held:
                users = ExitStack()
                users.enter_context(self._use())
                # Processes of multiprocessing, such as granian's, never come to atexit; both run these.
                Finalize(None, users.close, exitpriority=0)
                self._held = True
        return self._cluster


def attach(app: Flask, *, starts: bool) -> None:
    """Where no database is named, let the app's first connection join the data folder's own; or start it, if it may."""
    settings: Settings = app.extensions["neighbourly.settings"]
    if settings.database_url is not None:
        return
    cluster = Cluster(settings.data_dir)
    server = OnDemand(cluster, cluster.running if starts else cluster.joined)
    app.extensions[EXTENSION] = server

    def reach(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        try:
            parameters.update(conninfo_to_dict(server.held().conninfo))
        except NotRunning as reason:
            raise psycopg.OperationalError(str(reason)) from reason  # to a request like any server that is away

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
    """The same as libpq takes it, with how long a silent server is waited for."""
    plain = make_url(url(app)).set(drivername="postgresql")
    patient = plain.update_query_dict({name: str(value) for name, value in SILENCE.items() if name not in plain.query})
    return patient.render_as_string(hide_password=False)
