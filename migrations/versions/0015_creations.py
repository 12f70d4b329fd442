"""What was made under an id of the client's choice, and the digest of what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "creations",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_creations")),
    )
    op.create_index(op.f("ix_creations_owner_id"), "creations", ["owner_id"])
    op.create_index(op.f("ix_creations_created_at"), "creations", ["created_at"])


def downgrade() -> None:
    op.drop_table("creations")
