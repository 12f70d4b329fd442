"""How Alembic reaches the database: through the app's own engine, in one transaction."""

from __future__ import annotations

from typing import Any

from alembic import context

from neighbourly.core.db import db


def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Procrastinate's own tables come by migrations of ours, not by models."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Our own column types by their name."""
    if kind == "type" and type(item).__module__ == "neighbourly.core.db":
        autogen_context.imports.add(f"from neighbourly.core.db import {type(item).__name__}")
        return f"{type(item).__name__}()"
    return False


def run() -> None:
    """Bring the database up, or compare it with the models."""
    with db.engine.connect() as connection:
        # An index over a large table takes longer than any request may.
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
