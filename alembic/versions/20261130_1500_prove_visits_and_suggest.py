"""prove visits and suggest replies

Revision: codes and links that open visits in a conversation, replies prepared for staff, and whether the
assistant may suggest more work.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130i"
down_revision = "20261130j"

TABLES = ("suggested_reply", "visit_proof")


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _create(
        "visit_proof",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=False),
        _moment("expires_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("proven_at", nullable=True),
        _reference("visit_proof", "conversation_id", "conversation", "CASCADE"),
        _reference("visit_proof", "customer_id", "customer", "CASCADE"),
        _reference("visit_proof", "appointment_id", "appointment", "CASCADE"),
    )
    op.create_index("ix_visit_proof_conversation_id", "visit_proof", ["conversation_id"])
    op.create_index("ix_visit_proof_customer_id", "visit_proof", ["customer_id"])
    _create(
        "suggested_reply",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("facts", JsonColumn, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("settled_at", nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        _reference("suggested_reply", "conversation_id", "conversation", "CASCADE"),
        _reference("suggested_reply", "settled_by", "person", "SET NULL"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_suggested_reply_conversation_id_seq"),
    )
    op.create_index("ix_suggested_reply_settled", "suggested_reply", ["workshop_id", "settled_at"])
    with op.batch_alter_table("bargaining_terms") as table:
        table.add_column(sa.Column("upsell", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("bargaining_terms") as table:
        table.drop_column("upsell")
    for name in TABLES:
        op.drop_table(name)
