"""read bank statements: what they pay, direct debits, letters of dunning"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261201f"
down_revision = "20261201d"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = (
    "bank_statement",
    "base_rate",
    "debit_run",
    "bank_entry",
    "dunning_notice",
    "sepa_mandate",
    "debit_item",
    "dunning_claim",
)


def upgrade() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("opening_cents", sa.BigInteger(), nullable=True),
        sa.Column("closing_cents", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("new_lines", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name="fk_bank_statement_workshop_id_workshop",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_statement"),
        sa.UniqueConstraint(
            "workshop_id", "sha256", "position", name="uq_bank_statement_workshop_id_sha256_position"
        ),
    )
    op.create_index("ix_bank_statement_workshop_id", "bank_statement", ["workshop_id"], unique=False)

    op.create_table(
        "base_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("percent", sa.String(24), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_base_rate_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_base_rate"),
        sa.UniqueConstraint("workshop_id", "valid_from", name="uq_base_rate_workshop_id_valid_from"),
    )
    op.create_index("ix_base_rate_workshop_id", "base_rate", ["workshop_id"], unique=False)

    op.create_table(
        "debit_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.String(35), nullable=False),
        sa.Column("scheme", sa.String(4), nullable=False),
        sa.Column("collect_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_debit_run_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_debit_run"),
    )
    op.create_index("ix_debit_run_workshop_id", "debit_run", ["workshop_id"], unique=False)

    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=True),
        sa.Column("end_to_end_id", sa.String(35), nullable=False),
        sa.Column("mandate", sa.String(35), nullable=False),
        sa.Column("remittance", sa.String(1000), nullable=False),
        sa.Column("reference", sa.String(35), nullable=False),
        sa.Column("counterparty", sa.String(140), nullable=False),
        sa.Column("counterparty_iban", sa.String(34), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("return_reason", sa.String(4), nullable=False),
        sa.Column("charges_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("matches", JSON, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_bank_entry_customer_id_customer", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statement.id"],
            name="fk_bank_entry_statement_id_bank_statement",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_bank_entry_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_entry"),
        sa.UniqueConstraint("workshop_id", "iban", "key", name="uq_bank_entry_workshop_id_iban_key"),
    )
    op.create_index("ix_bank_entry_customer_id", "bank_entry", ["customer_id"], unique=False)
    op.create_index("ix_bank_entry_state", "bank_entry", ["workshop_id", "state", "booked_on"], unique=False)
    op.create_index("ix_bank_entry_statement_id", "bank_entry", ["statement_id"], unique=False)
    op.create_index("ix_bank_entry_workshop_id", "bank_entry", ["workshop_id"], unique=False)

    op.create_table(
        "dunning_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(12), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("recipient", sa.String(160), nullable=False),
        sa.Column("open_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("interest_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("letter", JSON, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="fk_dunning_notice_customer_id_customer",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name="fk_dunning_notice_workshop_id_workshop",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dunning_notice"),
    )
    op.create_index("ix_dunning_notice_customer_id", "dunning_notice", ["customer_id"], unique=False)
    op.create_index("ix_dunning_notice_workshop_id", "dunning_notice", ["workshop_id"], unique=False)

    op.create_table(
        "sepa_mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(35), nullable=False),
        sa.Column("holder", sa.String(70), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("bic", sa.String(11), nullable=False),
        sa.Column("scheme", sa.String(4), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sepa_mandate_customer_id_customer", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_sepa_mandate_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sepa_mandate"),
        sa.UniqueConstraint("workshop_id", "reference", name="uq_sepa_mandate_workshop_id_reference"),
    )
    op.create_index("ix_sepa_mandate_customer_id", "sepa_mandate", ["customer_id"], unique=False)
    op.create_index("ix_sepa_mandate_workshop_id", "sepa_mandate", ["workshop_id"], unique=False)

    op.create_table(
        "debit_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("end_to_end_id", sa.String(35), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.String(4), nullable=False),
        sa.Column("collect_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name="fk_debit_item_invoice_id_invoice", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"],
            ["sepa_mandate.id"],
            name="fk_debit_item_mandate_id_sepa_mandate",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["debit_run.id"], name="fk_debit_item_run_id_debit_run", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_debit_item_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_debit_item"),
        sa.UniqueConstraint(
            "workshop_id", "run_id", "invoice_id", name="uq_debit_item_workshop_id_run_id_invoice_id"
        ),
    )
    op.create_index("ix_debit_item_invoice_id", "debit_item", ["invoice_id"], unique=False)
    op.create_index("ix_debit_item_mandate_id", "debit_item", ["mandate_id"], unique=False)
    op.create_index("ix_debit_item_run_id", "debit_item", ["run_id"], unique=False)
    op.create_index("ix_debit_item_workshop_id", "debit_item", ["workshop_id"], unique=False)

    op.create_table(
        "dunning_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("open_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("interest_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name="fk_dunning_claim_invoice_id_invoice", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["dunning_notice.id"],
            name="fk_dunning_claim_notice_id_dunning_notice",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_dunning_claim_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dunning_claim"),
        sa.UniqueConstraint(
            "workshop_id", "invoice_id", "level", name="uq_dunning_claim_workshop_id_invoice_id_level"
        ),
    )
    op.create_index("ix_dunning_claim_invoice_id", "dunning_claim", ["invoice_id"], unique=False)
    op.create_index("ix_dunning_claim_notice_id", "dunning_claim", ["notice_id"], unique=False)
    op.create_index("ix_dunning_claim_workshop_id", "dunning_claim", ["workshop_id"], unique=False)
    for name in TABLES:
        protect_tenant_table(op, name)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
