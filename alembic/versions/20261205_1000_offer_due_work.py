"""offer due work: times kept by maintenance mails, written summaries, adapters the server reads by itself"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261205a"
down_revision = "20261204e"


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _at(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _at("created_at"),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "diagnostic_summary",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(8), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        _at("written_at"),
        _at("accepted_at", needed=False),
        sa.Column("accepted_by", sa.String(120), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        _reference("diagnostic_summary", "session_id", "diagnostic_session", "CASCADE"),
        _reference("diagnostic_summary", "reading_id", "code_reading", "CASCADE"),
        sa.UniqueConstraint("session_id", "audience", name="uq_diagnostic_summary_session_id_audience"),
    )
    op.create_index("ix_diagnostic_summary_reading_id", "diagnostic_summary", ["reading_id"])
    _create(
        "adapter_claim",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("adapter_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        _at("held_until", needed=False),
        _reference("adapter_claim", "session_id", "diagnostic_session", "CASCADE"),
        _reference("adapter_claim", "adapter_id", "diagnostic_adapter", "CASCADE"),
        sa.UniqueConstraint("session_id", name="uq_adapter_claim_session_id"),
    )
    op.create_index("ix_adapter_claim_adapter_id", "adapter_claim", ["adapter_id"])
    _create(
        "maintenance_offer",
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("work", sa.String(24), nullable=False),
        sa.Column("service_code", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("slot_id", sa.String(8), nullable=False),
        _at("starts_at"),
        _at("held_until"),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        _reference("maintenance_offer", "vehicle_id", "vehicle", "CASCADE"),
        _reference("maintenance_offer", "customer_id", "customer", "CASCADE"),
        _reference("maintenance_offer", "appointment_id", "appointment", "SET NULL"),
        sa.UniqueConstraint("token", name="uq_maintenance_offer_token"),
    )
    for column in ("vehicle_id", "customer_id"):
        op.create_index(f"ix_maintenance_offer_{column}", "maintenance_offer", [column])


def downgrade() -> None:
    for name in ("maintenance_offer", "adapter_claim", "diagnostic_summary"):
        op.drop_table(name)
