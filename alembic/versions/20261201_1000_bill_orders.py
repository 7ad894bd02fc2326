"""bill orders: work orders, invoices that cannot be changed, what is owed and paid, the audit chain"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261201a"
down_revision = "20261130i"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = (
    "audit_entry",
    "billing_terms",
    "invoice",
    "number_range",
    "invoice_line",
    "payment",
    "invoice_draft",
    "receivable",
    "work_order",
    "check_in",
    "order_approval",
    "order_job",
    "declined_job",
    "order_line",
)
FROZEN = {
    "invoice": "OLD.keep_until < {today}",
    "invoice_line": "NOT EXISTS (SELECT 1 FROM invoice WHERE id = OLD.invoice_id AND keep_until >= {today})",
    "payment": "NOT EXISTS (SELECT 1 FROM invoice WHERE id = OLD.invoice_id AND keep_until >= {today})",
    "audit_entry": "OLD.at < {ten_years_ago}",
}
"""Tables no row of which may change, and when a row may go: retention has to be able to delete."""


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_audit_entry_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("workshop_id", "seq", name="uq_audit_entry_workshop_id_seq"),
    )
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["workshop_id", "subject", "subject_id"], unique=False
    )
    op.create_index("ix_audit_entry_workshop_id", "audit_entry", ["workshop_id"], unique=False)

    op.create_table(
        "billing_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("tax_number", sa.String(30), nullable=False),
        sa.Column("cash_accounting", sa.Boolean(), nullable=False),
        sa.Column("turnover_before_cents", sa.BigInteger(), nullable=True),
        sa.Column("contact_name", sa.String(120), nullable=False),
        sa.Column("account_holder", sa.String(70), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("bic", sa.String(11), nullable=False),
        sa.Column("bank_name", sa.String(80), nullable=False),
        sa.Column("creditor_id", sa.String(35), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("discount_days", sa.Integer(), nullable=False),
        sa.Column("discount_percent", sa.String(24), nullable=False),
        sa.Column("number_formats", JSON, nullable=False),
        sa.Column("einvoice_form", sa.String(16), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("logo_file", sa.String(64), nullable=False),
        sa.Column("dunning", JSON, nullable=False),
        sa.Column("datev", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_billing_terms_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_billing_terms"),
        sa.UniqueConstraint("workshop_id", name="uq_billing_terms_workshop_id"),
    )
    op.create_index("ix_billing_terms_workshop_id", "billing_terms", ["workshop_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("supplied_on", sa.Date(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("vat_cents", sa.BigInteger(), nullable=False),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("due_cents", sa.BigInteger(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("paper", JSON, nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("xml", sa.String(), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["original_id"], ["invoice.id"], name="fk_invoice_original_id_invoice"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_invoice_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        sa.UniqueConstraint("workshop_id", "number", name="uq_invoice_workshop_id_number"),
        sa.UniqueConstraint("workshop_id", "request_key", name="uq_invoice_workshop_id_request_key"),
    )
    op.create_index("ix_invoice_issued_on", "invoice", ["workshop_id", "issued_on"], unique=False)
    op.create_index("ix_invoice_original_id", "invoice", ["original_id"], unique=False)
    op.create_index("ix_invoice_workshop_id", "invoice", ["workshop_id"], unique=False)

    op.create_table(
        "number_range",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_number_range_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_number_range"),
        sa.UniqueConstraint("workshop_id", "kind", "year", name="uq_number_range_workshop_id_kind_year"),
    )
    op.create_index("ix_number_range_workshop_id", "number_range", ["workshop_id"], unique=False)

    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("service_code", sa.String(20), nullable=False),
        sa.Column("revenue", sa.String(16), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(24), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("unit_price", sa.String(24), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(2), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("exchange", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_invoice_line_invoice_id_invoice"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_invoice_line_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_line"),
    )
    op.create_index("ix_invoice_line_invoice", "invoice_line", ["invoice_id", "position"], unique=False)
    op.create_index("ix_invoice_line_workshop_id", "invoice_line", ["workshop_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(140), nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("provider_id", sa.String(120), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_payment_invoice_id_invoice"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_payment_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
    )
    op.create_index("ix_payment_invoice_id", "payment", ["invoice_id"], unique=False)
    op.create_index("ix_payment_received_on", "payment", ["workshop_id", "received_on"], unique=False)
    op.create_index("ix_payment_workshop_id", "payment", ["workshop_id"], unique=False)
    op.create_index(
        "uq_payment_provider",
        "payment",
        ["workshop_id", "provider", "provider_id"],
        unique=True,
        sqlite_where=sa.text("provider_id != ''"),
        postgresql_where=sa.text("provider_id != ''"),
    )

    op.create_table(
        "invoice_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("buyer", JSON, nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("supplied_on", sa.Date(), nullable=True),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="fk_invoice_draft_customer_id_customer",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name="fk_invoice_draft_vehicle_id_vehicle", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_invoice_draft_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_draft"),
    )
    op.create_index("ix_invoice_draft_customer_id", "invoice_draft", ["customer_id"], unique=False)
    op.create_index("ix_invoice_draft_order_id", "invoice_draft", ["order_id"], unique=False)
    op.create_index("ix_invoice_draft_workshop_id", "invoice_draft", ["workshop_id"], unique=False)

    op.create_table(
        "receivable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("due_cents", sa.BigInteger(), nullable=False),
        sa.Column("settled_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_name", sa.String(160), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("search", sa.String(300), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("is_business", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("dunning_level", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("dunning_stop", sa.String(16), nullable=False),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_off_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_receivable_customer_id_customer", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_receivable_invoice_id_invoice"),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name="fk_receivable_vehicle_id_vehicle", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_receivable_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_receivable"),
        sa.UniqueConstraint("invoice_id", name="uq_receivable_invoice_id"),
        sa.UniqueConstraint("token", name="uq_receivable_token"),
    )
    op.create_index("ix_receivable_customer_id", "receivable", ["customer_id"], unique=False)
    op.create_index(
        "ix_receivable_issued", "receivable", ["workshop_id", "issued_on", "number"], unique=False
    )
    op.create_index("ix_receivable_order_id", "receivable", ["order_id"], unique=False)
    op.create_index("ix_receivable_state", "receivable", ["workshop_id", "state", "due_on"], unique=False)
    op.create_index("ix_receivable_workshop_id", "receivable", ["workshop_id"], unique=False)

    op.create_table(
        "work_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("complaint", sa.String(1000), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payers", JSON, nullable=False),
        sa.Column("discount_percent", sa.String(24), nullable=False),
        sa.Column("discount_cents", sa.BigInteger(), nullable=False),
        sa.Column("estimate_cents", sa.BigInteger(), nullable=True),
        sa.Column("approved_cents", sa.BigInteger(), nullable=True),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("request_key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name="fk_work_order_appointment_id_appointment",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_work_order_conversation_id_conversation",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_work_order_customer_id_customer", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"],
            ["resource.id"],
            name="fk_work_order_technician_id_resource",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name="fk_work_order_vehicle_id_vehicle", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_work_order_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_work_order"),
        sa.UniqueConstraint("workshop_id", "number", name="uq_work_order_workshop_id_number"),
        sa.UniqueConstraint("workshop_id", "request_key", name="uq_work_order_workshop_id_request_key"),
    )
    op.create_index("ix_work_order_appointment_id", "work_order", ["appointment_id"], unique=False)
    op.create_index("ix_work_order_conversation_id", "work_order", ["conversation_id"], unique=False)
    op.create_index("ix_work_order_customer_id", "work_order", ["customer_id"], unique=False)
    op.create_index("ix_work_order_invoice_id", "work_order", ["invoice_id"], unique=False)
    op.create_index("ix_work_order_state", "work_order", ["workshop_id", "state"], unique=False)
    op.create_index("ix_work_order_vehicle_id", "work_order", ["vehicle_id"], unique=False)
    op.create_index("ix_work_order_workshop_id", "work_order", ["workshop_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("fuel_percent", sa.Integer(), nullable=True),
        sa.Column("charge_percent", sa.Integer(), nullable=True),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("tread", JSON, nullable=False),
        sa.Column("observations", JSON, nullable=False),
        sa.Column("belongings", sa.String(300), nullable=False),
        sa.Column("keep_old_parts", sa.Boolean(), nullable=False),
        sa.Column("test_drive", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(1000), nullable=False),
        sa.Column("terms_version", sa.String(24), nullable=False),
        sa.Column("signed_name", sa.String(120), nullable=False),
        sa.Column("signature_file", sa.String(64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name="fk_check_in_order_id_work_order", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_check_in_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_in"),
        sa.UniqueConstraint("order_id", name="uq_check_in_order_id"),
    )
    op.create_index("ix_check_in_workshop_id", "check_in", ["workshop_id"], unique=False)

    op.create_table(
        "order_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("approved_cents", sa.BigInteger(), nullable=True),
        sa.Column("signed_name", sa.String(120), nullable=False),
        sa.Column("signature_file", sa.String(64), nullable=False),
        sa.Column("noted_by", sa.String(120), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name="fk_order_approval_order_id_work_order", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name="fk_order_approval_workshop_id_workshop",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_approval"),
        sa.UniqueConstraint("token", name="uq_order_approval_token"),
    )
    op.create_index("ix_order_approval_order_id", "order_approval", ["order_id"], unique=False)
    op.create_index("ix_order_approval_workshop_id", "order_approval", ["workshop_id"], unique=False)

    op.create_table(
        "order_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("finding", sa.String(500), nullable=False),
        sa.Column("urgency", sa.String(8), nullable=False),
        sa.Column("service_code", sa.String(20), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name="fk_order_job_order_id_work_order", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"],
            ["resource.id"],
            name="fk_order_job_technician_id_resource",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_order_job_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_job"),
    )
    op.create_index("ix_order_job_order_id", "order_job", ["order_id"], unique=False)
    op.create_index("ix_order_job_workshop_id", "order_job", ["workshop_id"], unique=False)

    op.create_table(
        "declined_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("urgency", sa.String(8), nullable=False),
        sa.Column("service_code", sa.String(20), nullable=False),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_declined_job_customer_id_customer", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["order_job.id"], name="fk_declined_job_job_id_order_job", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name="fk_declined_job_vehicle_id_vehicle", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_declined_job_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_declined_job"),
    )
    op.create_index("ix_declined_job_customer_id", "declined_job", ["customer_id"], unique=False)
    op.create_index("ix_declined_job_job_id", "declined_job", ["job_id"], unique=False)
    op.create_index("ix_declined_job_workshop_id", "declined_job", ["workshop_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("part_number", sa.String(60), nullable=False),
        sa.Column("quantity", sa.String(24), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("unit_price", sa.String(24), nullable=False),
        sa.Column("gross", sa.Boolean(), nullable=False),
        sa.Column("discount_percent", sa.String(24), nullable=False),
        sa.Column("exchange", sa.Boolean(), nullable=False),
        sa.Column("list_price", sa.String(24), nullable=True),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["order_job.id"], name="fk_order_line_job_id_order_job", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_order_line_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_line"),
    )
    op.create_index("ix_order_line_job_id", "order_line", ["job_id"], unique=False)
    op.create_index("ix_order_line_workshop_id", "order_line", ["workshop_id"], unique=False)
    for name in TABLES:
        protect_tenant_table(op, name)
    for name, may_go in FROZEN.items():
        _freeze(name, may_go)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        for name in FROZEN:
            op.execute(f"DROP FUNCTION freeze_{name}()")


def _freeze(table: str, may_go: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        condition = may_go.format(today="CURRENT_DATE", ten_years_ago="now() - interval '11 years'")
        op.execute(
            f"CREATE FUNCTION freeze_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' AND ({condition}) THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION '{table} rows cannot be changed' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION freeze_{table}()"
        )
        return
    condition = may_go.format(today="date('now')", ten_years_ago="datetime('now', '-11 years')")
    raising = f"SELECT RAISE(ABORT, '{table} rows cannot be changed')"
    op.execute(f"CREATE TRIGGER {table}_frozen_update BEFORE UPDATE ON {table} BEGIN {raising}; END")
    op.execute(
        f"CREATE TRIGGER {table}_frozen_delete BEFORE DELETE ON {table} "
        f"WHEN NOT ({condition}) BEGIN {raising}; END"
    )
