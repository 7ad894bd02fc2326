"""A report as printers and writers get it, for tests."""

from datetime import UTC, date, datetime
from typing import Any

from carbot_app.domains.analytics.reports.schemas import Chart, Column, Grid, Letterhead, Report, Tile
from carbot_app.domains.analytics.schemas import Span

COLUMNS = (
    Column("name", "Leistung", "text"),
    Column("on", "Tag", "day"),
    Column("count", "Anzahl", "count"),
    Column("share", "Anteil", "percent"),
    Column("wait", "Erste Antwort", "seconds"),
    Column("time", "Stunden", "minutes"),
    Column("value", "Wert", "cents"),
)
ROWS = (
    ('=HYPERLINK("http://evil.example")', date(2026, 11, 30), 3, 12.345, 90.0, 95, 128_410),
    ("Öl für Ayşe Łódź GmbH & Co. KG", None, None, None, None, None, -12_345),
)


def make_report(**fields: Any) -> Report:
    """Of one week with everything a report may have."""
    told: dict[str, Any] = {
        "code": "owner_week",
        "title": "Wochenbericht",
        "span": Span(date(2026, 11, 23), date(2026, 11, 29)),
        "head": Letterhead("Kfz Müller & Söhne", "Hörder Straße 1, 44263 Dortmund"),
        "made_at": datetime(2026, 11, 30, 6, tzinfo=UTC),
        "tiles": (
            Tile("Umsatz", "12.345 €", "", "8 %", "up", "good", (1.0, 3.0, 2.0)),
            Tile("Nicht erschienen", "4", "%", "1 Pkt.", "up", "bad"),
            Tile("Bewertung", "–"),
        ),
        "charts": (
            Chart("bars", "Umsatz", "höchstens 5 €", ("Mo", "Di"), (5.0, -2.0), top="5 €"),
            Chart("funnel", "Weg", "Angefragt: 9", ("Angefragt", "Besuch"), (9.0, 0.0), marks=("9", "0")),
            Chart("heat", "Andrang", "Mo um 9", tuple("MDMDFSS"), tuple(float(n % 5) for n in range(168))),
        ),
        "grids": (
            Grid("days", "Tag für Tag", COLUMNS, ROWS, ("Summe", None, 3, None, None, 95, 116_065)),
            Grid("empty", "Andere: [Liste] mit / und einem viel zu langen Namen", COLUMNS[:1], ()),
        ),
        "note": "Ohne Gewähr & <b>Markup</b> #strong[nicht].",
    }
    return Report(**{**told, **fields})
