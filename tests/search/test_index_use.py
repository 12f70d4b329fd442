"""Every search is answered by an index over the place, whatever it is filtered by."""

from __future__ import annotations

from sqlalchemy import text

from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.search.near import Wanted, find_near
from tests.factories import crowd
from tests.people import ANA_CELL

ROWS = 4000
PLANS = [
    (Wanted(), "ix_listings_"),
    (Wanted(category="power-drills"), "ix_listings_category"),
    (Wanted(category="tools"), "ix_listings_category"),
    (Wanted(kind="item", direction="offer"), "ix_listings_kind"),
    (Wanted(q="drill"), "ix_listings_words"),
    (Wanted(q="drill", sort="relevance"), "ix_listings_words"),
    (Wanted(sort="recent"), "ix_listings_"),
]


def fill(owner_id):
    """Thousands of listings within ten kilometres of Ana, of every kind and of many categories."""
    x, y = cells.mercator(ANA_CELL)
    made = text(
        "INSERT INTO listings (id, owner_id, direction, kind, category, title, language, status, quantity,"
        " helpers_needed, requires_code, no_expiry, cell, location, published_at, created_at, updated_at)"
        " SELECT gen_random_uuid(), :owner, (ARRAY['offer', 'request'])[1 + n % 2],"
        " (ARRAY['item', 'skill', 'time'])[1 + n % 3],"
        " (ARRAY['power-drills', 'saws', 'bikes', 'books', 'c' || n])[1 + n % 5],"
        " CASE WHEN n % 50 = 0 THEN 'drill' ELSE 'thing ' || n END, 'en', 'published', 1, 1, false, false, :cell,"
        " point(:x + (n * 37 % 20000) - 10000, :y + (n * 91 % 20000) - 10000), :now, :now, :now"
        " FROM generate_series(1, :rows) AS n"
    )
    values = {"owner": owner_id, "cell": ANA_CELL, "x": x, "y": y, "now": clock.now(), "rows": ROWS}
    db.session.execute(made, values)
    db.session.execute(text("ANALYZE listings"))


def plan_of(viewer_id, wanted):
    """How PostgreSQL goes about this search, with the values it is given."""
    return crowd.plans_of(
        lambda: find_near(wanted, viewer_id=viewer_id, near=ANA_CELL, radius_m=3000, limit=20, cursor=None)
    )


def test_each_search_walks_an_index_over_the_place(ana, bob):
    """Nearest first needs no sort of all that is within the radius: the index gives it in that order.

    PostgreSQL 15 and 16 cannot finish such an order by a second key, and sort what the box holds.
    """
    fill(bob.id)
    in_order = db.session.connection().dialect.server_version_info >= (17,)
    for wanted, index in PLANS:
        plan = plan_of(ana.id, wanted)
        assert index in plan or (not in_order and "ix_listings_" in plan), f"{wanted}\n{plan}"
        assert "Seq Scan on listings" not in plan, f"{wanted}\n{plan}"
        if wanted.sort == "distance" and in_order:
            assert "Order By: (listings.location <->" in plan or "Order By: (location <->" in plan, f"{wanted}\n{plan}"
