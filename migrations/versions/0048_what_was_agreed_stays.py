"""Kinds that two have agreed on are guesses no more; what former neighbours wrote loses its contact data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from neighbourly.core.language.contact_data import mask_contact_data

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_AFFIRM = """
    UPDATE listings l SET guessed = array_remove(l.guessed, 'kind')
    WHERE 'kind' = ANY (l.guessed) AND EXISTS (
        SELECT FROM exchanges e
        WHERE l.id IN (e.listing_id, e.request_id) AND e.ended_at IS NULL AND e.state <> 'proposed'
    )
"""
_WORDS = (
    (
        "SELECT m.id, m.body FROM messages m JOIN users u ON u.id = m.author_id"
        " WHERE u.state = 'erased' AND m.kind = 'text'",
        "UPDATE messages SET body = :words WHERE id = :id",
    ),
    (
        "SELECT t.exchange_id, t.text FROM thanks t JOIN users u ON u.id = t.author_id WHERE u.state = 'erased'",
        "UPDATE thanks SET text = :words FROM users u"
        " WHERE exchange_id = :id AND u.id = author_id AND u.state = 'erased'",
    ),
)


def upgrade() -> None:
    op.execute(_AFFIRM)
    connection = op.get_bind()
    for find, write in _WORDS:
        for its_id, words in connection.execute(sa.text(find)).all():
            masked = mask_contact_data(words)
            if masked != words:
                connection.execute(sa.text(write), {"id": its_id, "words": masked})


def downgrade() -> None:
    """Nothing to take back: what was guessed, and how somebody was to be reached, is known no more."""
