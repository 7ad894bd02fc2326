"""price catalogue

Revision: what prices are worked out from, rules, categories of one's own, packages, and who changed what.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261128b"
down_revision = "20261128a"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = ("service_category", "price_terms", "price_rule", "catalog_change", "catalog_change_item")


def _service_columns() -> list[sa.Column]:
    return [
        sa.Column("subcategory", sa.String(40), nullable=False, server_default=""),
        sa.Column("labour_seconds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rate", sa.String(24), nullable=False, server_default="mechanics"),
        sa.Column("calculated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("parts_cost_cents", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("parts_list_cents", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fee_cents", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("members", JSON, nullable=False, server_default="[]"),
        sa.Column("discount_percent", sa.Integer(), nullable=False, server_default="0"),
    ]


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


def upgrade() -> None:
    with op.batch_alter_table("service") as table:
        for column in _service_columns():
            table.add_column(column)
    op.execute("UPDATE service SET labour_seconds = labour_units * 360")
    with op.batch_alter_table("service") as table:
        table.drop_column("labour_units")
        table.drop_column("vat_treatment")
    _create(
        "service_category",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("parent", sa.String(40), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("own_fields", JSON, nullable=False),
        sa.UniqueConstraint("workshop_id", "key", name="uq_service_category_workshop_id_key"),
    )
    _create(
        "price_terms",
        sa.Column("rates", JSON, nullable=False),
        sa.Column("units_per_hour", sa.Integer(), nullable=False),
        sa.Column("markups", JSON, nullable=False),
        sa.Column("small_parts_percent", sa.Integer(), nullable=False),
        sa.Column("small_parts_min_cents", sa.Integer(), nullable=False),
        sa.Column("small_parts_max_cents", sa.Integer(), nullable=False),
        sa.Column("class_factors", JSON, nullable=False),
        sa.Column("vat_regime", sa.String(20), nullable=False),
        sa.UniqueConstraint("workshop_id", name="uq_price_terms_workshop_id"),
    )
    _create(
        "price_rule",
        sa.Column("names", JSON, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("categories", JSON, nullable=False),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
    )
    _create(
        "catalog_change",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
    )
    op.create_index("ix_catalog_change_created", "catalog_change", ["workshop_id", "created_at"])
    _create(
        "catalog_change_item",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(12), nullable=False),
        sa.Column("subject_key", sa.String(40), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["catalog_change.id"],
            name="fk_catalog_change_item_change_id_catalog_change",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_catalog_change_item_change_id", "catalog_change_item", ["change_id"])
    op.create_index(
        "ix_catalog_change_item_subject", "catalog_change_item", ["workshop_id", "subject", "subject_key"]
    )
    for name in TABLES:
        protect_tenant_table(op, name)
    _move_factors()


def _move_factors() -> None:
    workshop = sa.table("workshop", sa.column("id", sa.Uuid()), sa.column("class_factors", JSON))
    terms = sa.table(
        "price_terms",
        sa.column("id", sa.Uuid()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("workshop_id", sa.Uuid()),
        *(sa.column(name, JSON) for name in ("rates", "markups", "class_factors")),
        *(
            sa.column(name, sa.Integer())
            for name in (
                "units_per_hour", "small_parts_percent", "small_parts_min_cents", "small_parts_max_cents",
            )
        ),
        sa.column("vat_regime", sa.String()),
    )  # fmt: skip
    connection = op.get_bind()
    for row in connection.execute(sa.select(workshop.c.id, workshop.c.class_factors)).all():
        if row.class_factors:
            connection.execute(
                terms.insert().values(
                    id=row.id, created_at=sa.func.current_timestamp(), workshop_id=row.id, rates={},
                    units_per_hour=10, markups=[], small_parts_percent=0, small_parts_min_cents=0,
                    small_parts_max_cents=0, class_factors=row.class_factors, vat_regime="standard",
                )
            )  # fmt: skip
    with op.batch_alter_table("workshop") as table:
        table.drop_column("class_factors")


def downgrade() -> None:
    with op.batch_alter_table("workshop") as table:
        table.add_column(sa.Column("class_factors", JSON, nullable=False, server_default="{}"))
    for name in reversed(TABLES):
        op.drop_table(name)
    with op.batch_alter_table("service") as table:
        table.add_column(sa.Column("labour_units", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("vat_treatment", sa.String(20), nullable=False, server_default="standard"))
    op.execute("UPDATE service SET labour_units = labour_seconds / 360")
    op.execute("UPDATE service SET vat_treatment = 'mixed_pass_through' WHERE fee_cents > 0")
    with op.batch_alter_table("service") as table:
        for column in reversed(_service_columns()):
            table.drop_column(column.name)
