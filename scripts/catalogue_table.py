"""Write the table of counts in docs/catalogue.md; tests/unit/catalog checks that it is up to date."""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "catalogue.md"
BEGIN, END = "<!-- counts: begin -->\n", "<!-- counts: end -->\n"
_MODELS = ("fixed", "range", "per_vehicle_class", "per_unit", "hourly_aw")


def counts_table():
    """Markdown: a line per subcategory and one for all."""
    from carbot_app.domains.catalog.library import library_rows

    rows = list(library_rows())
    lines = [
        "| category | subcategory | services | bookable online | " + " | ".join(_MODELS) + " |",
        "|---|---|---:|---:|" + "---:|" * len(_MODELS),
    ]
    groups = [*dict.fromkeys((row["category"], row["subcategory"]) for row in rows)]
    for category, subcategory in groups:
        part = [row for row in rows if (row["category"], row["subcategory"]) == (category, subcategory)]
        lines.append(_line(category, subcategory, part))
    lines.append(_line("all", "", rows))
    return "\n".join(lines) + "\n"


def _line(category, subcategory, rows):
    models = Counter(row["price_model"] for row in rows)
    bookable = sum(row["bookable"] == "yes" for row in rows)
    cells = [category, subcategory, len(rows), bookable, *(models[model] for model in _MODELS)]
    return "| " + " | ".join(map(str, cells)) + " |"


def with_table(document):
    """The document with today's table between its marks."""
    before, rest = document.split(BEGIN)
    return before + BEGIN + counts_table() + END + rest.split(END)[1]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
