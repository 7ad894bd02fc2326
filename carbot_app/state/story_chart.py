"""The story of a figure as markup: no chart library for the first look (pure).

Lines are an SVG stretched over the plot, words stand beside it as text: so one picture fits every width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

_WIDTH, _HEIGHT = 1000, 240
_MOST_LABELS = 8
_STEPS = (1, 2, 2.5, 5)
_MOST_LINES = 5
_SMALLEST = 1e-6
"""What a figure can differ by; floats go on for ever."""
_KEPT = 'vector-effect="non-scaling-stroke"'

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lines:
    """What is drawn: numbers already in the axis' unit, one label a place; a band follows the past."""

    past: Sequence[float | None]
    previous: Sequence[float | None]
    band: Sequence[tuple[float, float, float]]
    """Low, mid and high."""
    labels: Sequence[str]
    """Of every place, the band's included."""
    today: str = ""
    """Word for the last place of the past where a band follows."""

    def ticks(self) -> list[float]:
        """Numbers of the axis, from its foot to its top."""
        known = [value for value in (*self.past, *self.previous) if value is not None]
        low, high, step = scale([*known, *(edge for band in self.band for edge in band)])
        return [low + step * number for number in range(round((high - low) / step) + 1)]


def story_chart(lines: Lines, write: Callable[[float], str]) -> str:
    """Ours as a filled accent line, the comparison dotted, what is expected dashed in its band.

    ``write`` words a number of the axis. Colours come from the page's CSS variables, so it fits both themes.
    Decorative: the table says the same.
    """
    ticks = [(tick, write(tick)) for tick in lines.ticks()]
    frame = _Frame(max(len(lines.labels) - 1, 1), ticks[0][0], ticks[-1][0])
    drawn = "".join(
        (
            *(f'<path d="M0 {frame.y(tick)}H{_WIDTH}" class="cb-plot-grid" {_KEPT}/>' for tick, _ in ticks),
            _band(frame, lines) if lines.band else "",
            _stroke(frame, lines.previous, "cb-plot-before"),
            _area(frame, lines.past),
            _stroke(frame, lines.past, "cb-plot-ours"),
        )
    )
    gutter = max(len(word) for _, word in ticks)
    return (
        f'<div class="cb-plot" style="--gutter:{gutter}ch">'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" fill="none">{drawn}</svg>'
        f"{''.join(_tick(frame, tick, word) for tick, word in ticks)}"
        f"{_labels(frame, lines)}{_dots(frame, lines.past)}</div>"
    )


def scale(values: Sequence[float]) -> tuple[float, float, float]:
    """Round foot and top of an axis that holds zero, and the distance of its lines, at most five."""
    low, high = min([*values, 0]), max([*values, 0])
    span = high - low if high - low > _SMALLEST else 1
    size = 10.0 ** floor(log10(span / _MOST_LINES))
    while True:
        for factor in _STEPS:
            step = factor * size
            foot, top = floor(low / step), ceil((high if low or high > _SMALLEST else span) / step)
            if top - foot <= _MOST_LINES:
                return foot * step, top * step, step
        size *= 10


@dataclass(frozen=True, slots=True)
class _Frame:
    places: int
    low: float
    high: float

    def y(self, value: float) -> float:
        return round(_HEIGHT * (1 - self.share(value)), 1)

    def share(self, value: float) -> float:
        """0 at the foot, 1 at the top."""
        return (value - self.low) / (self.high - self.low)

    def left(self, place: int) -> float:
        """Percent of the width."""
        return round(100 * place / self.places, 2)

    def points(self, values: Sequence[float], first: int = 0) -> list[Point]:
        return [
            (round(_WIDTH * place / self.places, 1), self.y(value))
            for place, value in enumerate(values, first)
        ]

    def runs(self, values: Sequence[float | None]) -> list[list[Point]]:
        """Points without the gaps between them."""
        found: list[list[Point]] = [[]]
        for place, value in enumerate(values):
            if value is None:
                found.append([])
            else:
                found[-1] += self.points([value], place)
        return [run for run in found if run]


def smooth(points: Sequence[Point]) -> str:
    """A path that rises and falls only where the values do (monotone cubic, Fritsch and Carlson 1980)."""
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    inner = [
        2 * before * after / (before + after) if before * after > 0 else 0.0
        for before, after in pairwise(slopes)
    ]
    tangents = [slopes[0], *inner, slopes[-1]] if slopes else [0.0]
    path = f"M{points[0][0]} {points[0][1]}"
    for place, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        third = (x1 - x0) / 3
        path += (
            f"C{x0 + third:.1f} {y0 + tangents[place] * third:.1f} "
            f"{x1 - third:.1f} {y1 - tangents[place + 1] * third:.1f} {x1} {y1}"
        )
    return path


def _tick(frame: _Frame, tick: float, word: str) -> str:
    return f'<span class="cb-plot-y" style="bottom:{100 * frame.share(tick):.2f}%">{escape(word)}</span>'


def _labels(frame: _Frame, lines: Lines) -> str:
    """As many as there is room for, the newest known place always among them; phones show every other one."""
    count, last = len(lines.labels), len(lines.past) - 1
    every = ceil(count / _MOST_LABELS)
    words = []
    for place in range(count):
        away = last - place
        if away % every:
            continue
        is_today = bool(lines.today) and not away
        look = "cb-plot-x" + (" cb-plot-today" if is_today else "")
        if (away // every) % 2:
            look += " cb-plot-wide"
        text = lines.today if is_today else lines.labels[place]
        words.append(f'<span class="{look}" style="left:{frame.left(place)}%">{escape(text)}</span>')
    return "".join(words)


def _band(frame: _Frame, lines: Lines) -> str:
    """From the last known value on."""
    start = len(lines.past) - 1
    known = lines.past[start] if start >= 0 else None
    bands = [*([(known, known, known)] if known is not None else []), *lines.band]
    first = start + (known is None)
    low, mid, high = (frame.points([band[edge] for band in bands], first) for edge in (0, 1, 2))
    x = round(_WIDTH * max(start, 0) / frame.places, 1)
    return (
        f'<path d="{smooth(high)}L{smooth(low[::-1])[1:]}Z" class="cb-plot-band"/>'
        f'<path d="M{x} 0V{_HEIGHT}" class="cb-plot-now" {_KEPT}/>'
        f'<path d="{smooth(mid)}" class="cb-plot-expected" {_KEPT}/>'
    )


def _area(frame: _Frame, values: Sequence[float | None]) -> str:
    ground = frame.y(0)
    return "".join(
        f'<path d="{smooth(run)}L{run[-1][0]} {ground}L{run[0][0]} {ground}Z" class="cb-plot-area"/>'
        for run in frame.runs(values)
        if len(run) > 1
    )


def _stroke(frame: _Frame, values: Sequence[float | None], look: str) -> str:
    runs = [run for run in frame.runs(values) if len(run) > 1]
    return "".join(f'<path d="{smooth(run)}" class="{look}" {_KEPT}/>' for run in runs)


def _dots(frame: _Frame, values: Sequence[float | None]) -> str:
    """A ring at the newest value, and dots where one stands alone between gaps."""
    known = [place for place, value in enumerate(values) if value is not None]
    alone = [place for place in known if not {place - 1, place + 1} & set(known)]
    marks = dict.fromkeys(alone, "cb-plot-dot") | dict.fromkeys(known[-1:], "cb-plot-ring")
    return "".join(
        f'<i class="{look}" style="left:{frame.left(place)}%;'
        f'bottom:{100 * frame.share(values[place] or 0):.2f}%"></i>'
        for place, look in marks.items()
    )
