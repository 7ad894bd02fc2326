"""keep photos

Revision: photos of visits and wheel sets, and those of bookings under way.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129f"
down_revision = "20261129e"


def _owner(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE"
    )


def _create(name: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...]) -> None:
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
    for column in ("workshop_id", *indexed):
        op.create_index(f"ix_{name}_{column}", name, [column])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "photo_basket",
        sa.Column("token_fingerprint", sa.String(64), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        _owner("photo_basket", "appointment", "appointment_id"),
        sa.UniqueConstraint("token_fingerprint", name="uq_photo_basket_token_fingerprint"),
        indexed=("appointment_id",),
    )
    _create(
        "photo",
        sa.Column("basket_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("wheel_set_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_by", sa.String(120), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        _owner("photo", "photo_basket", "basket_id"),
        _owner("photo", "appointment", "appointment_id"),
        _owner("photo", "wheel_set", "wheel_set_id"),
        indexed=("basket_id", "appointment_id", "wheel_set_id", "deleted_at"),
    )


def downgrade() -> None:
    op.drop_table("photo")
    op.drop_table("photo_basket")
