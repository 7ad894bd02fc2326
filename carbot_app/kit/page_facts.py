"""Facts a prerendered page leaves open and the server fills in for each request, see docs/adr/0002.

A page writes ``⟦name⟧`` where a workshop's fact belongs. The same facts travel along as one JSON block, from
which the browser renders them again, so that hydration finds exactly the HTML it would have made.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence

FACTS_ELEMENT_ID = "carbot-facts"
FIGURES = "figures"
"""Name of the list with the dashboard's tiles."""
Row = Mapping[str, str]
_TOKEN = re.compile(r"⟦(\w+)⟧")
_ROW = re.compile(r'<li(?=[^>]* data-each="(\w+)").*?</li>', re.DOTALL)
_ROW_TOKEN = re.compile(r"⟦\w+\.(\w+)⟧")


def fact_token(name: str) -> str:
    """What the prerendered HTML holds in place of the fact ``name`` (letters, digits, underscore)."""
    return f"⟦{name}⟧"


def fill_facts(page: str, facts: Mapping[str, str]) -> str:
    """Replace every token, escaped for text and for quoted attributes; an unknown fact becomes empty."""
    return _TOKEN.sub(lambda token: html.escape(facts.get(token[1], "")), page)


def row_token(name: str, column: str) -> str:
    """What the one prerendered row of the list ``name`` holds in place of a value."""
    return f"⟦{name}.{column}⟧"


def fill_rows(page: str, lists: Mapping[str, Sequence[Row]]) -> str:
    """Repeat every ``<li data-each="name">`` once for each row of that list, values escaped.

    Rows hold no further ``li``; an unknown list has no rows.
    """

    return _ROW.sub(lambda row: "".join(_fill_row(row[0], v) for v in lists.get(row[1], ())), page)


def _fill_row(row: str, values: Row) -> str:
    return _ROW_TOKEN.sub(lambda token: html.escape(values.get(token[1], "")), row)


def facts_element(facts: Mapping[str, object]) -> str:
    """The JSON block for the browser; ``<`` is escaped, so no value can end the element."""
    return f'<script type="application/json" id="{FACTS_ELEMENT_ID}">{json_for_html(dict(facts))}</script>'


def json_for_html(value: object) -> str:
    """JSON that is safe inside a ``<script>`` element (HTML standard, 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
