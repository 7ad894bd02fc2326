"""Figures as the dashboard writes them: number, lighter unit, change and its verdict (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from babel.numbers import format_compact_decimal, get_currency_symbol

from carbot_app.domains.analytics.schemas import Kpi
from carbot_app.kit.i18n import translate
from carbot_app.kit.sparkline import sparkline
from carbot_app.state.wording import Reader

SPARK_POINTS = 15
_COMPACT_FROM = 1_000_000
_TENTHS_BELOW = 10
_RELATIVE = {"count", "cents", "minutes"}
"""Units whose change is told in percent."""
MOST_PERCENT = 999


@dataclass(frozen=True, slots=True)
class KpiTile:
    """A figure as its tile shows it; ``code`` names it in the locale files."""

    code: str
    figure: str
    unit: str
    delta: str
    direction: str
    verdict: str
    spark: str
    href: str
    reason: str
    """The filter under which the figure has no meaning, else empty."""
    moved: bool = False
    """It has moved since the question was asked; the last move is tinted."""


def describe_tiles(
    kpis: Sequence[Kpi], reader: Reader, currency: str, query: str, before: Sequence[KpiTile]
) -> list[KpiTile]:
    """The tiles; ``before`` are those shown so far to the same question, empty for a new one."""
    shown = {tile.code: tile for tile in before}
    tiles = (_tile(kpi, reader, currency, query) for kpi in kpis)
    return [replace(tile, moved=_has_moved(tile, shown.get(tile.code))) for tile in tiles]


def write_figure(value: float | None, unit: str, reader: Reader, currency: str) -> tuple[str, str]:
    """Number and lighter unit; a dash where there is nothing to measure."""
    if value is None:
        return "–", ""
    if unit == "percent":
        return _rounded(value, reader), "%"
    if unit == "seconds":
        return reader.wait(value)
    if unit == "cents":
        return _short(round(value / 100), reader), _symbol(currency, reader.language)
    if unit == "minutes":
        return _rounded(value / 60, reader), _time(reader, "hours")
    if unit == "stars":
        return reader.number(round(value, 1)), _word(reader, "unit.of_five")
    return _short(round(value), reader), ""


def write_whole(value: float | None, unit: str, reader: Reader, currency: str) -> str:
    """Number and unit in one text."""
    return " ".join(part for part in write_figure(value, unit, reader, currency) if part)


def write_tick(value: float, reader: Reader) -> str:
    """A short number for an axis, in the unit ``axis_scale`` counts in."""
    return (
        _short(value, reader)
        if abs(value) >= _COMPACT_FROM
        else reader.number(round(value, 2 if abs(value) < 1 else 1))
    )


def axis_scale(unit: str, highest: float) -> float:
    """What a value is divided by to be drawn: cents to money, minutes to hours, waits as they are told."""
    if unit == "cents":
        return 100
    if unit == "minutes":
        return 60
    if unit == "seconds":
        return 1 if highest < 120 else 60 if highest < 7200 else 3600
    return 1


def axis_unit(unit: str, highest: float, reader: Reader, currency: str) -> str:
    """The unit of an axis in words; empty for what is only counted."""
    scale = axis_scale(unit, highest)
    if unit == "cents":
        return _symbol(currency, reader.language)
    if unit == "seconds":
        return _time(reader, {1: "seconds", 60: "minutes"}.get(int(scale), "hours"))
    return {"minutes": _time(reader, "hours"), "percent": "%"}.get(unit, "")


def _has_moved(tile: KpiTile, before: KpiTile | None) -> bool:
    return before is not None and (before.moved or before.figure != tile.figure)


def _tile(kpi: Kpi, reader: Reader, currency: str, query: str) -> KpiTile:
    figure, unit = write_figure(kpi.value, kpi.unit, reader, currency)
    if kpi.beside:
        beside, hours = write_figure(kpi.beside, kpi.unit, reader, currency)
        unit = _word(reader, "unit.beside", value=f"{beside} {hours}")
    delta, direction = _delta(kpi, reader, currency)
    good = direction == kpi.good_when
    return KpiTile(
        code=kpi.code,
        figure=figure,
        unit=unit,
        delta=delta,
        direction=direction,
        verdict="neutral" if direction == "flat" else "good" if good else "bad",
        spark=sparkline(thinned(kpi.series)) if any(kpi.series) else "",
        href=f"/auswertung/?{query}&zeilen={kpi.code}",
        reason=kpi.reason,
    )


def _delta(kpi: Kpi, reader: Reader, currency: str) -> tuple[str, str]:
    """Change against the span compared with: percent of amounts, points of shares, time of times."""
    if kpi.value is None or kpi.previous is None:
        return "", "flat"
    change = kpi.value - kpi.previous
    if kpi.unit in _RELATIVE:
        if not kpi.previous:
            return "", "flat"
        moved = round(100 * change / abs(kpi.previous))
        more = "> " if abs(moved) > MOST_PERCENT else ""
        shown = f"{more}{reader.number(min(abs(moved), MOST_PERCENT))} %"
    elif kpi.unit == "percent":
        moved = round(change, 1)
        shown = translate(reader.language, "analytics.unit.points", value=_rounded(abs(change), reader))
    else:
        moved = round(change, 1)
        shown = (
            reader.number(abs(moved))
            if kpi.unit == "stars"
            else write_whole(abs(change), kpi.unit, reader, currency)
        )
    if not moved:
        return translate(reader.language, "analytics.unchanged"), "flat"
    return shown, "up" if moved > 0 else "down"


def thinned(series: Sequence[float]) -> list[float]:
    """At most SPARK_POINTS values: means of equal stretches, the newest stretch whole."""
    stretch = -(-len(series) // SPARK_POINTS)
    chunks = [series[max(end - stretch, 0) : end] for end in range(len(series), 0, -stretch)]
    return [sum(chunk) / len(chunk) for chunk in reversed(chunks)]


def _rounded(value: float, reader: Reader) -> str:
    return reader.number(round(value, 1) if abs(value) < _TENTHS_BELOW else round(value))


def _short(value: float, reader: Reader) -> str:
    """``64.820``, and from a million ``12,4 Mio.``: a tile and an axis have no room for more."""
    if abs(value) < _COMPACT_FROM:
        return reader.number(value)
    return format_compact_decimal(value, locale=reader.language, fraction_digits=1)


_symbol = lru_cache(maxsize=256)(get_currency_symbol)


def _word(reader: Reader, key: str, **values: str) -> str:
    return translate(reader.language, f"dashboard.{key}", **values)


def _time(reader: Reader, unit: str) -> str:
    return translate(reader.language, f"analytics.unit.{unit}")
