"""Full-text search over several tables, kept current by triggers in the transaction of every change.

Each searched row has one entry in ``search_entry``. On SQLite its words lie in the FTS5 table
``search_words`` (contentless: no text is stored twice), on PostgreSQL in a ``tsvector``. The tenant role of
PostgreSQL cannot read ``search_entry``: ``search_rows`` answers for the workshop of the transaction alone.

A migration that makes SQLite copy one of these tables (a batch with a new constraint) loses the table's
triggers: it ends with ``install_search(op.get_bind())``, which replaces them all.
"""

# Statements are put together of constants of this module, never of input.
# ruff: noqa: S608

from dataclasses import dataclass

from sqlalchemy import Connection, text

from carbot_app.db.session import TENANT_ROLE
from carbot_app.kit.text import PLAIN_LETTERS

LONGEST = 20_000
"""Characters of a row that are searched."""
SAMPLE = 1_000
"""Newest rows that show how common a word is on PostgreSQL."""
COMMON = 10
"""A word in more than every tenth of them is looked for from the newest row on, a rarer one in the index."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A table whose rows are found by the words of ``body``, SQL with ``$`` for the row.

    ``thread``: its column that names the conversation, empty if none. ``when``: only such rows; SQL likewise.
    """

    table: str
    columns: tuple[str, ...]
    body: str
    thread: str = ""
    when: str = "1 = 1"


def _tails(column: str) -> str:
    """A number is also found by its end, and without the country's code."""
    return " || ' ' || ".join(f"substr($.{column}, {first})" for first in range(2, 10))


def plate_words(column: str) -> str:
    """SQL of a plate as it is written, in one word, and what stands behind the city."""
    joined = f"replace(replace($.{column}, '-', ''), ' ', '')"
    behind_city = f"replace(substr($.{column}, instr($.{column}, '-') + 1), ' ', '')"
    return f"$.{column} || ' ' || {joined} || ' ' || {behind_city}"


SEARCHED = (
    Searched(
        "message", ("text", "state"), "$.text", "conversation_id", "$.state <> 'streaming' AND $.text <> ''"
    ),
    Searched("thread_note", ("text",), "$.text", "conversation_id"),
    Searched("customer", ("name", "phone", "email"), f"$.name || ' ' || $.email || ' ' || {_tails('phone')}"),
    Searched(
        "vehicle", ("plate", "make", "model"), f"{plate_words('plate')} || ' ' || $.make || ' ' || $.model"
    ),
)
_MARKED = "äàáâãåāąçćčďđèéêëēęěģìíîïīğńňñòóôõöőŕřśšşșťțùúûüūůűýÿźżž"
_UNMARKED = "aaaaaaaacccddeeeeeeegiiiiignnnoooooorrssssttuuuuuuuyyzzz"


def install_search(connection: Connection) -> None:
    """Make the triggers of every searched table and what answers anew; the entries stay."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in () if is_sqlite else _POSTGRES_ROWS:
        connection.execute(text(statement))
    make = sqlite_triggers if is_sqlite else _postgres_triggers
    for searched in SEARCHED:
        for statement in make(searched):
            connection.execute(text(statement))


def create_search(connection: Connection) -> None:
    """Make the index, its triggers and an entry for every row there is."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE_TABLES if is_sqlite else _POSTGRES_TABLES:
        connection.execute(text(statement))
    install_search(connection)
    for searched in SEARCHED:
        for statement in (fill_statements if is_sqlite else _postgres_fill)(searched):
            connection.execute(text(statement))


def drop_search(connection: Connection) -> None:
    """Remove all of it."""
    for searched in SEARCHED:
        for event in ("insert", "update", "delete"):
            name, on = f"search_{searched.table}_{event}", f" ON {searched.table}"
            connection.execute(
                text(f"DROP TRIGGER IF EXISTS {name}{'' if connection.dialect.name == 'sqlite' else on}")
            )
    for statement in _SQLITE_DROP if connection.dialect.name == "sqlite" else _POSTGRES_DROP:
        connection.execute(text(statement))


def _row(sql: str, name: str) -> str:
    return sql.replace("$", name)


_SQLITE_TABLES = (
    "CREATE TABLE search_entry (id INTEGER PRIMARY KEY, ref CHAR(32) NOT NULL UNIQUE, "
    "workshop_id CHAR(32) NOT NULL, kind VARCHAR(16) NOT NULL, thread CHAR(32))",
    "CREATE VIRTUAL TABLE search_words USING fts5(body, content='', detail=none, prefix='1 2 3 4', "
    "tokenize='unicode61 remove_diacritics 2')",
)
_SQLITE_DROP = ("DROP TABLE search_words", "DROP TABLE search_entry")


def _sqlite_body(searched: Searched, row: str) -> str:
    body = f"substr({_row(searched.body, row)}, 1, {LONGEST})"
    for letter, plain in PLAIN_LETTERS.items():
        body = f"replace({body}, '{letter}', '{plain}')"
    return body


def sqlite_triggers(searched: Searched) -> list[str]:
    """What keeps the entries of a table current."""
    table, thread = searched.table, f"NEW.{searched.thread}" if searched.thread else "NULL"
    add = (
        "INSERT INTO search_entry (ref, workshop_id, kind, thread) "
        f"VALUES (NEW.id, NEW.workshop_id, '{table}', {thread}); "
        "INSERT INTO search_words (rowid, body) "
        f"VALUES (last_insert_rowid(), {_sqlite_body(searched, 'NEW')}); "
    )
    add_later = f"""
        INSERT INTO search_entry (ref, workshop_id, kind, thread)
        SELECT NEW.id, NEW.workshop_id, '{table}', {thread} WHERE {_row(searched.when, "NEW")};
        INSERT INTO search_words (rowid, body)
        SELECT id, {_sqlite_body(searched, "NEW")} FROM search_entry WHERE ref = NEW.id;
    """
    remove = (
        "INSERT INTO search_words (search_words, rowid, body) "
        f"SELECT 'delete', id, {_sqlite_body(searched, 'OLD')} FROM search_entry WHERE ref = OLD.id; "
        "DELETE FROM search_entry WHERE ref = OLD.id; "
    )
    columns = ", ".join(filter(None, (*searched.columns, searched.thread)))
    return [
        *(f"DROP TRIGGER IF EXISTS search_{table}_{event}" for event in ("insert", "update", "delete")),
        f"CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} WHEN {_row(searched.when, 'NEW')} "
        f"BEGIN {add} END",
        f"CREATE TRIGGER search_{table}_update AFTER UPDATE OF {columns} ON {table} "
        f"BEGIN {remove} {add_later} END",
        f"CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} BEGIN {remove} END",
    ]


def fill_statements(searched: Searched) -> list[str]:
    """An entry for every row there is, on SQLite."""
    table, thread = searched.table, searched.thread or "NULL"
    return [
        "INSERT INTO search_entry (ref, workshop_id, kind, thread) "
        f"SELECT id, workshop_id, '{table}', {thread} FROM {table} "
        f"WHERE {_row(searched.when, table)} ORDER BY created_at",
        f"INSERT INTO search_words (rowid, body) SELECT search_entry.id, {_sqlite_body(searched, table)} "
        f"FROM search_entry JOIN {table} ON {table}.id = search_entry.ref",
    ]


_FOLD = "body"
for _letter, _plain in PLAIN_LETTERS.items():
    _FOLD = f"replace({_FOLD}, '{_letter}', '{_plain}')"
# Whether lower() knows more than ASCII depends on the locale of the database.
_FOLD = f"lower(translate({_FOLD}, '{_MARKED}{_MARKED.upper()}', '{_UNMARKED}{_UNMARKED.upper()}'))"
_FOLD = f"regexp_replace({_FOLD}, U&'[\\0300-\\036F]', '', 'g')"
_BETWEEN = "[[:space:][:punct:]„“”‚‘’«»…–—·•€§°]+"
_POSTGRES_TABLES = (
    "CREATE TABLE search_entry (ref uuid PRIMARY KEY, workshop_id uuid NOT NULL, kind varchar(16) NOT NULL, "
    "thread uuid, words tsvector NOT NULL)",
    "CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)",
    "CREATE INDEX ix_search_entry_newest ON search_entry (workshop_id, ref)",
    # The workshop is a word of every entry: one look into the index finds only its rows.
    f"""
    CREATE FUNCTION search_words(workshop uuid, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $body$
      SELECT array_to_tsvector(array(
        SELECT DISTINCT left(word, 80) FROM regexp_split_to_table(
          'w' || replace(workshop::text, '-', '') || ' ' || {_FOLD}, '{_BETWEEN}') AS word WHERE word <> ''))
    $body$
    """,
)
_POSTGRES_ROWS = (
    # Planners know nothing of how many rows a beginning of a word has, and would read the whole table for a
    # rare one and the whole index for a common one. Ids grow with time, so the newest rows come first.
    f"""
    CREATE OR REPLACE FUNCTION search_rows(words text, newest integer)
    RETURNS TABLE (kind varchar, ref uuid, thread uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path = public, pg_temp SET enable_seqscan = off AS $body$
    DECLARE
      workshop uuid := nullif(current_setting('app.workshop_id', true), '')::uuid;
      wanted tsquery := $1::tsquery;
      ours tsquery := (('w' || replace(workshop::text, '-', '')) || ' & (' || $1 || ')')::tsquery;
      is_common boolean;
    BEGIN
      SELECT count(*) FILTER (WHERE e.words @@ wanted) * {COMMON} > count(*) INTO is_common FROM (
        SELECT s.words FROM search_entry s WHERE s.workshop_id = workshop ORDER BY s.ref DESC LIMIT {SAMPLE}
      ) e;
      IF is_common THEN
        RETURN QUERY SELECT e.kind, e.ref, e.thread FROM (
          SELECT s.kind, s.ref, s.thread, s.words FROM search_entry s
          WHERE s.workshop_id = workshop ORDER BY s.ref DESC OFFSET 0
        ) e WHERE e.words @@ wanted LIMIT $2;
      ELSE
        RETURN QUERY SELECT e.kind, e.ref, e.thread FROM (
          SELECT s.kind, s.ref, s.thread FROM search_entry s
          WHERE s.words @@ ours AND s.workshop_id = workshop OFFSET 0
        ) e ORDER BY e.ref DESC LIMIT $2;
      END IF;
    END
    $body$
    """,
    f"GRANT EXECUTE ON FUNCTION search_rows(text, integer) TO {TENANT_ROLE}",
)
_POSTGRES_DROP = (
    "DROP FUNCTION search_rows(text, integer)",
    *(f"DROP FUNCTION search_{searched.table}()" for searched in SEARCHED),
    "DROP TABLE search_entry",
    "DROP FUNCTION search_words(uuid, text)",
)


def _postgres_body(searched: Searched, row: str) -> str:
    body = _row(searched.body, row).replace("instr(", "strpos(")
    return f"search_words({row}.workshop_id, left({body}, {LONGEST}))"


def _postgres_triggers(searched: Searched) -> list[str]:
    table, thread = searched.table, f"NEW.{searched.thread}" if searched.thread else "NULL"
    columns = ", ".join(filter(None, (*searched.columns, searched.thread)))
    # A trigger runs as the tenant role, which may not touch the index itself.
    return [
        f"""
        CREATE OR REPLACE FUNCTION search_{table}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        BEGIN
          IF TG_OP <> 'INSERT' THEN DELETE FROM search_entry WHERE ref = OLD.id; END IF;
          IF TG_OP <> 'DELETE' THEN
            INSERT INTO search_entry (ref, workshop_id, kind, thread, words)
            SELECT NEW.id, NEW.workshop_id, '{table}', {thread}, {_postgres_body(searched, "NEW")}
            WHERE {_row(searched.when, "NEW")};
          END IF;
          RETURN NULL;
        END
        $body$
        """,
        *(
            f"DROP TRIGGER IF EXISTS search_{table}_{event} ON {table}"
            for event in ("insert", "update", "delete")
        ),
        f"CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION search_{table}()",
        f"CREATE TRIGGER search_{table}_update AFTER UPDATE OF {columns} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION search_{table}()",
        f"CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION search_{table}()",
    ]


def _postgres_fill(searched: Searched) -> list[str]:
    thread = searched.thread or "NULL::uuid"
    return [
        "INSERT INTO search_entry (ref, workshop_id, kind, thread, words) "
        f"SELECT id, workshop_id, '{searched.table}', {thread}, {_postgres_body(searched, searched.table)} "
        f"FROM {searched.table} WHERE {_row(searched.when, searched.table)}"
    ]
