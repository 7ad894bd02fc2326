"""train lead models

Revision: what leads looked like before they ended, why they were lost, what is learned from it; who was in touch last.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130d"
down_revision = "20261130c"

# Who was in touch last is asked for all customers at once
_CONTACTS = (
    ("ix_conversation_customer_recent", "conversation", "last_message_at"),
    ("ix_appointment_booked", "appointment", "created_at"),
)


def upgrade() -> None:
    for column in (
        sa.Column("signals", JsonColumn, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("model_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lost_reason", sa.String(16), nullable=False, server_default=""),
    ):
        op.add_column("lead", column)
    op.create_table(
        "lead_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("outcomes_digest", sa.String(64), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("won", sa.Integer(), nullable=False),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.Column("brier", sa.Float(), nullable=True),
        sa.Column("rules_brier", sa.Float(), nullable=True),
        sa.Column("base_brier", sa.Float(), nullable=True),
        sa.Column("bins", JsonColumn, nullable=False),
        sa.Column("weights", JsonColumn, nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_lead_model_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lead_model"),
        sa.UniqueConstraint("workshop_id", "version", name="uq_lead_model_workshop_id_version"),
    )
    op.create_index("ix_lead_model_workshop_id", "lead_model", ["workshop_id"])
    for name, table, at in _CONTACTS:
        op.create_index(name, table, ["workshop_id", "customer_id", at])
    protect_tenant_table(op, "lead_model")


def downgrade() -> None:
    for name, table, _ in _CONTACTS:
        op.drop_index(name, table)
    op.drop_table("lead_model")
    for column in ("lost_reason", "model_version", "signals"):
        op.drop_column("lead", column)
