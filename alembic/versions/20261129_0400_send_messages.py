"""messages by mail, SMS and WhatsApp

Revision: the queue of mails becomes one of messages; how customers want to be written to, what they
answered, and when a workshop reminds them.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129b"
down_revision = "20261129a"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEPT = (
    "id", "created_at", "workshop_id", "kind", "to_address", "subject", "text", "html", "calendar",
    "language", "dedupe_key", "state", "attempts", "next_attempt_at", "sent_at", "error",
)  # fmt: skip


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


def _queue(name: str, *more: sa.schema.SchemaItem) -> None:
    _create(
        name,
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("to_address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("dedupe_key", sa.String(120), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(300), nullable=False),
        *more,
        sa.UniqueConstraint("workshop_id", "dedupe_key", name=f"uq_{name}_workshop_id_dedupe_key"),
    )
    op.create_index(f"ix_{name}_next_attempt_at", name, ["next_attempt_at"])


def _belongs_to(table: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{to}_id"], [f"{to}.id"], name=f"fk_{table}_{to}_id_{to}", ondelete="CASCADE"
    )


def _copy(source: str, target: str) -> None:
    rows, copies = (sa.table(name, *(sa.column(kept) for kept in KEPT)) for name in (source, target))
    op.execute(copies.insert().from_select(KEPT, sa.select(rows)))


def upgrade() -> None:
    _queue(
        "outgoing_message",
        sa.Column("channel", sa.String(10), nullable=False, server_default="mail"),
        sa.Column("parameters", JSON, nullable=False, server_default="[]"),
        sa.Column("provider", sa.String(10), nullable=False, server_default=""),
        sa.Column("provider_id", sa.String(128), nullable=False, server_default=""),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        _belongs_to("outgoing_message", "appointment"),
    )
    for column in ("appointment_id", "provider_id", "to_address"):
        op.create_index(f"ix_outgoing_message_{column}", "outgoing_message", [column])
    _copy("outgoing_mail", "outgoing_message")
    op.drop_table("outgoing_mail")
    _create(
        "contact_preference",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("whatsapp_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", JSON, nullable=False),
        _belongs_to("contact_preference", "customer"),
        sa.UniqueConstraint("customer_id", name="uq_contact_preference_customer_id"),
    )
    _create(
        "appointment_answer",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("moved_count", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("appointment_answer", "appointment"),
        sa.UniqueConstraint(
            "appointment_id", "moved_count", name="uq_appointment_answer_appointment_id_moved_count"
        ),
    )
    _create(
        "messaging_terms",
        sa.Column("reminder_hours", JSON, nullable=False),
        sa.Column("quiet_from", sa.String(5), nullable=False),
        sa.Column("quiet_to", sa.String(5), nullable=False),
        sa.UniqueConstraint("workshop_id", name="uq_messaging_terms_workshop_id"),
    )
    for name in ("outgoing_message", "contact_preference", "appointment_answer", "messaging_terms"):
        protect_tenant_table(op, name)


def downgrade() -> None:
    for name in ("messaging_terms", "appointment_answer", "contact_preference"):
        op.drop_table(name)
    _queue("outgoing_mail")
    op.execute("DELETE FROM outgoing_message WHERE channel <> 'mail'")
    _copy("outgoing_message", "outgoing_mail")
    op.drop_table("outgoing_message")
    protect_tenant_table(op, "outgoing_mail")
