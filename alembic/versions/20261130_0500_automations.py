"""automations

Revision: automations with their runs and deadlines, tasks, and how each person wants to be told.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130e"
down_revision = "20261130d"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("created_at"),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "automation",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _instant("enabled_since", nullable=True),
        sa.Column("trigger", sa.String(24), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("conditions", _JSON, nullable=False),
        sa.Column("actions", _JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("webhook_secret", sa.String(200), nullable=False),
    )
    op.create_index("ix_automation_trigger", "automation", ["workshop_id", "enabled", "trigger"])
    _create(
        "automation_run",
        sa.Column("automation_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.String(100), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("outcomes", _JSON, nullable=False),
        sa.Column("error", sa.String(60), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        _reference("automation_run", "automation_id", "automation", "CASCADE"),
        _reference("automation_run", "conversation_id", "conversation", "CASCADE"),
        _reference("automation_run", "customer_id", "customer", "SET NULL"),
        sa.UniqueConstraint("automation_id", "occurrence", name="uq_automation_run_automation_id_occurrence"),
    )
    op.create_index(
        "ix_automation_run_recent", "automation_run", ["workshop_id", "conversation_id", "created_at"]
    )
    _create(
        "automation_deadline",
        sa.Column("automation_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.String(100), nullable=False),
        sa.Column("occasion", _JSON, nullable=False),
        _instant("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _reference("automation_deadline", "automation_id", "automation", "CASCADE"),
        sa.UniqueConstraint(
            "automation_id", "occurrence", name="uq_automation_deadline_automation_id_occurrence"
        ),
    )
    op.create_index("ix_automation_deadline_due_at", "automation_deadline", ["due_at"])
    _create(
        "task",
        sa.Column("title", sa.String(200), nullable=False),
        _instant("due_at"),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("remind", sa.Boolean(), nullable=False),
        _instant("reminded_at", nullable=True),
        _instant("done_at", nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.String(120), nullable=False),
        _reference("task", "assignee_id", "person", "SET NULL"),
        _reference("task", "conversation_id", "conversation", "CASCADE"),
        _reference("task", "customer_id", "customer", "CASCADE"),
    )
    op.create_index("ix_task_open", "task", ["workshop_id", "done_at", "due_at"])
    op.create_index("ix_task_conversation_id", "task", ["conversation_id"])
    op.create_index("ix_task_customer_id", "task", ["customer_id"])
    _notices()


def _notices() -> None:
    _create(
        "notice_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        _reference("notice_preference", "person_id", "person", "CASCADE"),
        sa.UniqueConstraint(
            "workshop_id", "person_id", "kind", name="uq_notice_preference_workshop_id_person_id_kind"
        ),
    )
    _create(
        "digest_terms",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("send_at", sa.String(5), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        _reference("digest_terms", "person_id", "person", "CASCADE"),
        sa.UniqueConstraint("workshop_id", "person_id", name="uq_digest_terms_workshop_id_person_id"),
    )
    _create(
        "escalation_terms",
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        _reference("escalation_terms", "person_id", "person", "SET NULL"),
        sa.UniqueConstraint("workshop_id", name="uq_escalation_terms_workshop_id"),
    )
    _create(
        "escalation",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        _reference("escalation", "conversation_id", "conversation", "CASCADE"),
        sa.UniqueConstraint("conversation_id", "seq", "step", name="uq_escalation_conversation_id_seq_step"),
    )


def downgrade() -> None:
    for table in ("escalation", "escalation_terms", "digest_terms", "notice_preference", "task"):
        op.drop_table(table)
    for table in ("automation_deadline", "automation_run", "automation"):
        op.drop_table(table)
