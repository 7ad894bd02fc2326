"""schedule reports: plans, the archive of what was built, and addresses outside the team"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261204d"
down_revision = "20261204c"

ADDRESS, SCHEDULE, RUN = "report_address", "report_schedule", "report_run"


def _at(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _text(name: str, length: int, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=not needed)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        _at("created_at", needed=True),
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
        ADDRESS,
        _text("email", 254),
        _text("token", 64),
        _at("confirmed_at"),
        sa.UniqueConstraint("token", name=f"uq_{ADDRESS}_token"),
        sa.UniqueConstraint("workshop_id", "email", name=f"uq_{ADDRESS}_workshop_id_email"),
    )
    _create(
        SCHEDULE,
        _text("template", 16),
        sa.Column("columns", JsonColumn, nullable=False),
        _text("form", 4),
        _text("rhythm", 8),
        sa.Column("on_day", sa.Integer(), nullable=False),
        _text("send_at", 5),
        sa.Column("people", JsonColumn, nullable=False),
        sa.Column("addresses", JsonColumn, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _at("since", needed=True),
    )
    _create(
        RUN,
        sa.Column("schedule_id", sa.Uuid(), nullable=True),
        _text("period_key", 10, needed=False),
        _text("template", 16),
        sa.Column("columns", JsonColumn, nullable=False),
        _text("form", 4),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        _text("language", 2),
        _text("requested_by", 120),
        _text("state", 9),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        _at("claimed_until"),
        sa.Column("size", sa.Integer(), nullable=False),
        _text("error", 60),
        sa.Column("summary", JsonColumn, nullable=False),
        sa.Column("mails", JsonColumn, nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            [f"{SCHEDULE}.id"],
            name=f"fk_{RUN}_schedule_id_{SCHEDULE}",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("schedule_id", "period_key", name=f"uq_{RUN}_schedule_id_period_key"),
    )
    op.create_index("ix_report_run_recent", RUN, ["workshop_id", "created_at"])
    op.create_index("ix_report_run_waiting", RUN, ["state", "claimed_until"])


def downgrade() -> None:
    for name in (RUN, SCHEDULE, ADDRESS):
        op.drop_table(name)
