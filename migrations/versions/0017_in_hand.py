"""Who has a copy in hand; the database refuses two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("occupations", sa.Column("in_hand", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index(
        "uq_occupations_in_hand", "occupations", ["copy_id"], unique=True, postgresql_where=sa.text("in_hand")
    )


def downgrade() -> None:
    op.drop_index("uq_occupations_in_hand", table_name="occupations")
    op.drop_column("occupations", "in_hand")
