"""Extensions, and French and English full text without accents."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("btree_gist", "unaccent", "citext")
LANGUAGES = {"neighbourly_fr": "french", "neighbourly_en": "english"}


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for name, language in LANGUAGES.items():
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = {language})")
        op.execute(
            f"ALTER TEXT SEARCH CONFIGURATION {name} "
            f"ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {language}_stem"
        )


def downgrade() -> None:
    for name in LANGUAGES:
        op.execute(f"DROP TEXT SEARCH CONFIGURATION {name}")
