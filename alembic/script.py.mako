"""${message}"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
