"""callbacks

Revision: who wants to be called, when, and whether it was done.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129e"
down_revision = "20261129w"

_OPEN = sa.text("state = 'open'")


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _link(column: str) -> sa.ForeignKeyConstraint:
    target = column.removesuffix("_id")
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_callback_{column}_{target}", ondelete="SET NULL"
    )


def upgrade() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("created_at"),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("plate_country", sa.String(2), nullable=False),
        _instant("starts_at"),
        _instant("ends_at"),
        sa.Column("soon", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("handled_by", sa.String(120), nullable=False),
        _instant("handled_at", nullable=True),
        _instant("done_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_callback_workshop_id_workshop", ondelete="CASCADE"
        ),
        _link("customer_id"),
        _link("conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
    )
    for column in ("workshop_id", "customer_id", "conversation_id"):
        op.create_index(f"ix_callback_{column}", "callback", [column])
    op.create_index("ix_callback_starts", "callback", ["workshop_id", "state", "starts_at"])
    op.create_index(
        "uq_callback_open",
        "callback",
        ["workshop_id", "phone"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    protect_tenant_table(op, "callback")


def downgrade() -> None:
    op.drop_table("callback")
