"""connect calendars

Revision: calendars of technicians, their visits there, secret feeds.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129c"
down_revision = "20261129b"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = ("calendar_link", "synced_event", "calendar_feed")


def _instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _reference(name: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_{name}_{column}_{table}", ondelete="CASCADE"
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("created_at", nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])


def upgrade() -> None:
    _create(
        "calendar_link",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        _text("provider", 12),
        _text("calendar_id", 500),
        _text("name", 120),
        _text("account", 200),
        _text("secret"),
        _text("state", 8),
        _text("error", 20),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("notices", JSON, nullable=False),
        _text("sync_token"),
        _instant("full_at"),
        _instant("last_synced_at"),
        _instant("next_at", nullable=False),
        _instant("wanted_at"),
        _instant("claimed_until"),
        _reference("calendar_link", "resource_id", "resource"),
        sa.UniqueConstraint(
            *("workshop_id", "provider", "calendar_id"),
            name="uq_calendar_link_workshop_id_provider_calendar_id",
        ),
    )
    op.create_index("ix_calendar_link_resource_id", "calendar_link", ["resource_id"])
    op.create_index("ix_calendar_link_next_at", "calendar_link", ["next_at"])
    _create(
        "synced_event",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        _text("event_id", 500),
        _text("etag", 300),
        _text("fingerprint", 64),
        _instant("starts_at", nullable=False),
        _instant("ends_at", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _reference("synced_event", "link_id", "calendar_link"),
        _reference("synced_event", "appointment_id", "appointment"),
        sa.UniqueConstraint("link_id", "appointment_id", name="uq_synced_event_link_id_appointment_id"),
    )
    op.create_index("ix_synced_event_appointment_id", "synced_event", ["appointment_id"])
    _create(
        "calendar_feed",
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        _text("token", 64),
        _reference("calendar_feed", "resource_id", "resource"),
        sa.UniqueConstraint("token", name="uq_calendar_feed_token"),
    )
    op.create_index("ix_calendar_feed_resource_id", "calendar_feed", ["resource_id"])
    for table in TABLES:
        protect_tenant_table(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
