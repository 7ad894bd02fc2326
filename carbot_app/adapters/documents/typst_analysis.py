"""Reports of the figures as PDF, set by Typst, with their charts."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import font_source_sans_pro
import typst

from carbot_app.adapters.documents.chart_svg import NARROW, WIDE, draw
from carbot_app.domains.analytics.reports.schemas import Grid, Report, Tile
from carbot_app.domains.analytics.reports.templates import DAY, TEXT
from carbot_app.domains.analytics.reports.words import cell, days, instant, text
from carbot_app.kit.sparkline import sparkline

_TEMPLATE = Path(__file__).with_name("analysis.typ")
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"
_STANDARDS: Any = ["ua-1"]
_PIXELS = 96.0
"""An inch, of the picture."""
_SPARKS = 24
_SENTENCE = 40
"""Letters from which a column shares the width with the first one."""


class TypstAnalysisPrinter:
    """A ReportPrinter. Texts go in as data, so nothing anybody wrote can be markup."""

    def print_report(self, report: Report) -> bytes:
        """See ReportPrinter."""
        moment = int(report.made_at.timestamp())
        return cast(bytes, _compile(report, pdf_standards=_STANDARDS, timestamp=moment))

    def draw_first_page(self, report: Report) -> bytes:
        """See ReportPrinter."""
        pages = _compile(report, format="png", ppi=_PIXELS)
        return pages if isinstance(pages, bytes) else pages[0]


def _compile(report: Report, **options: Any) -> Any:
    head = report.head
    inputs = {"sheet": json.dumps(_sheet(report))}
    with TemporaryDirectory() as folder:
        if head.logo:
            inputs["logo"] = f"/logo.{head.logo_format}"
            Path(folder, f"logo.{head.logo_format}").write_bytes(head.logo)
        return typst.compile(
            _TEMPLATE.read_bytes(),
            root=cast(Any, folder),
            font_paths=_fonts(),
            sys_inputs=inputs,
            **options,
        )


def _sheet(report: Report) -> dict[str, Any]:
    head = report.head
    return {
        "title": report.title,
        "days": days(report.span, head.language),
        "made": text(head, "paper.made", when=instant(report.made_at, head)),
        "workshop": head.workshop,
        "address": head.address,
        "language": head.language,
        "accent": head.accent,
        "scope": report.scope,
        "note": report.note,
        "nothing": text(head, "paper.nothing"),
        "tiles": [_tile(tile) for tile in report.tiles],
        "charts": _charts(report),
        "grids": [_grid(grid, report) for grid in report.grids if not grid.drawn],
    }


def _charts(report: Report) -> list[Mapping[str, Any]]:
    """Two in a row; of an odd number the first has a row of its own."""
    charts = [chart for chart in report.charts if chart.values]
    return [
        {
            **{"title": chart.title, "alt": chart.alt, "wide": (wide := place == 0 and len(charts) % 2 == 1)},
            "svg": draw(chart, report.head.accent, WIDE if wide else NARROW),
        }
        for place, chart in enumerate(charts)
    ]


def _tile(tile: Tile) -> Mapping[str, str]:
    stretch = -(-len(tile.series) // _SPARKS) or 1
    drawn = sparkline([sum(part) / len(part) for part in _parts(tile.series, stretch)])
    return {
        **{"label": tile.label, "figure": tile.figure, "unit": tile.unit, "delta": tile.delta},
        **{"direction": tile.direction, "verdict": tile.verdict, "spark": drawn},
    }


def _parts(series: tuple[float, ...], stretch: int) -> list[tuple[float, ...]]:
    return [series[start : start + stretch] for start in range(0, len(series), stretch)]


def _grid(grid: Grid, report: Report) -> Mapping[str, Any]:
    columns = grid.columns
    return {
        "title": grid.title,
        "columns": [
            {
                **{"title": column.title, "end": column.unit not in {TEXT, DAY}, "text": column.unit == TEXT},
                "long": max((len(str(row[place])) for row in grid.rows), default=0) > _SENTENCE,
            }
            for place, column in enumerate(columns)
        ],
        "rows": [
            [cell(value, column.unit, report.head) for value, column in zip(row, columns, strict=True)]
            for row in grid.rows
        ],
        "total": [
            "" if value is None else cell(value, column.unit, report.head)
            for value, column in zip(grid.total, columns, strict=True)
        ]
        if grid.total
        else [],
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[_FONTS])
