"""Full-text search over what is owed: number, name and plate, apart from the index of the inbox (search.py).

PostgreSQL needs no entries of its own: the words are an expression of the row with an index on it, which
``receivable_rows`` may use because it belongs to the schema's owner and not to the tenant's role.
"""

# Statements are put together of constants, never of input.
# ruff: noqa: S608

from sqlalchemy import Connection, text

from carbot_app.db.search import Searched, fill_statements, plate_words, sqlite_triggers
from carbot_app.db.session import TENANT_ROLE

_BODY = f"$.search || ' ' || {plate_words('plate')}"
RECEIVABLE = Searched("receivable", ("search", "plate"), _BODY)
_WORDS = "search_words(workshop_id, {})".format(
    _BODY.replace("$.", "").replace("instr(", "strpos("),
)
_SQLITE = (
    "CREATE TABLE search_receivable (id INTEGER PRIMARY KEY, ref CHAR(32) NOT NULL UNIQUE, "
    "workshop_id CHAR(32) NOT NULL, kind VARCHAR(16) NOT NULL, thread CHAR(32))",
    "CREATE VIRTUAL TABLE search_receivable_words USING fts5(body, content='', detail=none, "
    "prefix='1 2 3 4', tokenize='unicode61 remove_diacritics 2')",
)
_POSTGRES = (
    f"CREATE INDEX search_receivable_words ON receivable USING gin (({_WORDS}))",
    f"""
    CREATE FUNCTION receivable_rows(words text, newest integer) RETURNS TABLE (ref uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path = public, pg_temp SET enable_seqscan = off AS $body$
    DECLARE
      workshop uuid := nullif(current_setting('app.workshop_id', true), '')::uuid;
      ours tsquery := (('w' || replace(workshop::text, '-', '')) || ' & (' || $1 || ')')::tsquery;
    BEGIN
      RETURN QUERY SELECT r.id FROM (
        SELECT receivable.id, receivable.issued_on FROM receivable
        WHERE {_WORDS} @@ ours AND receivable.workshop_id = workshop OFFSET 0
      ) r ORDER BY r.issued_on DESC LIMIT $2;
    END
    $body$
    """,
    f"GRANT EXECUTE ON FUNCTION receivable_rows(text, integer) TO {TENANT_ROLE}",
)


def create_receivable_search(connection: Connection) -> None:
    """Make the index and, on SQLite, its triggers and an entry for every row there is."""
    is_sqlite = connection.dialect.name == "sqlite"
    statements = list(_SQLITE if is_sqlite else _POSTGRES)
    if is_sqlite:
        statements += _renamed(sqlite_triggers(RECEIVABLE)) + _renamed(fill_statements(RECEIVABLE))
    for statement in statements:
        connection.execute(text(statement))


def drop_receivable_search(connection: Connection) -> None:
    """Remove all of it."""
    if connection.dialect.name == "sqlite":
        statements = [
            *(
                f"DROP TRIGGER IF EXISTS search_receivable_{event}"
                for event in ("insert", "update", "delete")
            ),
            *("DROP TABLE search_receivable_words", "DROP TABLE search_receivable"),
        ]
    else:
        statements = ["DROP FUNCTION receivable_rows(text, integer)", "DROP INDEX search_receivable_words"]
    for statement in statements:
        connection.execute(text(statement))


def _renamed(statements: list[str]) -> list[str]:
    return [
        statement.replace("search_words", "search_receivable_words").replace(
            "search_entry", "search_receivable"
        )
        for statement in statements
    ]
