"""plan resources

Revision: hours, absences and lifts, loaner cars, holds of free times, visits without a time, hours of single days.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129a"
down_revision = "20261128b"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = ("absence", "booking_terms", "claim", "allocation")


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


def _reference(
    name: str, column: str, table: str, ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_{name}_{column}_{table}", ondelete=ondelete
    )


def upgrade() -> None:
    _add_columns()
    _create(
        "absence",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        _reference("absence", "resource_id", "resource"),
    )
    op.create_index("ix_absence_resource_id", "absence", ["resource_id"])
    op.create_index("ix_absence_external_id", "absence", ["external_id"])
    _create(
        "booking_terms",
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("waiting_limit_minutes", sa.Integer(), nullable=False),
        sa.Column("seasons", JSON, nullable=False),
        sa.UniqueConstraint("workshop_id", name="uq_booking_terms_workshop_id"),
    )
    _create(
        "claim",
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("token_fingerprint", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        _reference("claim", "appointment_id", "appointment"),
        sa.UniqueConstraint("appointment_id", name="uq_claim_appointment_id"),
    )
    op.create_index("ix_claim_token_fingerprint", "claim", ["token_fingerprint"])
    op.create_index("ix_claim_expires_at", "claim", ["expires_at"])
    _create(
        "allocation",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        _reference("allocation", "claim_id", "claim"),
        _reference("allocation", "resource_id", "resource"),
    )
    op.create_index("ix_allocation_claim_id", "allocation", ["claim_id"])
    op.create_index("ix_allocation_ends", "allocation", ["workshop_id", "ends_at"])
    for table in TABLES:
        protect_tenant_table(op, table)
    _claims_of_appointments()
    _cells_of_claims()


def _add_columns() -> None:
    with op.batch_alter_table("resource") as table:
        table.add_column(sa.Column("lift", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("plate", sa.String(16), nullable=False, server_default=""))
        table.add_column(sa.Column("remark", sa.String(80), nullable=False, server_default=""))
        table.add_column(sa.Column("hours", JSON, nullable=False, server_default="{}"))
        table.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("last_on", sa.Date(), nullable=True))
        table.create_foreign_key(
            "fk_resource_person_id_person", "person", ["person_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("appointment") as table:
        table.alter_column("technician_id", existing_type=sa.Uuid(), nullable=True)
        table.alter_column("bay_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("loaner_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("wants_loaner", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_foreign_key("fk_appointment_loaner_id_resource", "resource", ["loaner_id"], ["id"])
    with op.batch_alter_table("closure") as table:
        table.add_column(sa.Column("hours", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("service") as table:
        table.add_column(sa.Column("parts_lead_days", sa.Integer(), nullable=False, server_default="0"))


def _claims_of_appointments() -> None:
    """Who took something until now did so for an appointment; its id serves as that of the claim."""
    op.execute(
        "INSERT INTO claim (id, created_at, workshop_id, appointment_id, token_fingerprint)"
        " SELECT id, created_at, workshop_id, id, '' FROM appointment"
        " WHERE id IN (SELECT appointment_id FROM occupied_cell)"
    )
    key = "gen_random_uuid()" if op.get_bind().dialect.name == "postgresql" else "lower(hex(randomblob(16)))"
    allocation = sa.table(
        "allocation",
        sa.column("id", sa.Uuid()),
        *(sa.column(name) for name in ("created_at", "workshop_id", "claim_id", "resource_id")),
        *(sa.column(name) for name in ("starts_at", "ends_at")),
    )
    appointment = sa.table(
        "appointment",
        *(sa.column(name) for name in ("id", "created_at", "workshop_id", "technician_id", "bay_id")),
        *(sa.column(name) for name in ("starts_at", "ends_at")),
    )
    claim = sa.table("claim", sa.column("id"))
    postgres = op.get_bind().dialect.name == "postgresql"
    key = sa.func.gen_random_uuid() if postgres else sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    for resource in (appointment.c.technician_id, appointment.c.bay_id):
        columns = (appointment.c.created_at, appointment.c.workshop_id, appointment.c.id, resource)
        taken = sa.select(key, *columns, appointment.c.starts_at, appointment.c.ends_at).where(
            appointment.c.id.in_(sa.select(claim.c.id))
        )
        op.execute(allocation.insert().from_select(list(allocation.c), taken))


def _cells_of_claims() -> None:
    with op.batch_alter_table("occupied_cell") as table:
        table.add_column(sa.Column("claim_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE occupied_cell SET claim_id = appointment_id")
    with op.batch_alter_table("occupied_cell") as table:
        table.drop_index("ix_occupied_cell_appointment_id")
        table.drop_constraint("fk_occupied_cell_appointment_id_appointment", type_="foreignkey")
        table.drop_column("appointment_id")
        table.alter_column("claim_id", existing_type=sa.Uuid(), nullable=False)
        table.create_foreign_key(
            "fk_occupied_cell_claim_id_claim", "claim", ["claim_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_occupied_cell_claim_id", ["claim_id"])


def downgrade() -> None:
    with op.batch_alter_table("occupied_cell") as table:
        table.add_column(sa.Column("appointment_id", sa.Uuid(), nullable=True))
    op.execute(
        "DELETE FROM occupied_cell WHERE claim_id IN (SELECT id FROM claim WHERE appointment_id IS NULL)"
    )
    op.execute(
        "UPDATE occupied_cell SET appointment_id ="
        " (SELECT appointment_id FROM claim WHERE claim.id = occupied_cell.claim_id)"
    )
    with op.batch_alter_table("occupied_cell") as table:
        table.drop_index("ix_occupied_cell_claim_id")
        table.drop_constraint("fk_occupied_cell_claim_id_claim", type_="foreignkey")
        table.drop_column("claim_id")
        table.alter_column("appointment_id", existing_type=sa.Uuid(), nullable=False)
        table.create_foreign_key(
            "fk_occupied_cell_appointment_id_appointment",
            "appointment",
            ["appointment_id"],
            ["id"],
            ondelete="CASCADE",
        )
        table.create_index("ix_occupied_cell_appointment_id", ["appointment_id"])
    for name in ("allocation", "claim", "booking_terms", "absence"):
        op.drop_table(name)
    with op.batch_alter_table("service") as table:
        table.drop_column("parts_lead_days")
    with op.batch_alter_table("closure") as table:
        table.drop_column("hours")
    op.execute("DELETE FROM appointment WHERE technician_id IS NULL OR bay_id IS NULL")
    with op.batch_alter_table("appointment") as table:
        table.drop_constraint("fk_appointment_loaner_id_resource", type_="foreignkey")
        for name in ("wants_loaner", "waiting", "minutes", "loaner_id"):
            table.drop_column(name)
        table.alter_column("bay_id", existing_type=sa.Uuid(), nullable=False)
        table.alter_column("technician_id", existing_type=sa.Uuid(), nullable=False)
    op.execute("DELETE FROM resource WHERE kind = 'loaner'")
    with op.batch_alter_table("resource") as table:
        table.drop_constraint("fk_resource_person_id_person", type_="foreignkey")
        for name in ("last_on", "person_id", "hours", "remark", "plate", "lift"):
            table.drop_column(name)
