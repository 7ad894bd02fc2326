"""add knowledge

Revision: articles the assistant quotes, questions nothing answered, and how far prices may go down.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130f"
down_revision = "20261130e"


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=f"fk_{name}_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "knowledge_article",
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("tags", JsonColumn, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    _create(
        "knowledge_gap",
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["knowledge_article.id"],
            name="fk_knowledge_gap_article_id_knowledge_article",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("workshop_id", "key", name="uq_knowledge_gap_workshop_id_key"),
    )
    _create(
        "bargaining_terms",
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("from_cents", sa.Integer(), nullable=False),
        sa.UniqueConstraint("workshop_id", name="uq_bargaining_terms_workshop_id"),
    )


def downgrade() -> None:
    op.drop_table("bargaining_terms")
    op.drop_table("knowledge_gap")
    op.drop_table("knowledge_article")
