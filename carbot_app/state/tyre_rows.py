"""Wheel sets as the page shows them (pure)."""

from dataclasses import dataclass

from carbot_app.domains.tyres.condition import POSITIONS
from carbot_app.domains.tyres.schemas import TyreView, WheelSetView
from carbot_app.domains.tyres.views import made_text, tread_text
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

_BAD, _WATCHED = {"illegal", "too_old"}, {"low", "aged"}


@dataclass(frozen=True, slots=True)
class SetLine:
    """A set as a row."""

    id: str = ""
    code: str = ""
    location: str = ""
    plate: PlateText = NO_PLATE
    name: str = ""
    title: str = ""
    """Season and size."""
    sign: str = "none"
    """fine, medium, critical or none: the worst tyre."""


@dataclass(frozen=True, slots=True)
class TyreLine:
    """One tyre of the opened set."""

    position: str
    brand: str
    made: str
    tread: str
    typed: str
    """The tread for an input, ``6,5``."""
    notes: tuple[str, ...] = ()
    sign: str = "none"


@dataclass(frozen=True, slots=True)
class SetDetail:
    """The opened set."""

    line: SetLine = SetLine()
    vehicle: str = ""
    vehicle_id: str = ""
    customer_id: str = ""
    phone: str = ""
    phone_href: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    remarks: str = ""
    out: bool = False
    tyres: tuple[TyreLine, ...] = ()
    """All four positions, also those nobody looked at."""


def describe_line(found: WheelSetView, reader: Reader) -> SetLine:
    """A set as a row."""
    vehicle = found.vehicle
    season = translate(reader.language, f"tyres.season.{found.season}")
    return SetLine(
        id=str(found.id),
        code=found.code,
        location=found.location,
        plate=plate_text(vehicle.plate, vehicle.plate_country) if vehicle else NO_PLATE,
        name=found.customer.name if found.customer else "",
        title=f"{season} {found.size}".strip(),
        sign=_worst(found.tyres),
    )


def describe_detail(found: WheelSetView, reader: Reader) -> SetDetail:
    """The opened set."""
    customer = found.customer
    known = {tyre.position: tyre for tyre in found.tyres}
    blanks = {position: TyreView(position, "", "", None, "", "") for position in POSITIONS}
    return SetDetail(
        line=describe_line(found, reader),
        vehicle=found.vehicle.label if found.vehicle else "",
        vehicle_id=str(found.vehicle.id) if found.vehicle else "",
        customer_id=str(customer.id) if customer else "",
        phone=customer.phone_text if customer else "",
        phone_href=f"tel:{customer.phone}" if customer and customer.phone else "",
        facts=tuple(_facts(found, reader)),
        remarks=found.remarks,
        out=found.taken_on is not None,
        tyres=tuple(_tyre(known.get(position, blanks[position]), reader) for position in POSITIONS),
    )


def _facts(found: WheelSetView, reader: Reader):
    def word(key: str) -> str:
        return translate(reader.language, f"tyres.{key}")

    yield word("field.stored_on"), reader.short_date(found.stored_on)
    if found.taken_on:
        yield word("field.taken_on"), reader.short_date(found.taken_on)
    if found.rims:
        yield word("field.rims"), word(f"rims.{found.rims}")
    if found.tpms:
        yield word("field.tpms"), word(f"tpms.{found.tpms}")
    if found.fee_cents:
        yield word("field.fee"), format_cents(found.fee_cents, language=reader.language)


def _tyre(tyre: TyreView, reader: Reader) -> TyreLine:
    notes = [f"wear.{tyre.wear}"] if tyre.wear else []
    notes += [f"age.{tyre.age}"] if tyre.age in {"aged", "too_old"} else []
    tread = tread_text(tyre, reader.language)
    return TyreLine(
        position=tyre.position,
        brand=tyre.brand,
        made=made_text(tyre.dot),
        tread=tread,
        typed=tread.removesuffix(" mm"),
        notes=tuple(translate(reader.language, f"tyres.{note}") for note in notes),
        sign=_worst((tyre,)),
    )


def _worst(tyres: tuple[TyreView, ...]) -> str:
    judged = {judgement for tyre in tyres for judgement in (tyre.age, tyre.wear)} - {""}
    if judged & _BAD:
        return "critical"
    if judged & _WATCHED:
        return "medium"
    return "fine" if "fine" in judged else "none"
