"""A line of 60 x 30 px as SVG text: pages show a trend without a chart library."""

from collections.abc import Sequence
from itertools import pairwise

_WIDTH, _HEIGHT, _MARGIN = 60.0, 30.0, 3.0


def sparkline(values: Sequence[float]) -> str:
    """SVG of a smooth line through ``values`` (oldest first), tinted below, a dot at the newest.

    Uses ``currentColor``; empty text for fewer than two values.
    """
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (_WIDTH - _MARGIN) / (len(values) - 1)
    points = [
        (round(i * step, 1), round(_HEIGHT - _MARGIN - (v - low) / span * (_HEIGHT - 2 * _MARGIN), 1))
        for i, v in enumerate(values)
    ]
    line = _smooth(points)
    end_x, end_y = points[-1]
    return (
        f'<svg viewBox="0 0 60 30" fill="none" xmlns="http://www.w3.org/2000/svg">'
        f'<path d="{line}L{end_x} 30L0 30Z" fill="currentColor" opacity=".09"/>'
        f'<path d="{line}" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{end_x}" cy="{end_y}" r="2.6" fill="currentColor"/></svg>'
    )


def _smooth(points: list[tuple[float, float]]) -> str:
    """Cubic path with horizontal tangents at every point: never overshoots the values."""
    path = f"M{points[0][0]} {points[0][1]}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = round((x0 + x1) / 2, 1)
        path += f"C{middle} {y0} {middle} {y1} {x1} {y1}"
    return path
