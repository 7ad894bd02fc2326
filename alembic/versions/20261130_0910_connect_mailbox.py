"""connect mailbox

Revision: the workshop's own mail account, and what arrived there.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130b"
down_revision = "20261130a"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _number(name: str, kind: type[sa.Integer] = sa.Integer) -> sa.Column:
    return sa.Column(name, kind(), nullable=False)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("created_at"),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=f"fk_{name}_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "mailbox",
        _text("address", 254),
        _text("incoming", 260),
        _text("outgoing", 260),
        _text("user", 254),
        _text("secret"),
        _text("state", 8),
        _text("error", 20),
        _number("failures"),
        _number("uid_validity", sa.BigInteger),
        _number("last_uid", sa.BigInteger),
        _instant("connected_at"),
        _instant("checked_at", nullable=True),
        _instant("next_at"),
        _instant("claimed_until", nullable=True),
        _text("claimed_by", 32),
        sa.UniqueConstraint("workshop_id", name="uq_mailbox_workshop_id"),
    )
    op.create_index("ix_mailbox_next_at", "mailbox", ["next_at"])
    _create(
        "received_mail",
        _text("fingerprint", 64),
        _text("message_id", 402),
        sa.Column("reference_ids", JSON, nullable=False),
        _text("from_address", 254),
        _text("from_name", 120),
        _text("subject", 200),
        _instant("sent_at"),
        _text("original"),
        _text("kind", 12),
        _text("state", 10),
        _text("reason", 16),
        _number("attempts"),
        _number("uid_validity", sa.BigInteger),
        _number("uid", sa.BigInteger),
        _number("size"),
        sa.Column("thread_message_id", sa.Uuid(), nullable=True),
        sa.Column("outgoing_id", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("workshop_id", "fingerprint", name="uq_received_mail_workshop_id_fingerprint"),
    )
    op.create_index("ix_received_mail_sender", "received_mail", ["workshop_id", "from_address", "created_at"])
    op.create_index("ix_received_mail_state", "received_mail", ["workshop_id", "state"])
    op.create_index("ix_received_mail_thread_message_id", "received_mail", ["thread_message_id"])


def downgrade() -> None:
    op.drop_table("received_mail")
    op.drop_table("mailbox")
