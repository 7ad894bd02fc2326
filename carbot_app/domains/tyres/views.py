"""Wheel sets as they are shown and printed."""

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.tyres.condition import judge_age, judge_tread, parse_dot
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.tyres.schemas import Label, TyreView, WheelSetView
from carbot_app.kit.i18n import translate


def describe_set(
    row: WheelSet,
    vehicle: Vehicle | None,
    customer: Customer | None,
    customers: CustomerService,
    today: date,
    country: str,
) -> WheelSetView:
    """View of a row with its car and owner."""
    return WheelSetView(
        id=row.id,
        code=row.code,
        season=row.season,
        size=row.size,
        rims=row.rims,
        tpms=row.tpms,
        location=row.location,
        tyres=tuple(_describe_tyre(tyre, row.season, today) for tyre in row.tyres),
        remarks=row.remarks,
        fee_cents=row.fee_cents,
        stored_on=row.stored_on,
        taken_on=row.taken_on,
        customer=customers.describe_customer(customer, country=country) if customer else None,
        vehicle=customers.describe_vehicle(vehicle) if vehicle else None,
    )


def describe_label(found: WheelSetView, language: str, workshop: str, link: str) -> Label:
    """The label in the reader's language."""

    def word(key: str) -> str:
        return translate(language, f"tyres.{key}")

    rims = word(f"rims.{found.rims}") if found.rims else "–"
    tpms = word(f"tpms.{found.tpms}") if found.tpms else "–"
    columns = ("position", "brand", "made", "tread")
    return Label(
        code=found.code,
        link=link,
        plate=found.vehicle.plate if found.vehicle else "",
        title=f"{word(f'season.{found.season}')} {found.size}".strip(),
        place=found.location,
        workshop=workshop,
        facts=(
            (word("field.customer"), found.customer.name if found.customer else ""),
            (word("field.stored_on"), format_date(found.stored_on, "medium", locale=language)),
            (word("field.rims"), rims),
            (word("field.tpms"), tpms),
        ),
        head=tuple(word(f"column.{name}") for name in columns),
        rows=tuple(
            (word(f"position.{tyre.position}"), tyre.brand, made_text(tyre.dot), tread_text(tyre, language))
            for tyre in found.tyres
        ),
    )


def made_text(dot: str) -> str:
    """``2319`` → ``23/2019``."""
    made = parse_dot(dot)
    return f"{made.week:02d}/{made.year}" if made else ""


def tread_text(tyre: TyreView, language: str) -> str:
    """``6,5 mm``; empty when not measured."""
    return "" if tyre.tread is None else f"{format_decimal(tyre.tread / 10, '0.0', locale=language)} mm"


def _describe_tyre(tyre: dict[str, Any], season: str, today: date) -> TyreView:
    made, tread = parse_dot(tyre["dot"]), tyre["tread"]
    return TyreView(
        position=tyre["position"],
        brand=tyre["brand"],
        dot=tyre["dot"],
        tread=tread,
        age=judge_age(made, today) if made else "",
        wear="" if tread is None else judge_tread(tread, season),
    )
