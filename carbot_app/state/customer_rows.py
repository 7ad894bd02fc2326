"""Customers as the list and their file show them (pure)."""

from dataclasses import dataclass

from carbot_app.domains.customer_file.schemas import (
    CarView,
    CustomerFile,
    CustomerRow,
    Due,
    NextVisit,
    OpenItem,
)
from carbot_app.domains.customers.schemas import VehicleView
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.thread_side import APPOINTMENT_SIGNS
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, initials, plate_text, tint


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer as a row."""

    id: str
    name: str
    initials: str
    tint: int
    reach: str
    """Number, else mail."""
    plate: PlateText
    car: str
    more_cars: int
    last: str
    visits: int
    worth: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """What a car needs next."""

    kind: str
    text: str
    late: bool


@dataclass(frozen=True, slots=True)
class CarCard:
    """A car of the customer, with what its form shows."""

    id: str = ""
    name: str = ""
    meta: str = ""
    plate: PlateText = NO_PLATE
    typed_plate: str = ""
    country: str = "DE"
    make: str = ""
    model: str = ""
    year: str = ""
    km: str = ""
    vin: str = ""
    due: tuple[DueLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkLine:
    """Something open, or an appointment to come; ``href`` leads to it, empty: nowhere."""

    id: str
    title: str
    meta: str
    sign: str
    """State of the design system's badge; empty: none."""
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class CustomerHead:
    """Who it is."""

    id: str = ""
    name: str = ""
    typed_name: str = ""
    initials: str = ""
    tint: int = 0
    phone: str = ""
    phone_href: str = ""
    email: str = ""
    language: str = "de"
    speaks: str = ""
    since: str = ""
    agreed: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    worth_done: str = ""
    worth_booked: str = ""
    visits: int = 0
    missed: int = 0


def describe_row(row: CustomerRow, reader: Reader) -> CustomerLine:
    """A customer as a row."""
    customer, first = row.customer, row.vehicles[0] if row.vehicles else None
    return CustomerLine(
        id=str(customer.id),
        name=customer.name,
        initials=initials(customer.name),
        tint=tint(customer.name),
        reach=customer.phone_text or customer.email,
        plate=_plate(first),
        car=f"{first.make} {first.model}".strip() if first else "",
        more_cars=max(len(row.vehicles) - 1, 0),
        last=reader.ago(row.last_contact_at),
        visits=row.visits,
        worth=format_cents(row.worth_cents, language=reader.language) if row.worth_cents else "",
    )


def describe_head(found: CustomerFile, reader: Reader) -> CustomerHead:
    """Who it is and what they bring."""
    customer, worth = found.customer, found.worth

    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"customers.{key}", **params)

    channels = {"sms": "SMS", "whatsapp": "WhatsApp", "mail": word("field.email")}
    return CustomerHead(
        id=str(customer.id),
        name=customer.name or word("unnamed"),
        typed_name=customer.name,
        initials=initials(customer.name),
        tint=tint(customer.name),
        phone=customer.phone_text,
        phone_href=f"tel:{customer.phone}" if customer.phone else "",
        email=customer.email,
        language=customer.language,
        speaks=word("speaks", tongue=word(f"language.{customer.language}")),
        since=word("since", when=reader.short_date(found.since.astimezone(reader.zone).date())),
        agreed=tuple(word(f"agreed.{consent.kind}") for consent in found.consents),
        stopped=tuple(word("stopped", channel=channels.get(channel, channel)) for channel in found.stopped),
        worth_done=format_cents(worth.done_cents, language=reader.language),
        worth_booked=format_cents(worth.booked_cents, language=reader.language),
        visits=worth.visits,
        missed=worth.missed,
    )


def describe_car(found: CarView, reader: Reader) -> CarCard:
    """A car with what it needs next."""
    car = found.vehicle
    built = translate(reader.language, "inbox.side.built", year=car.year) if car.year else ""
    driven = f"{reader.number(car.km)} km" if car.km is not None else ""
    return CarCard(
        id=str(car.id),
        name=f"{car.make} {car.model}".strip(),
        meta=" · ".join(filter(None, (built, driven, found.vin))),
        plate=_plate(car),
        typed_plate=car.plate,
        country=car.plate_country,
        make=car.make,
        model=car.model,
        year=str(car.year or ""),
        km="" if car.km is None else str(car.km),
        vin=found.vin,
        due=tuple(_due(due, reader) for due in found.due),
    )


def describe_open(item: OpenItem, reader: Reader) -> WorkLine:
    """Something nobody has finished yet."""
    day = item.at.astimezone(reader.zone).date().isoformat()
    if item.kind == "visit":
        href, glyph = f"/kalender/?on={day}&termin={item.id}", "wrench"
        return WorkLine(
            str(item.id),
            item.title,
            reader.day_and_clock(item.at),
            APPOINTMENT_SIGNS.get(item.state, "open"),
            href,
            glyph,
        )
    word = translate(reader.language, f"customers.open.{item.kind}")
    href = f"/posteingang/?c={item.conversation_id}" if item.conversation_id else "/heute/"
    glyph = "phone" if item.kind == "callback" else "inbox"
    return WorkLine(str(item.id), item.title or word, f"{word} · {reader.day(item.at)}", "", href, glyph)


def describe_next(visit: NextVisit, reader: Reader) -> WorkLine:
    """An appointment to come."""
    day = visit.starts_at.astimezone(reader.zone).date().isoformat()
    return WorkLine(
        str(visit.id),
        visit.title,
        " · ".join(filter(None, (reader.day_and_clock(visit.starts_at), visit.plate))),
        "",
        f"/kalender/?on={day}&termin={visit.id}",
        "calendar-days",
    )


def _plate(car: VehicleView | None) -> PlateText:
    return plate_text(car.plate, car.plate_country) if car and car.plate else NO_PLATE


def _due(due: Due, reader: Reader) -> DueLine:
    if due.on is None:
        season, _, place = due.detail.partition(" ")
        word = translate(reader.language, f"customers.due.season.{season}")
        return DueLine(
            due.kind, translate(reader.language, f"customers.due.{due.kind}", season=word, place=place), False
        )
    late = due.on < reader.today()
    when = f"{due.on.month:02d}/{due.on.year}" if due.kind == "inspection" else reader.short_date(due.on)
    text = translate(reader.language, f"customers.due.{due.kind}", when=when)
    over = f", {translate(reader.language, 'customers.due.over')}" if late else ""
    return DueLine(due.kind, f"{text}{over}", late)
