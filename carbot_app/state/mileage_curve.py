"""Readings of an odometer over time, drawn as SVG text (pure)."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor, log10

from carbot_app.domains.vehicle_history.mileage import Judged
from carbot_app.state.wording import Reader

_WIDTH, _HEIGHT = 340, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 64, 10, 104
_LABEL_Y = 124
_STEPS = (1, 2, 5, 10)


def mileage_curve(judged: Sequence[Judged], reader: Reader) -> str:
    """A line through what is believed; what is not stands beside it as a hollow triangle.

    Empty text for fewer than two readings.
    """
    if len(judged) < 2:
        return ""
    days = [one.reading.on for one in judged]
    floor_km, ceiling_km, step = _scale([one.reading.km for one in judged])
    first, span = min(days), max((max(days) - min(days)).days, 1)

    def x(on: date) -> float:
        return round(_LEFT + (on - first).days / span * (_WIDTH - _RIGHT - _LEFT), 1)

    def y(km: float) -> float:
        return round(_BOTTOM - (km - floor_km) / (ceiling_km - floor_km) * (_BOTTOM - _TOP), 1)

    grid = "".join(
        f'<path d="M{_LEFT} {y(km)}H{_WIDTH - _RIGHT}" stroke="var(--color-base-300)"/>'
        f'<text x="{_WIDTH}" y="{y(km) + 4}" text-anchor="end">{reader.number(km)}</text>'
        for km in range(floor_km, ceiling_km + 1, step)
    )
    believed = [(x(one.reading.on), y(one.reading.km)) for one in judged if not one.doubt]
    line = "L".join(f"{left} {top}" for left, top in believed)
    dots = "".join(
        f'<circle cx="{left}" cy="{top}" r="3" fill="var(--color-primary)"/>' for left, top in believed
    )
    doubted = "".join(_triangle(x(one.reading.on), y(one.reading.km)) for one in judged if one.doubt)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" fill="none" xmlns="http://www.w3.org/2000/svg">'
        f'<g fill="var(--cb-muted)" font-size="12">{grid}{_days(first, max(days), reader)}</g>'
        f'<path d="M{line}" stroke="var(--color-primary)" stroke-width="2" stroke-linejoin="round"/>'
        f"{dots}{doubted}</svg>"
    )


def _scale(kms: Sequence[int]) -> tuple[int, int, int]:
    """(lowest line, highest line, distance) of two to four lines at round figures."""
    low, high = min(kms), max(kms)
    rough = max(high - low, 100) / 3
    unit = 10 ** floor(log10(rough))
    step = next(unit * factor for factor in _STEPS if unit * factor >= rough)
    bottom = floor(low / step) * step
    return bottom, max(ceil(high / step) * step, bottom + step), step


def _triangle(left: float, top: float) -> str:
    shape = f"M{left} {top - 5}L{left + 5} {top + 4}H{left - 5}Z"
    return f'<path d="{shape}" fill="var(--color-base-100)" stroke="var(--cb-warn-ink)" stroke-width="1.6"/>'


def _days(first: date, last: date, reader: Reader) -> str:
    if first == last:
        return f'<text x="{_LEFT}" y="{_LABEL_Y}">{reader.short_date(first)}</text>'
    return (
        f'<text x="{_LEFT}" y="{_LABEL_Y}">{reader.short_date(first)}</text>'
        f'<text x="{_WIDTH - _RIGHT}" y="{_LABEL_Y}" text-anchor="end">{reader.short_date(last)}</text>'
    )
