"""When somebody who wished to leave is erased at the latest, and since when an exchange is disputed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exchanges", sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_users_leaves_at", "users", ["leaves_at"], postgresql_where=sa.text("leaves_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_users_leaves_at", "users")
    op.drop_column("exchanges", "disputed_at")
    op.drop_column("users", "leaves_at")
