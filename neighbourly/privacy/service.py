"""Applying the retention rules, in small batches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, inspect, select, tuple_, update

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.privacy.rules import RULES, Expires

BATCH = 500


def expiring() -> dict[str, Expires]:
    """The rules that are applied here, by table."""
    return {table: rule for table, rule in RULES.items() if isinstance(rule, Expires)}


def count_due(rule: Expires) -> int:
    """How many rows a rule would reach now; nothing is changed."""
    due = select(func.count()).select_from(rule.model).where(rule.due(clock.now()))
    return db.session.scalar(due) or 0


def apply_rule(rule: Expires, *, limit: int = BATCH) -> int:
    """Delete, or empty, one batch of what is due; how many rows. What somebody holds at this moment waits."""
    keys = inspect(rule.model).primary_key
    due = select(*keys).where(rule.due(clock.now())).limit(limit).with_for_update(of=rule.model, skip_locked=True)
    found = db.session.execute(due).all()
    if not found:
        return 0
    chosen = tuple_(*keys).in_([tuple(each) for each in found])
    change: Any = update(rule.model).values(rule.blanked) if rule.blanked else delete(rule.model)
    db.session.execute(change.where(chosen), execution_options={"synchronize_session": False})
    return len(found)
