"""join channels

Revision: one thread per person over all channels, what came with messages, verified contact points.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261130a"
down_revision = "20261129h"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
VERIFIED = sa.text("verified_at IS NOT NULL")


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


def _text(name: str, length: int, default: str = "") -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def upgrade() -> None:
    with op.batch_alter_table("conversation") as table:
        table.add_column(_text("last_channel", 12, "chat"))
        table.add_column(_text("last_address", 254))
        table.add_column(
            sa.Column("contact_verified", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("message") as table:
        table.add_column(_text("channel", 12, "chat"))
        table.add_column(_text("address", 254))
        table.add_column(sa.Column("provider", sa.String(12), nullable=True))
        table.add_column(sa.Column("provider_id", sa.String(255), nullable=True))
        table.add_column(_text("subject", 200))
        table.add_column(sa.Column("references", JSON, nullable=False, server_default="[]"))
        table.add_column(_text("delivery", 10))
        table.create_unique_constraint(
            "uq_message_workshop_id_provider_provider_id", ["workshop_id", "provider", "provider_id"]
        )
    op.create_index("ix_message_address", "message", ["address"])
    with op.batch_alter_table("customer") as table:
        table.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            "fk_customer_merged_into_id_customer", "customer", ["merged_into_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("outgoing_message") as table:
        table.add_column(sa.Column("message_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            "fk_outgoing_message_message_id_message", "message", ["message_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_outgoing_message_message_id", "outgoing_message", ["message_id"])
    _create_files_and_contacts()
    op.create_table(
        "provider_health",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provider_health"),
        sa.UniqueConstraint("channel", name="uq_provider_health_channel"),
    )


def _create_files_and_contacts() -> None:
    _create(
        "message_file",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        _reference("message_file", "message_id", "message", "CASCADE"),
    )
    op.create_index("ix_message_file_message_id", "message_file", ["message_id"])
    _create(
        "contact_point",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(12), nullable=False),
        _reference("contact_point", "customer_id", "customer", "CASCADE"),
        sa.UniqueConstraint("customer_id", "kind", "value", name="uq_contact_point_customer_id_kind_value"),
    )
    op.create_index(
        "uq_contact_point_verified",
        "contact_point",
        ["workshop_id", "kind", "value"],
        unique=True,
        sqlite_where=VERIFIED,
        postgresql_where=VERIFIED,
    )
    _create(
        "contact_change",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("moved", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("done_by", sa.String(120), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _reference("contact_change", "from_id", "customer", "CASCADE"),
        _reference("contact_change", "to_id", "customer", "CASCADE"),
    )
    op.create_index("ix_contact_change_from_id", "contact_change", ["from_id"])
    op.create_index("ix_contact_change_to_id", "contact_change", ["to_id"])


def downgrade() -> None:
    for name in ("provider_health", "contact_change", "contact_point", "message_file"):
        op.drop_table(name)
    op.drop_index("ix_outgoing_message_message_id", "outgoing_message")
    with op.batch_alter_table("outgoing_message") as table:
        table.drop_constraint("fk_outgoing_message_message_id_message", type_="foreignkey")
        table.drop_column("message_id")
    with op.batch_alter_table("customer") as table:
        table.drop_constraint("fk_customer_merged_into_id_customer", type_="foreignkey")
        table.drop_column("merged_into_id")
    op.drop_index("ix_message_address", "message")
    with op.batch_alter_table("message") as table:
        table.drop_constraint("uq_message_workshop_id_provider_provider_id", type_="unique")
        for column in ("delivery", "references", "subject", "provider_id", "provider", "address", "channel"):
            table.drop_column(column)
    with op.batch_alter_table("conversation") as table:
        for column in ("contact_verified", "last_address", "last_channel"):
            table.drop_column(column)
