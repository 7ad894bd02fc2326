"""save views: range, filters and figure of the dashboard that a person wants to see again"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261204c"
down_revision = "20261204b"

NAME = "dashboard_view"


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("opens_first", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_{NAME}_{other}_id_{other}", ondelete="CASCADE"
            )
            for other in ("workshop", "person")
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{NAME}"),
        sa.UniqueConstraint("workshop_id", "person_id", "name", name=f"uq_{NAME}_workshop_id_person_id_name"),
    )
    for column in ("workshop_id", "person_id"):
        op.create_index(f"ix_{NAME}_{column}", NAME, [column])
    protect_tenant_table(op, NAME)


def downgrade() -> None:
    op.drop_table(NAME)
