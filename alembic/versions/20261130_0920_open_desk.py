"""open desk

Revision: assignment, snooze and waiting on threads; notes, labels, drafts, canned replies; full-text search.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.search import create_search, drop_search
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130c"
down_revision = "20261130b"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = ("thread_draft", "canned_reply", "thread_label", "label", "thread_note")
COUNTED = (
    *("workshop_id", "state", "snoozed_until", "assigned_to", "mode", "last_author", "last_seq"),
    "staff_seen_seq",
)


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def upgrade() -> None:
    _extend_conversations()
    _create_tables()
    create_search(op.get_bind())


def _extend_conversations() -> None:
    op.add_column("conversation", _id("assigned_to", nullable=True))
    for column in ("snoozed_until", "waiting_since"):
        op.add_column("conversation", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE conversation SET assigned_to = taken_by")
    op.execute(
        "UPDATE conversation SET waiting_since = last_message_at WHERE state = 'open' AND channel <> 'booking' "
        "AND (last_author = 'customer' OR (mode = 'human' AND last_author <> 'staff'))"
    )
    op.create_index("ix_conversation_latest", "conversation", ["workshop_id", "last_message_at"])
    op.create_index(
        "ix_conversation_assigned", "conversation", ["workshop_id", "assigned_to", "last_message_at"]
    )
    op.create_index("ix_conversation_snoozed", "conversation", ["snoozed_until"])
    op.create_index("ix_conversation_counted", "conversation", list(COUNTED))
    op.create_index("ix_lead_score", "lead", ["workshop_id", "score"])
    op.create_index("ix_lead_vehicle_id", "lead", ["vehicle_id"])


def _create_tables() -> None:
    _create(
        "thread_note",
        _id("conversation_id"),
        _id("author_id", nullable=True),
        _text("author_name", 120),
        _text("text"),
        sa.Column("mentions", JSON, nullable=False),
        _reference("thread_note", "conversation_id", "conversation", "CASCADE"),
        _reference("thread_note", "author_id", "person", "SET NULL"),
    )
    op.create_index("ix_thread_note_conversation_id", "thread_note", ["conversation_id"])
    _create(
        "label",
        _text("name", 30),
        _text("category", 30),
        _text("tone", 8),
        sa.UniqueConstraint("workshop_id", "name", name="uq_label_workshop_id_name"),
    )
    _create(
        "thread_label",
        _id("conversation_id"),
        _id("label_id"),
        _reference("thread_label", "conversation_id", "conversation", "CASCADE"),
        _reference("thread_label", "label_id", "label", "CASCADE"),
        sa.UniqueConstraint("conversation_id", "label_id", name="uq_thread_label_conversation_id_label_id"),
    )
    op.create_index("ix_thread_label_label_id", "thread_label", ["label_id"])
    _create(
        "canned_reply",
        _text("title", 60),
        _text("category", 30),
        _text("text"),
        sa.UniqueConstraint("workshop_id", "title", name="uq_canned_reply_workshop_id_title"),
    )
    _create(
        "thread_draft",
        _id("conversation_id"),
        _id("person_id"),
        _text("text"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _reference("thread_draft", "conversation_id", "conversation", "CASCADE"),
        _reference("thread_draft", "person_id", "person", "CASCADE"),
        sa.UniqueConstraint("conversation_id", "person_id", name="uq_thread_draft_conversation_id_person_id"),
    )
    op.create_index("ix_thread_draft_person_id", "thread_draft", ["person_id"])


def downgrade() -> None:
    drop_search(op.get_bind())
    for name in TABLES:
        op.drop_table(name)
    op.drop_index("ix_lead_vehicle_id", "lead")
    op.drop_index("ix_lead_score", "lead")
    for name in ("counted", "snoozed", "assigned", "latest"):
        op.drop_index(f"ix_conversation_{name}", "conversation")
    with op.batch_alter_table("conversation") as table:
        for column in ("waiting_since", "snoozed_until", "assigned_to"):
            table.drop_column(column)
