"""keep and forget

Revision: how long what is kept, proof of what was deleted, disclosures to people, who was forgotten.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130h"
down_revision = "20261130g"

_TABLES = ("retention_terms", "retention_run", "privacy_export", "erasure")


def _tenant_table(
    name: str, *columns: sa.Column | sa.Constraint, unique: tuple[tuple[str, ...], ...] = ()
) -> None:
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
        *(sa.UniqueConstraint(*several, name=f"uq_{name}_{'_'.join(several)}") for several in unique),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])


def upgrade() -> None:
    _tenant_table(
        "retention_terms",
        sa.Column("periods", JsonColumn, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        unique=(("workshop_id",),),
    )
    _tenant_table(
        "retention_run",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_retention_run_recent", "retention_run", ["workshop_id", "at"])
    _tenant_table(
        "privacy_export",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(12), nullable=False),
        sa.Column("requested_by", sa.String(120), nullable=False),
        sa.Column("token_fingerprint", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="fk_privacy_export_customer_id_customer",
            ondelete="CASCADE",
        ),
        unique=(("token_fingerprint",),),
    )
    op.create_index("ix_privacy_export_customer_id", "privacy_export", ["customer_id"])
    op.create_index("ix_privacy_export_expires", "privacy_export", ["expires_at"])
    _tenant_table(
        "erasure",
        sa.Column("pseudonym", sa.String(24), nullable=False),
        sa.Column("fingerprints", JsonColumn, nullable=False),
        sa.Column("checked_by", sa.String(12), nullable=False),
        sa.Column("done_by", sa.String(120), nullable=False),
        sa.Column("removed", JsonColumn, nullable=False),
        sa.Column("kept", JsonColumn, nullable=False),
    )
    for name in _TABLES:
        protect_tenant_table(op, name)


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)
