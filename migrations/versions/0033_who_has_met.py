"""Who has dealt with each other, or written to each other, before anyone counted has met; apart, since it reads all."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MET = """
    INSERT INTO acquaintances (lower_id, upper_id, approacher_id, approached_at, opened_at)
    SELECT least(m.one_id, m.other_id), greatest(m.one_id, m.other_id), least(m.one_id, m.other_id),
        min(m.at), min(m.at)
    FROM ({pairs}) m
    JOIN users a ON a.id = m.one_id AND a.state <> 'erased'
    JOIN users b ON b.id = m.other_id AND b.state <> 'erased'
    GROUP BY 1, 2
    ON CONFLICT DO NOTHING
"""
AGREED = """
    SELECT giver_id AS one_id, receiver_id AS other_id, accepted_at AS at FROM exchanges WHERE accepted_at IS NOT NULL
"""
WROTE = """
    SELECT min(p.user_id::text)::uuid AS one_id, max(p.user_id::text)::uuid AS other_id, max(p.at) AS at
    FROM (
        SELECT conversation_id, author_id AS user_id, min(created_at) AS at FROM messages
        WHERE kind <> 'step' AND author_id IS NOT NULL GROUP BY conversation_id, author_id
    ) p GROUP BY p.conversation_id HAVING count(*) = 2
"""


def upgrade() -> None:
    for pairs in (AGREED, WROTE):
        op.execute(MET.format(pairs=pairs))


def downgrade() -> None:
    """Nothing to take back: the table goes with the revision before."""
