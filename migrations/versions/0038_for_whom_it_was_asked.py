"""For whom somebody was asked, and what holds an asking back: columns alone, checked for new rows only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asked", sa.Column("asker_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE asked ADD CONSTRAINT fk_asked_asker_id_users"
        " FOREIGN KEY (asker_id) REFERENCES users (id) NOT VALID"
    )
    op.add_column("asks", sa.Column("waits_for", sa.String(), nullable=True))
    op.execute(
        "ALTER TABLE asks ADD CONSTRAINT ck_asks_waits_for CHECK (waits_for IN ('other_needs', 'week')) NOT VALID"
    )


def downgrade() -> None:
    op.drop_column("asks", "waits_for")
    op.drop_column("asked", "asker_id")
