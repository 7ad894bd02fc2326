"""Row-level security for PostgreSQL migrations; on SQLite these functions do nothing."""

from typing import Any

from carbot_app.db.session import TENANT_ROLE

_CURRENT = "nullif(current_setting('app.workshop_id', true), '')::uuid"


def create_tenant_role(op: Any) -> None:
    """Create the role tenant transactions switch to, and let it use the schema."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {TENANT_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    op.execute(f"GRANT {TENANT_ROLE} TO CURRENT_USER")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {TENANT_ROLE}")


def protect_tenant_table(op: Any, table: str, *, column: str = "workshop_id") -> None:
    """Let the tenant role see and change only rows of the workshop of its transaction."""
    protect_by(op, table, f"{column} = {_CURRENT}")


def protect_by(op: Any, table: str, condition: str) -> None:
    """Row-level security with any condition; ``condition`` is SQL written by us, never input."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {TENANT_ROLE}")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    rule = f"USING ({condition}) WITH CHECK ({condition})"
    op.execute(f"CREATE POLICY {table}_tenant ON {table} TO {TENANT_ROLE} {rule}")


def release(op: Any, table: str) -> None:
    """Drop the policy of a table, needed before a table its condition reads can be dropped."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP POLICY IF EXISTS {table}_tenant ON {table}")
