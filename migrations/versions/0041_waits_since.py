"""Since when an exchange waits for what comes next; what waits and was not to be looked at any more is looked at again.

Nobody is told of what lies behind: it is looked at as from this moment on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exchanges", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE exchanges SET looked_at = now(), look_at = now() WHERE look_at IS NULL AND ended_at IS NULL"
        " AND state IN ('handed_over', 'disputed', 'done')"
    )


def downgrade() -> None:
    op.drop_column("exchanges", "waits_since")
