"""The audit log: nothing in it changes or goes, and the chain proves it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from neighbourly.core import audit
from neighbourly.core.db import db, transaction
from tests.databases import count_of

TRIGGERS = ("audit_entries_are_append_only", "audit_entries_stay")


@pytest.fixture
def entries(app):
    """Five acts."""
    made = [audit.record("role_given", actor_id=None, subject_id=uuid4(), role="moderator", turn=n) for n in range(5)]
    db.session.commit()
    return made


def tamper(statement: str, **values: object) -> None:
    """What somebody with the database's own password could do."""
    db.session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    db.session.execute(text(statement), values)
    db.session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))
    db.session.expire_all()


def test_a_log_that_nobody_touched_is_whole(entries):
    assert audit.first_broken() is None


def test_an_empty_log_is_whole(app):
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET act = 'nothing'",
        "UPDATE audit_entries SET act = act",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
def test_the_database_itself_refuses_change(entries, statement):
    """LED-02 in general: as the application's own role."""
    with pytest.raises(IntegrityError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(statement))
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    "change",
    [
        "act = 'nothing'",
        "actor_id = gen_random_uuid()",
        "subject_id = NULL",
        "at = at + interval '1 microsecond'",
        'data = data || \'{"role": "admin"}\'',
        "data = data || '{\"more\": 1}'",
        "data = data - 'role'",
        "digest = sha256('x')",
        "previous = sha256('x')",
    ],
)
def test_a_changed_entry_is_named(entries, change):
    """Whatever column it was."""
    third = entries[2].number
    tamper(f"UPDATE audit_entries SET {change} WHERE number = :number", number=third)
    assert audit.first_broken() == third


def test_a_missing_entry_shows_in_the_next(entries):
    missing, following = entries[2].number, entries[3].number
    tamper("DELETE FROM audit_entries WHERE number = :number", number=missing)
    assert audit.first_broken() == following


def test_an_entry_that_was_slipped_in_is_named(entries):
    tamper(
        "INSERT INTO audit_entries (at, act, data, previous, digest)"
        " SELECT at, 'forged', data, digest, sha256('x') FROM audit_entries ORDER BY number DESC LIMIT 1"
    )
    assert audit.first_broken() == db.session.scalar(select(func.max(audit.AuditEntry.number)))


def test_an_entry_goes_with_the_transaction_it_belongs_to(entries):
    audit.record("undone", actor_id=None)
    db.session.rollback()
    audit.record("done", actor_id=None)
    assert audit.first_broken() is None


def test_twenty_at_once_make_one_chain(real_app):
    """Each needs the digest of the one before: they wait for each other."""

    def record(number: int) -> None:
        with real_app.app_context(), transaction():
            audit.record("role_given", actor_id=None, turn=number)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(record, range(20)))
    with real_app.app_context():
        assert audit.first_broken() is None
        assert count_of(audit.AuditEntry) == 20
