"""Which ids an answer stored for a retry holds, so that it goes with each person whom it names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stored_answers", sa.Column("mentioned_ids", sa.ARRAY(sa.Uuid()), nullable=True))
    op.create_index("ix_stored_answers_mentioned_ids", "stored_answers", ["mentioned_ids"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_stored_answers_mentioned_ids", "stored_answers")
    op.drop_column("stored_answers", "mentioned_ids")
