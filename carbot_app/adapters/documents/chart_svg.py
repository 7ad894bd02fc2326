"""Charts of reports as SVG, one unit a point: bars, ranked bars and a heat map (pure)."""

from collections.abc import Sequence
from html import escape
from itertools import count

from carbot_app.domains.analytics.reports.schemas import Chart

NARROW, WIDE = 239.0, 499.0
"""Half of the paper's width, and all of it."""
_INK, _MUTED, _LINE, _GROUND = "#1b242b", "#5b6570", "#d5d8db", "#f3f2ef"
_SMALL = 7.5
_LABEL = 30.0
"""Room for a label."""
_LETTER = 3.9
"""Width of one, a little more than most need."""
_HOURS = 24


def draw(chart: Chart, accent: str, width: float) -> str:
    """SVG of the chart; ``accent`` as #rrggbb."""
    return {"bars": _bars, "funnel": _funnel, "heat": _heat}[chart.kind](chart, accent, width)


def _bars(chart: Chart, accent: str, width: float) -> str:
    """Bars on a hairline; the largest is named at the top. What is below zero hangs down."""
    height, top, foot = 92.0, 12.0, 14.0
    values = [value or 0.0 for value in chart.values]
    high, low = max([*values, 0.0]), min([*values, 0.0])
    span = (high - low) or 1.0
    room = height - top - foot
    zero = top + room * high / span
    place = width / max(len(values), 1)
    drawn = [_rule(0, width, top), _text(width, top - 3, chart.top, end=True)]
    for position, value in enumerate(values):
        tall = abs(value) / span * room
        y = zero - tall if value >= 0 else zero
        broad = min(place * 0.66, 26.0)
        x = position * place + (place - broad) / 2
        if value:
            drawn.append(_box(x, y, broad, max(tall, 0.8), accent, round_by=min(1.6, broad / 3)))
    drawn.append(_rule(0, width, zero, _MUTED))
    step = next(size for size in count(1) if len(values) / size <= width / _LABEL)
    for position in range(0, len(values), step):
        label = chart.labels[position]
        # Text outside of the picture is cut off
        half = len(label) * _LETTER / 2
        x = min(max((position + 0.5) * place, half), width - half)
        drawn.append(_text(x, height - 2, label, middle=True))
    return _svg(width, height, drawn)


def _funnel(chart: Chart, accent: str, width: float) -> str:
    """Bars below each other with their names and values; the first is not always the longest."""
    row = 17.0
    most = max([value or 0.0 for value in chart.values] or [0.0]) or 1.0
    longest = max((len(label) for label in chart.labels), default=0)
    name, figure = min(max(width * 0.38, longest * _LETTER), width * 0.54), 56.0
    letters = int(name / _LETTER)
    drawn = []
    for position, (label, value, mark) in enumerate(
        zip(chart.labels, chart.values, chart.marks, strict=True)
    ):
        y = position * row
        drawn.append(_text(0, y + 10.5, _cut(label, letters), ink=_INK, size=8))
        room = width - name - figure
        drawn.append(_box(name, y + 3, room, 10, _GROUND, round_by=2))
        if value:
            drawn.append(_box(name, y + 3, max(room * value / most, 2), 10, accent, round_by=2))
        drawn.append(_text(width, y + 10.5, mark, end=True, ink=_INK, size=8))
    return _svg(width, max(row * len(chart.values), row), drawn)


def _heat(chart: Chart, accent: str, width: float) -> str:
    """Seven rows of 24 hours; the more, the stronger."""
    values = [value or 0.0 for value in chart.values]
    most = max(values) or 1.0
    left, box, gap = 22.0, (width - 22.0) / _HOURS, 1.2
    tall = 10.0
    drawn = []
    for day, label in enumerate(chart.labels):
        drawn.append(_text(0, day * tall + tall - 2.4, label))
        for hour in range(_HOURS):
            value = values[day * _HOURS + hour]
            colour = accent if value else _GROUND
            strength = 0.18 + 0.82 * value / most if value else 1.0
            drawn.append(
                _box(
                    left + hour * box, day * tall, box - gap, tall - gap, colour, opacity=strength, round_by=1
                )
            )
    for hour in (0, 6, 12, 18):
        drawn.append(_text(left + hour * box, 7 * tall + 8, f"{hour}"))
    return _svg(width, 7 * tall + 11, drawn)


def _svg(width: float, height: float, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="Source Sans Pro">{"".join(drawn)}</svg>'
    )


def _box(
    x: float, y: float, width: float, height: float, colour: str, *, opacity: float = 1, round_by: float = 0
) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{round_by:.1f}" '
        f'fill="{colour}" fill-opacity="{opacity:.2f}"/>'
    )


def _rule(start: float, end: float, y: float, colour: str = _LINE) -> str:
    return f'<path d="M{start:.2f} {y:.2f}H{end:.2f}" stroke="{colour}" stroke-width=".6"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    end: bool = False,
    middle: bool = False,
    ink: str = _MUTED,
    size: float = _SMALL,
) -> str:
    anchor = "end" if end else "middle" if middle else "start"
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" fill="{ink}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
