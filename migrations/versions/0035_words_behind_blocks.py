"""What the other side is called behind a block, and reasons that moderators alone read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KNOWN = ("known_title", "known_giver_name", "known_receiver_name")


def upgrade() -> None:
    for name in KNOWN:
        op.add_column("exchanges", sa.Column(name, sa.String(), nullable=True))
    withheld = sa.Column("reason_withheld", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("exchanges", withheld)
    op.add_column("blocks", sa.Column("known_as", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("blocks", "known_as")
    op.drop_column("exchanges", "reason_withheld")
    for name in KNOWN:
        op.drop_column("exchanges", name)
