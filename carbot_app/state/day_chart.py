"""A line chart of two daily counts as SVG text: no chart library for one picture (pure)."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from carbot_app.state.wording import Reader

WIDE, NARROW = 1090, 330
HEIGHT = 250
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 12, 30
LABEL_WIDTH = 110
_STEPS = (1, 2, 5)
_TEXT = 'fill="var(--cb-faint)" font-size="12"'


def day_chart(
    main: Sequence[float],
    other: Sequence[float],
    days: Sequence[date],
    reader: Reader,
    *,
    width: int = WIDE,
) -> str:
    """SVG with ``main`` as a filled accent line and ``other`` as a dotted one, both one value a day.

    Colours come from the page's CSS variables, so it fits both themes. Decorative: the table says the same.
    """
    top, step = _scale(max([*main, *other, 1]))
    per_day = (width - LEFT - RIGHT) / max(len(days) - 1, 1)

    def point(place: int, value: float) -> tuple[float, float]:
        y = HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)
        return round(LEFT + place * per_day, 1), round(y, 1)

    ours = [point(place, value) for place, value in enumerate(main)]
    theirs = [point(place, value) for place, value in enumerate(other)]
    floor = HEIGHT - BOTTOM
    grid = "".join(_grid_line(value, point(0, value)[1], width, reader) for value in range(0, top + 1, step))
    area = f"{_line(ours)}L{ours[-1][0]} {floor}L{ours[0][0]} {floor}Z"
    return (
        f'<svg viewBox="0 0 {width} {HEIGHT}" fill="none" xmlns="http://www.w3.org/2000/svg">'
        f'{grid}<path d="{area}" fill="var(--color-primary)" opacity=".08"/>'
        f'<path d="{_line(theirs)}" stroke="var(--cb-muted)" stroke-width="1.5" stroke-dasharray="4 4"/>'
        f'<path d="{_line(ours)}" stroke="var(--color-primary)" stroke-width="2.2" stroke-linejoin="round"/>'
        f'<circle cx="{ours[-1][0]}" cy="{ours[-1][1]}" r="4" fill="var(--color-primary)"/>'
        f"{_day_labels(days, width, per_day, reader)}</svg>"
    )


def _scale(highest: float) -> tuple[int, int]:
    """Round top of the axis and distance of its lines, at most five of them."""
    size = 1
    while True:
        for step in _STEPS:
            lines = ceil(highest / (step * size))
            if lines <= 5:
                return lines * step * size, step * size
        size *= 10


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _grid_line(value: int, y: float, width: int, reader: Reader) -> str:
    return (
        f'<path d="M{LEFT} {y}H{width - RIGHT}" stroke="var(--color-base-300)"/>'
        f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" {_TEXT}>{reader.number(value)}</text>'
    )


def _day_labels(days: Sequence[date], width: int, per_day: float, reader: Reader) -> str:
    every = max(ceil(len(days) / max(width // LABEL_WIDTH, 2)), 1)
    places = [place for place in range(len(days)) if (len(days) - 1 - place) % every == 0]
    texts = []
    for place in places:
        anchor = "end" if place == len(days) - 1 else "start" if place == 0 else "middle"
        x = round(LEFT + place * per_day, 1)
        texts.append(
            f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="{anchor}" {_TEXT}>'
            f"{reader.short_date(days[place])}</text>"
        )
    return "".join(texts)
