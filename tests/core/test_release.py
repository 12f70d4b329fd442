"""Giving the connection back while somebody else's server is awaited."""

import pytest
from sqlalchemy import text

from neighbourly.core.db import db, release
from neighbourly.core.ids import new_id
from neighbourly.territories.models import Territory


def test_after_reading_the_connection_is_free(app):
    db.session.execute(text("SELECT 1"))
    assert db.session().in_transaction()
    release()
    assert not db.session().in_transaction()


def test_what_was_written_is_never_lost_by_it(app):
    db.session.add(Territory(id=new_id(), code="x", name="X", finest_resolution=7))
    with pytest.raises(RuntimeError, match="before anything is written"):
        release()
    db.session.flush()
    assert db.session.get_one(Territory, db.session.scalar(text("SELECT id FROM territories WHERE code = 'x'")))
