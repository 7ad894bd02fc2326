"""What stands on the protocol of a car that came in, in the words of its owner (pure)."""

from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.orders.check_in_rules import VIEWS, WHEELS
from carbot_app.domains.orders.check_in_schemas import CheckInView, Protocol, Section
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate

_TERMS = ("repair", "test_drive", "no_test_drive", "old_parts", "no_old_parts", "data")


def protocol_of(
    view: CheckInView, workshop: Workshop, signature: bytes, photos: tuple[bytes, ...] = ()
) -> Protocol:
    """The protocol; unsigned ones say so."""
    words = partial(translate, view.language)
    zone = ZoneInfo(workshop.timezone)
    left_out = {
        "no_test_drive" if view.facts.test_drive else "test_drive",
        "no_old_parts" if view.facts.keep_old_parts else "old_parts",
    }
    signed = words("checkin.unsigned")
    if view.signed_at is not None:
        when = slot_label(view.signed_at, zone, view.language)
        signed = words("checkin.signed", when=when, name=view.signed_name, by=view.taken_by)
    return Protocol(
        language=view.language,
        title=f"{words('checkin.title')} {view.number}",
        workshop=workshop.legal_form or workshop.name,
        address=f"{workshop.street}, {workshop.postal_code} {workshop.city}",
        plate=view.plate,
        car=view.model,
        sections=_sections(view, zone),
        views=tuple((name, words(f"checkin.view.{name}")) for name in VIEWS),
        marks=tuple(
            (
                mark.view,
                mark.x,
                mark.y,
                " · ".join(filter(None, (words(f"checkin.mark.{mark.kind}"), mark.note))),
            )
            for mark in view.facts.marks
        ),
        marks_title=words("checkin.marks" if view.facts.marks else "checkin.no_marks"),
        terms=tuple(words(f"checkin.terms.{name}") for name in _TERMS if name not in left_out),
        signed=signed,
        signature=signature,
        photos=photos,
        photos_title=words("checkin.photos"),
    )


def _sections(view: CheckInView, zone: ZoneInfo) -> tuple[Section, ...]:
    words, facts = partial(translate, view.language), view.facts
    figure = partial(format_decimal, locale=view.language)
    percents = (("fuel", facts.fuel_percent), ("charge", facts.charge_percent))
    state = [("customer", view.customer), ("km", f"{figure(facts.km)} km" if facts.km is not None else "")]
    state += [(name, f"{percent} %" if percent is not None else "") for name, percent in percents]
    state += [("belongings", facts.belongings), ("remark", facts.remark)]
    seen = ", ".join(words(f"checkin.seen.{code}") for code in facts.observations)
    state.append(("observations", seen))
    tread = [
        (words(f"checkin.wheel.{wheel}"), f"{figure(Decimal(facts.tread[wheel]) / 10, format='0.0')} mm")
        for wheel in WHEELS
        if wheel in facts.tread
    ]
    added = [(f"{slot_label(one.at, zone, view.language)}, {one.by}", one.text) for one in view.addenda]
    found = (
        Section(
            words("checkin.state"), tuple((words(f"checkin.{name}"), text) for name, text in state if text)
        ),
        Section(words("checkin.tread"), tuple(tread)),
        Section(words("checkin.addenda"), tuple(added)),
    )
    return tuple(section for section in found if section.rows)
