"""keep books: accounts of customers and suppliers, exports that were handed out, invoices of suppliers"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261201h"
down_revision = "20261201g"

TABLES = ("expense", "datev_export", "ledger_account")


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


def _text(name: str, most: int) -> sa.Column:
    return sa.Column(name, sa.String(most), nullable=False)


def _needed(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    _create(
        "ledger_account",
        _text("kind", 8),
        _text("party", 160),
        _needed("number", sa.Integer()),
        sa.UniqueConstraint(
            "workshop_id", "kind", "number", name="uq_ledger_account_workshop_id_kind_number"
        ),
        sa.UniqueConstraint("workshop_id", "kind", "party", name="uq_ledger_account_workshop_id_kind_party"),
    )
    _create(
        "datev_export",
        _needed("month", sa.Date()),
        _text("sha256", 64),
        _text("content_sha256", 64),
        _needed("rows", sa.Integer()),
        _needed("with_payments", sa.Boolean()),
        _needed("with_expenses", sa.Boolean()),
        _needed("accounts", JsonColumn),
        _text("by", 120),
    )
    op.create_index("ix_datev_export_month", "datev_export", ["workshop_id", "month"])
    _create(
        "expense",
        _text("entry_number", 40),
        _text("state", 10),
        _text("source", 8),
        _text("supplier", 160),
        _text("supplier_vat_id", 20),
        _text("supplier_key", 160),
        _text("number", 80),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        _needed("received_on", sa.Date()),
        _needed("posted_on", sa.Date()),
        _text("currency", 3),
        _needed("amounts", JsonColumn),
        _needed("gross_cents", sa.BigInteger()),
        _text("category", 20),
        _text("reason", 300),
        sa.Column("paid_on", sa.Date(), nullable=True),
        _text("paid_by", 16),
        _needed("is_einvoice", sa.Boolean()),
        _text("filename", 120),
        _text("media_type", 80),
        _text("sha256", 64),
        _needed("findings", JsonColumn),
        _needed("document", JsonColumn),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        _text("handled_by", 120),
        sa.UniqueConstraint("workshop_id", "entry_number", name="uq_expense_workshop_id_entry_number"),
        sa.UniqueConstraint("workshop_id", "sha256", name="uq_expense_workshop_id_sha256"),
    )
    op.create_index("ix_expense_posted_on", "expense", ["workshop_id", "posted_on"])
    op.create_index("ix_expense_number", "expense", ["workshop_id", "supplier_key", "number"])


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
