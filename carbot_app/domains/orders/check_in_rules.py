"""What may be noted of a car that comes in (pure)."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from carbot_app.domains.orders.check_in_schemas import CheckInInput, Mark
from carbot_app.domains.orders.checks import check_km
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines, single_line

VIEWS = ("left", "right", "front", "rear", "top")
MARK_KINDS = ("scratch", "dent", "chip", "crack", "rust", "missing")
WHEELS = ("fl", "fr", "rl", "rr")
OBSERVATIONS = (
    "lamp_engine", "lamp_brake", "lamp_airbag", "lamp_abs", "lamp_tyres", "lights", "wipers", "brakes",
    "leak", "glass",
)  # fmt: skip
TERMS_VERSION = "2026-12"
"""Which words were signed: locale keys ``checkin.terms``."""
MOST_MARKS = 60
_MOST_TREAD = 200


def check_facts(facts: CheckInInput, last_km: int | None) -> CheckInInput:
    """The facts as they are stored.

    Raises:
        Invalid: ``km_invalid``, ``check_in_km_lower``, ``check_in_percent``, ``check_in_mark``,
            ``check_in_tread``, ``check_in_observation`` or ``too_long``.
    """
    check_km(facts.km)
    if facts.km is not None and last_km is not None and facts.km < last_km and not facts.km_confirmed:
        raise Invalid("check_in_km_lower", field="km", km=last_km)
    for name in ("fuel_percent", "charge_percent"):
        percent = getattr(facts, name)
        if percent is not None and not 0 <= percent <= 100:
            raise Invalid("check_in_percent", field=name)
    if len(facts.marks) > MOST_MARKS:
        raise Invalid("check_in_mark", field="marks")
    if any(wheel not in WHEELS or not 0 <= depth <= _MOST_TREAD for wheel, depth in facts.tread.items()):
        raise Invalid("check_in_tread", field="tread")
    if not set(facts.observations) <= set(OBSERVATIONS):
        raise Invalid("check_in_observation", field="observations")
    return replace(
        facts,
        marks=tuple(_check_mark(mark) for mark in facts.marks),
        observations=tuple(code for code in OBSERVATIONS if code in facts.observations),
        belongings=single_line(facts.belongings, field="belongings", limit=300),
        remark=several_lines(facts.remark, field="remark", limit=1000),
    )


def mark_from_json(kept: Mapping[str, Any]) -> Mark:
    """The other way round of mark_to_json; words made unrecognisable stay words."""
    return Mark(
        view=str(kept.get("view", "")),
        x=int(kept.get("x", 0)),
        y=int(kept.get("y", 0)),
        kind=str(kept.get("kind", "")),
        note=str(kept.get("note", "")),
    )


def mark_to_json(mark: Mark) -> dict[str, Any]:
    """As CheckIn.marks."""
    return asdict(mark)


def _check_mark(mark: Mark) -> Mark:
    inside = 0 <= mark.x <= 1000 and 0 <= mark.y <= 1000
    if mark.view not in VIEWS or mark.kind not in MARK_KINDS or not inside:
        raise Invalid("check_in_mark", field="marks")
    return replace(mark, note=single_line(mark.note, field="note", limit=120))
