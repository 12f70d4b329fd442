"""Figures of people as they are told for a day or a week: radii of cells, interests around places, neighbourhoods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cell_radii",
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cell", name="pk_cell_radii"),
    )
    op.create_table(
        "interest_figures",
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cell", "category", name="pk_interest_figures"),
    )
    op.create_table(
        "neighbourhood_figures",
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("neighbours", sa.Integer(), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name="fk_neighbourhood_figures_territory_id_territories",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("territory_id", name="pk_neighbourhood_figures"),
    )
    op.create_index("ix_neighbourhood_figures_counted_at", "neighbourhood_figures", ["counted_at"])


def downgrade() -> None:
    for table in ("neighbourhood_figures", "interest_figures", "cell_radii"):
        op.drop_table(table)
