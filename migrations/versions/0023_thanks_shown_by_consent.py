"""Thanks are shown by the word of the person they are about, and a concern may quote them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thanks", sa.Column("shown", sa.Boolean(), nullable=True))
    op.add_column("concerns", sa.Column("quoted", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("concerns", "quoted")
    op.drop_column("thanks", "shown")
