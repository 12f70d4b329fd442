"""What was taken up, or asked about, so far is called as it is now; what somebody who left had named, as its category.

Apart from the columns, so that nobody waits who only reads.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from neighbourly.listings.categories import CATEGORIES

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_CALLED = """
    coalesce(
        nullif(l.title, ''),
        (SELECT CASE l.language WHEN 'en' THEN n.en ELSE n.fr END FROM category_names n WHERE n.slug = l.category),
        CASE WHEN l.kind = 'item' AND l.language = 'en' THEN 'A thing' WHEN l.kind = 'item' THEN 'Un objet'
            WHEN l.language = 'en' THEN 'A helping hand' ELSE 'Un coup de main' END
    )
"""
_EXCHANGES = f"""
    UPDATE exchanges e SET known_title = coalesce(nullif(e.known_title, ''), {_CALLED}), known_kind = l.kind,
        known_category = l.category
    FROM listings l WHERE l.id = e.listing_id
"""  # noqa: S608  # constants
_THREADS = f"""
    UPDATE conversations c SET known_kind = l.kind,
        known_title = coalesce((SELECT e.known_title FROM exchanges e WHERE e.conversation_id = c.id), {_CALLED})
    FROM listings l WHERE l.id = c.listing_id
"""  # noqa: S608  # constants


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE category_names (slug text PRIMARY KEY, fr text, en text) ON COMMIT DROP")
    names = [{"slug": each.slug, "fr": each.name["fr"], "en": each.name["en"]} for each in CATEGORIES.values()]
    op.get_bind().execute(sa.text("INSERT INTO category_names VALUES (:slug, :fr, :en)"), names)
    op.execute(_EXCHANGES)
    op.execute(_THREADS)


def downgrade() -> None:
    """Nothing to take back: the columns go with the revision before."""
