"""record diagnostics: agents and adapters, sessions with their readings, trouble codes and their clearing"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261203a"
down_revision = "20261202b"

TABLES = (
    *("code_clearing", "code_finding", "code_reading", "diagnostic_mark", "diagnostic_block"),
    *("diagnostic_session", "diagnostic_adapter", "diagnostic_agent"),
)


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


def _at(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _to(table: str, column: str, other: str, on_delete: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(column, sa.Uuid(), nullable=on_delete != "CASCADE"),
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=on_delete
        ),
    )


def _sessions() -> None:
    name = "diagnostic_session"
    _create(
        name,
        _text("car_key", 64),
        _text("way", 8),
        *_to(name, "agent_id", "diagnostic_agent", "SET NULL"),
        *_to(name, "vehicle_id", "vehicle", "SET NULL"),
        *_to(name, "customer_id", "customer", "SET NULL"),
        *_to(name, "order_id", "work_order", "SET NULL"),
        *_to(name, "expected_vehicle_id", "vehicle", "SET NULL"),
        _text("question", 24),
        _text("vin", 17),
        _text("protocol", 60),
        _text("adapter", 80),
        _needed("pids", JsonColumn),
        _needed("rates", JsonColumn),
        _needed("paused", sa.Boolean()),
        _text("state", 16),
        _text("reason", 40),
        _at("started_at", needed=True),
        _at("ended_at"),
        _at("heard_at", needed=True),
        sa.Column("km", sa.Integer(), nullable=True),
        _text("opened_by", 120),
        _needed("last_seq", sa.Integer()),
        _needed("sample_count", sa.Integer()),
        _needed("batches_lost", sa.Integer()),
        _needed("clock_jumps", sa.Integer()),
        sa.UniqueConstraint("workshop_id", "car_key", name="uq_diagnostic_session_workshop_id_car_key"),
    )
    op.create_index("ix_diagnostic_session_started_at", name, ["workshop_id", "started_at"])
    for column in ("agent_id", "vehicle_id", "customer_id", "order_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _recordings() -> None:
    _create(
        "diagnostic_block",
        *_to("diagnostic_block", "session_id", "diagnostic_session", "CASCADE"),
        _needed("first_seq", sa.Integer()),
        _needed("last_seq", sa.Integer()),
        _at("starts_at", needed=True),
        _needed("span_ms", sa.Integer()),
        _needed("sample_count", sa.Integer()),
        _needed("packed", sa.LargeBinary()),
        sa.UniqueConstraint("session_id", "first_seq", name="uq_diagnostic_block_session_id_first_seq"),
    )
    op.create_index("ix_diagnostic_block_starts_at", "diagnostic_block", ["session_id", "starts_at"])
    _create(
        "diagnostic_mark",
        *_to("diagnostic_mark", "session_id", "diagnostic_session", "CASCADE"),
        _at("at", needed=True),
        _text("text", 200),
        _text("by", 120),
    )


def _codes() -> None:
    _create(
        "code_reading",
        *_to("code_reading", "session_id", "diagnostic_session", "CASCADE"),
        _at("read_at", needed=True),
        _text("read_by", 120),
        _needed("mil", sa.Boolean()),
        _needed("readiness", JsonColumn),
    )
    _create(
        "code_finding",
        *_to("code_finding", "reading_id", "code_reading", "CASCADE"),
        _text("ecu", 8),
        _text("code", 5),
        _text("kind", 9),
        _needed("freeze_frame", JsonColumn),
    )
    _create(
        "code_clearing",
        *_to("code_clearing", "session_id", "diagnostic_session", "CASCADE"),
        _text("command", 64),
        _text("reason", 300),
        _text("role", 20),
        _text("by", 120),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        _needed("codes", JsonColumn),
        _at("asked_at", needed=True),
        _at("done_at"),
        _text("state", 8),
        _text("failure", 40),
        sa.UniqueConstraint("command", name="uq_code_clearing_command"),
    )
    for table, column in (
        ("diagnostic_mark", "session_id"),
        ("code_reading", "session_id"),
        ("code_finding", "reading_id"),
        ("code_clearing", "session_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    _create(
        "diagnostic_agent",
        _text("name", 80),
        _text("prefix", 12),
        _text("token_fingerprint", 64),
        _text("created_by", 120),
        _text("software", 80),
        _text("adapter", 80),
        _at("last_seen_at"),
        _at("revoked_at"),
        sa.UniqueConstraint("token_fingerprint", name="uq_diagnostic_agent_token_fingerprint"),
    )
    _create(
        "diagnostic_adapter",
        _text("name", 80),
        _text("address", 120),
        _text("created_by", 120),
        sa.UniqueConstraint("workshop_id", "address", name="uq_diagnostic_adapter_workshop_id_address"),
    )
    _sessions()
    _recordings()
    _codes()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
