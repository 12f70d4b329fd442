"""Thousands of neighbours in a row, for what only an index answers quickly, and the plans by which it is answered."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event, text

from neighbourly.core import cells, clock
from neighbourly.core.db import db
from tests.people import ANA_CELL

FILL = """
INSERT INTO users (id, display_name, language, role, state, created_at, updated_at)
  SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'N', 'fr', 'neighbour', 'active', :now, :now
  FROM generate_series(1, 4000) AS n;

INSERT INTO preferences (user_id, reach_m, reach, time_zone, urgent_may_wake, asks_per_week, digest, created_at,
    updated_at)
  SELECT id, 1000, box(at - point(1500, 1500), at + point(1500, 1500)), 'Europe/Paris', false, 3, 'weekly', :now, :now
  FROM users, LATERAL (SELECT point(:x + right(id::text, 4)::int * 100, :y) AS at) AS place
  WHERE display_name = 'N';

INSERT INTO homes (user_id, cell, precision, location, created_at, updated_at)
  SELECT user_id, :cell, 'street', center(reach), :now, :now
  FROM preferences JOIN users ON id = user_id
  WHERE display_name = 'N';

INSERT INTO interests (user_id, category, reach)
  SELECT user_id, category, reach
  FROM preferences JOIN users ON id = user_id, unnest(ARRAY['power-drills', 'books', 'bikes']) AS category
  WHERE display_name = 'N';

INSERT INTO saved_searches (id, user_id, q, reach, created_at, updated_at)
  SELECT gen_random_uuid(), user_id, 'un vélo', reach, :now, :now
  FROM preferences JOIN users ON id = user_id
  WHERE display_name = 'N';

INSERT INTO listings (id, owner_id, direction, kind, category, title, language, status, quantity, helpers_needed,
    requires_code, no_expiry, cell, location, published_at, created_at, updated_at)
  SELECT gen_random_uuid(), user_id, 'offer', 'item',
    (ARRAY['power-drills', 'books', 'bikes'])[1 + right(user_id::text, 4)::int % 3],
    'thing ' || right(user_id::text, 4), 'en', 'published', 1, 1, false, false, :cell, center(reach), :now, :now, :now
  FROM preferences JOIN users ON id = user_id
  WHERE display_name = 'N';

ANALYZE users, homes, preferences, interests, saved_searches, listings
"""


def settle() -> None:
    """One every hundred metres from Ana on, with an offer, a standing search and three interests each."""
    x, y = cells.mercator(ANA_CELL)
    values = {"x": x, "y": y, "cell": ANA_CELL, "now": clock.now()}
    for statement in FILL.split(";"):
        db.session.execute(text(statement), {name: each for name, each in values.items() if f":{name}" in statement})


def plans_of(work: Callable[[], object]) -> str:
    """The plans of all that is read meanwhile."""
    ran: list[tuple[str, object]] = []

    def note(*args: object) -> None:
        if str(args[2]).startswith("SELECT"):
            ran.append((str(args[2]), args[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    explained = [db.session.connection().exec_driver_sql(f"EXPLAIN {each}", values).scalars() for each, values in ran]
    return "\n".join(line for lines in explained for line in lines)
