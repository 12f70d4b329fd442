"""Ten devices a person, and whose turn a delivery is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        DELETE FROM devices WHERE id IN (
            SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY seen_at DESC, id DESC) AS nth
                            FROM devices) AS each
            WHERE nth > 10)
        """
    )
    op.add_column("deliveries", sa.Column("turn", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("deliveries", "turn")
