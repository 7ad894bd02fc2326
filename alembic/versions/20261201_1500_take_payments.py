"""take payments: accounts at the provider, requests, its news, disputes, payouts, terms of deposits"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261201e"
down_revision = "20261201f"

TABLES = ("payment_account", "deposit_terms", "payment_request", "dispute", "payout")


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _create(name: str, *columns: sa.schema.SchemaItem, tenant: bool = True) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        sa.Column("workshop_id", sa.Uuid(), nullable=not tenant),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    if tenant:
        protect_tenant_table(op, name)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _cents(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _whole(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=True)


def upgrade() -> None:
    _create(
        "payment_account",
        _text("account_id", 64),
        _text("mode", 4),
        *map(_flag, ("charges_enabled", "payouts_enabled", "details_submitted", "online", "transfer")),
        sa.Column("fee_percent", sa.String(24), nullable=True),
        _cents("fee_fix_cents", nullable=True),
        sa.UniqueConstraint("workshop_id", name="uq_payment_account_workshop_id"),
    )
    op.create_index("ix_payment_account_account_id", "payment_account", ["account_id"])
    _create(
        "deposit_terms",
        _text("rule", 8),
        _whole("from_score"),
        _cents("from_cents"),
        _text("kind", 8),
        _whole("percent"),
        _cents("fixed_cents"),
        _whole("refund_hours"),
        sa.UniqueConstraint("workshop_id", name="uq_deposit_terms_workshop_id"),
    )
    _create_requests()
    _create(
        "provider_event",
        _text("provider", 16),
        _text("event_id", 120),
        _text("kind", 80),
        _text("account_id", 64),
        _moment("happened_at"),
        _moment("received_at"),
        _moment("handled_at", nullable=True),
        _whole("attempts"),
        _text("error", 200),
        sa.Column("payload", JsonColumn, nullable=False),
        sa.UniqueConstraint("provider", "event_id", name="uq_provider_event_provider_event_id"),
        tenant=False,
    )
    op.create_index("ix_provider_event_at", "provider_event", ["received_at"])
    _create(
        "dispute",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        _text("dispute_id", 120),
        _text("state", 8),
        _text("reason", 60),
        _cents("amount_cents"),
        _text("currency", 3),
        _moment("answer_until", nullable=True),
        _moment("seen_at"),
        _reference("dispute", "request_id", "payment_request", "CASCADE"),
        sa.UniqueConstraint("workshop_id", "dispute_id", name="uq_dispute_workshop_id_dispute_id"),
    )
    op.create_index("ix_dispute_request_id", "dispute", ["request_id"])
    _create(
        "payout",
        _text("payout_id", 120),
        _text("state", 12),
        _cents("amount_cents"),
        _text("currency", 3),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        _moment("seen_at"),
        sa.UniqueConstraint("workshop_id", "payout_id", name="uq_payout_workshop_id_payout_id"),
    )
    op.create_index("ix_payout_arrives", "payout", ["workshop_id", "arrives_on"])


def _create_requests() -> None:
    name = "payment_request"
    _create(
        name,
        _text("token", 64),
        _text("request_key", 80),
        _text("purpose", 8),
        *map(_id, ("invoice_id", "appointment_id", "order_id", "customer_id")),
        _text("text", 140),
        _cents("amount_cents"),
        _text("currency", 3),
        _text("language", 2),
        _text("state", 12),
        _moment("changed_at"),
        _moment("expires_at", nullable=True),
        _text("provider", 16),
        _text("account_id", 64),
        _text("checkout_id", 120),
        _text("checkout_url", 600),
        _moment("checkout_until", nullable=True),
        _text("intent_id", 120),
        _text("charge_id", 120),
        _text("method", 16),
        _whole("attempt"),
        sa.Column("paid_on", sa.Date(), nullable=True),
        _cents("fee_cents"),
        _cents("refunded_cents"),
        _text("mismatch", 120),
        _text("note", 200),
        *(_reference(name, f"{to}_id", to, "SET NULL") for to in ("invoice", "appointment", "customer")),
        sa.UniqueConstraint("token", name="uq_payment_request_token"),
        sa.UniqueConstraint("workshop_id", "request_key", name="uq_payment_request_workshop_id_request_key"),
    )
    for column in ("invoice_id", "appointment_id", "customer_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_index("ix_payment_request_intent", name, ["provider", "intent_id"])
    op.create_index("ix_payment_request_state", name, ["workshop_id", "state"])


def downgrade() -> None:
    for table in (
        "payout",
        "dispute",
        "provider_event",
        "payment_request",
        "deposit_terms",
        "payment_account",
    ):
        op.drop_table(table)
