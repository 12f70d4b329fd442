"""A scratch table and a few routes over it, for what no feature happens to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from marshmallow import fields
from sqlalchemy import Column, Integer, MetaData, String, Table, UniqueConstraint, Uuid, func, insert, select

from neighbourly.accounts import service as accounts
from neighbourly.accounts.selectors import Actor
from neighbourly.app import create_app
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import CONTRACTS, Blueprint
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.schema import Schema, Text
from neighbourly.core.config import Settings
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from tests import databases
from tests.people import Client, FreshClient

SCRATCH = Table(
    "scratch",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("owner_id", Uuid),
    Column("note", String),
    UniqueConstraint("number", deferrable=True, initially="DEFERRED", name="uq_scratch_number"),
)


class Gate:
    """Holds a request inside its transaction until the test lets it go on."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def pass_through(self) -> None:
        """Wait here."""
        self.entered.set()
        assert self.opened.wait(10)


class ScratchSchema(Schema):
    """A row."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)


class ScratchCreateSchema(Schema):
    """A row to be."""

    number = fields.Integer(required=True)
    note = Text(0, 20, load_default="")


def count_scratch() -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(SCRATCH)) or 0


@pytest.fixture
def gate() -> Gate:
    """In front of `POST /probe/slow`."""
    return Gate()


@pytest.fixture
def probe(gate: Gate) -> Iterator[Blueprint]:
    """Routes of the tests' own; they are forgotten afterwards, so that no test of all routes meets them."""
    before = dict(CONTRACTS)
    bp = Blueprint("probe", __name__, url_prefix="/probe")

    @bp.post("/scratch", auth=MEMBER, body=ScratchCreateSchema, returns=ScratchSchema, status=201)
    def create_scratch(actor: Actor, body: dict[str, Any]) -> Created:
        """Make a row; nothing looks whether its number is taken."""
        row = {"id": new_id(), "number": body["number"], "owner_id": actor.id, "note": body["note"]}
        db.session.execute(insert(SCRATCH).values(**row))
        return Created(row, f"/probe/scratch/{row['id']}")

    @bp.post("/slow", auth=MEMBER, body=ScratchCreateSchema, returns=ScratchSchema, status=201)
    def create_slowly(actor: Actor, body: dict[str, Any]) -> Created:
        """Make a row, in no hurry."""
        gate.pass_through()
        return Created({"id": new_id(), "number": body["number"]}, "/probe/slow")

    @bp.post("/hurry", auth=MEMBER, body=ScratchCreateSchema, returns=ScratchSchema, status=201)
    def create_in_a_hurry(actor: Actor, body: dict[str, Any]) -> Created:
        """Make a row, and wait for nobody."""
        db.session.execute(select(func.set_config("lock_timeout", "50", True)))
        row = {"id": new_id(), "number": body["number"]}
        db.session.execute(insert(SCRATCH).values(**row))
        return Created(row, "/probe/hurry")

    @bp.get("/scratch/<uuid:scratch_id>", auth=PUBLIC, returns=ScratchSchema)
    def get_scratch(scratch_id: UUID) -> dict[str, Any]:
        """One row."""
        return dict(db.session.execute(select(SCRATCH).where(SCRATCH.c.id == scratch_id)).mappings().one())

    @bp.get("/raise", auth=PUBLIC, returns=ScratchSchema)
    def raise_error() -> None:
        """A fault of ours."""
        raise RuntimeError("canary-of-the-inside")

    @bp.get("/wait", auth=PUBLIC, returns=ScratchSchema)
    def wait_long() -> None:
        """Longer than the database lets anyone wait."""
        db.session.execute(select(func.set_config("statement_timeout", "20", True)))
        db.session.execute(select(func.pg_sleep(5)))

    yield bp
    for key in set(CONTRACTS) - set(before):
        del CONTRACTS[key]


@pytest.fixture
def open_to_probes(make_settings: Callable[..., Settings], probe: Blueprint) -> Callable[..., Flask]:
    """`open_to_probes(database_url=…)`: an app with those routes."""

    def made(**values: str) -> Flask:
        app = create_app(make_settings(**values))
        app.extensions["neighbourly.api"].register_blueprint(probe)
        return app

    return made


@pytest.fixture
def app(open_to_probes: Callable[..., Flask]) -> Iterator[Flask]:
    """The app with the probes, in a transaction that is undone after the test."""
    with databases.closed_after(open_to_probes()) as made:
        made.test_client_class = FreshClient
        with databases.undone(made):
            SCRATCH.metadata.create_all(db.session.connection())
            db.session.commit()
            yield made


@pytest.fixture
def real_app(open_to_probes: Callable[..., Flask], worker_id: str) -> Iterator[Flask]:
    """The app with the probes, on a database of its own: its commits are commits."""
    with (
        databases.fresh(f"real_{worker_id}") as url,
        databases.closed_after(open_to_probes(database_url=url)) as made,
    ):
        with made.app_context():
            SCRATCH.metadata.create_all(db.engine)
        yield made


@pytest.fixture
def member(real_app: Flask) -> Callable[[], Client]:
    """`member()`: a client of one and the same person, for any thread."""
    with real_app.app_context():
        lea = accounts.create_user(email="lea@example.org", display_name="Léa", password=None, language="fr")
        token = accounts.open_session(user=lea, installation_id=None, label="").access_token
        db.session.commit()
    return lambda: Client(real_app, token)
