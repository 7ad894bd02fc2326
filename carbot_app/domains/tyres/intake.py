"""A set as it was typed, brought to the form in which it is stored."""

import re
from datetime import date
from uuid import UUID

from carbot_app.domains.tyres.condition import MAX_TENTHS, POSITIONS, SEASONS, parse_dot
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.tyres.places import normalise_place
from carbot_app.domains.tyres.schemas import Tyre, WheelSetCreate
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines, single_line

RIMS = ("", "steel", "alloy", "none")
TPMS = ("", "direct", "indirect", "none")
_MAX_FEE = 100_000
_SIZE = re.compile(r"(\d{3})\s*/\s*(\d{2})\s*-?\s*(Z?R)\s*-?\s*(\d{2})")


def parse_set(wanted: WheelSetCreate, workshop_id: UUID, today: date) -> WheelSet:
    """A row without number, car and owner.

    Raises:
        Invalid: ``tyres_season``, ``tyres_place``, ``tyres_choice``, ``tyres_fee``,
            ``tyres_position_unknown``, ``tyres_dot`` or ``tyres_tread`` with the field (``tread_FL``).
    """
    if wanted.season not in SEASONS:
        raise Invalid("tyres_season", field="season")
    location = normalise_place(wanted.location)
    if location is None:
        raise Invalid("tyres_place", field="location")
    for field, choices in (("rims", RIMS), ("tpms", TPMS)):
        if getattr(wanted, field) not in choices:
            raise Invalid("tyres_choice", field=field)
    if not 0 <= wanted.fee_cents <= _MAX_FEE:
        raise Invalid("tyres_fee", field="fee")
    positions = [tyre.position for tyre in wanted.tyres]
    if not set(positions) <= set(POSITIONS) or len(positions) != len(set(positions)):
        raise Invalid("tyres_position_unknown", field="position")
    return WheelSet(
        workshop_id=workshop_id,
        code="",
        season=wanted.season,
        size=_SIZE.sub(r"\1/\2 \3\4", single_line(wanted.size.upper(), field="size", limit=24)),
        rims=wanted.rims,
        tpms=wanted.tpms,
        location=location,
        tyres=[_parse_tyre(tyre, today) for tyre in wanted.tyres],
        remarks=several_lines(wanted.remarks, field="remarks", limit=500),
        fee_cents=wanted.fee_cents,
        stored_on=today,
    )


def parse_tread(tread: int | None, position: str) -> int | None:
    """The tread; Invalid ``tyres_tread`` when no tyre has as much."""
    if tread is not None and not 0 <= tread <= MAX_TENTHS:
        raise Invalid("tyres_tread", field=f"tread_{position}")
    return tread


def _parse_tyre(tyre: Tyre, today: date) -> dict[str, str | int | None]:
    made = parse_dot(tyre.dot) if tyre.dot.strip() else None
    if tyre.dot.strip() and (made is None or made.on > today):
        raise Invalid("tyres_dot", field=f"dot_{tyre.position}")
    return {
        "position": tyre.position,
        "brand": single_line(tyre.brand, field=f"brand_{tyre.position}", limit=40),
        "dot": f"{made.week:02d}{made.year % 100:02d}" if made else "",
        "tread": parse_tread(tyre.tread, tyre.position),
    }
