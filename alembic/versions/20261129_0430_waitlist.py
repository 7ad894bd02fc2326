"""waitlist

Revision: who waits for an earlier time, and which times are kept for whom.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129w"
down_revision = "20261129c"

TABLES = ("waitlist_entry", "waitlist_offer")


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


def upgrade() -> None:
    _create(
        "waitlist_entry",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("wish_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wish_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("part_of_day", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name="fk_waitlist_entry_appointment_id_appointment",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("appointment_id", name="uq_waitlist_entry_appointment_id"),
    )
    _create(
        "waitlist_offer",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["waitlist_entry.id"],
            name="fk_waitlist_offer_entry_id_waitlist_entry",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name="fk_waitlist_offer_claim_id_claim", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("entry_id", "starts_at", name="uq_waitlist_offer_entry_id_starts_at"),
    )
    op.create_index("ix_waitlist_offer_expires_at", "waitlist_offer", ["expires_at"])
    for table in TABLES:
        protect_tenant_table(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
