"""What is taken up, and what a thread is about, stay called and filed as they were then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KEPT = (("exchanges", "known_kind"), ("exchanges", "known_category"))
OF_THREADS = (("conversations", "known_title"), ("conversations", "known_kind"))


def upgrade() -> None:
    for table, name in (*KEPT, *OF_THREADS):
        op.add_column(table, sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    for table, name in (*KEPT, *OF_THREADS):
        op.drop_column(table, name)
