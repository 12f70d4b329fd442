"""Models and migrations say the same, and the migrations make what no model can say."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from neighbourly.core.db import db
from tests import databases


def test_the_migrations_make_what_the_models_say(whole_app, database_url):
    """TST-10: nothing is left to generate after `db upgrade` from empty."""
    with whole_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, db.metadata) == []


def _is_ours(_item, name, kind, _reflected, _compare_to):
    return not (kind == "table" and name.startswith("procrastinate_"))


def test_the_migrations_go_down_and_up_again(make_settings):
    """TST-10: each migration can be taken back."""
    with databases.fresh("test_down_and_up") as url:
        databases.migrate(url, "base")
        databases.migrate(url, "head")


@pytest.mark.parametrize("event", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_audit_log_refuses_change(app, event):
    triggers = text("SELECT tgtype FROM pg_trigger WHERE tgrelid = 'audit_entries'::regclass AND NOT tgisinternal")
    bits = {"DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
    assert any(row.tgtype & bits[event] for row in db.session.execute(triggers))
