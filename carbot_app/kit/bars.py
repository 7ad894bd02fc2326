"""Bars as SVG text: amounts per day or month beside a figure, without a chart library."""

from collections.abc import Sequence

_GAP = 0.34
"""Part of a bar's place that stays empty."""
_LEAST = 0.06
"""Height of a bar without anything, so that its day is seen."""


def bars(values: Sequence[int], *, width: int = 160, height: int = 42, marked: int = -1) -> str:
    """SVG of one bar per value; the bar at ``marked`` is drawn strongly.

    Uses ``currentColor``; empty text without values.
    """
    if not values:
        return ""
    most, place = max(*values, 1) if len(values) > 1 else max(values[0], 1), width / len(values)
    drawn = []
    for position, value in enumerate(values):
        tall = round(max(max(value, 0) / most, _LEAST) * height, 1)
        faint = "" if position == marked else ' opacity=".28"'
        drawn.append(
            f'<rect x="{position * place + place * _GAP / 2:.1f}" y="{height - tall:.1f}" '
            f'width="{place * (1 - _GAP):.1f}" height="{tall:.1f}" rx="2" fill="currentColor"{faint}/>'
        )
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'
    )
