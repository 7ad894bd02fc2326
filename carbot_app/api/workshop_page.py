"""What a workshop's public pages say before any script runs, from the workshop's own record."""

from collections.abc import Iterable, Sequence

from carbot_app.api.page_templates import PublicPage, Rows
from carbot_app.domains.catalog.schemas import Offer
from carbot_app.domains.team.hours import describe_week
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.colour import AccentRefused, accent_style
from carbot_app.kit.i18n import translate

_SCHEMA_DAYS = {"1": "Mo", "2": "Tu", "3": "We", "4": "Th", "5": "Fr", "6": "Sa", "7": "Su"}
_TOPICS = {
    "": "start",
    "termin": "termin",
    "chat": "chat",
    "datenschutz": "privacy",
    "impressum": "imprint",
    "widerruf": "withdrawal",
    "widerrufsbelehrung": "withdrawal_info",
}
_IMPRINT = ("represented_by", "register_entry", "vat_id", "chamber")


def workshop_page(
    workshop: WorkshopView, page: str, language: str, offers: Sequence[Offer] = (), model_host: str = ""
) -> PublicPage:
    """Title, description, facts and lists of one page (``termin``, ``chat`` …) in a language.

    ``model_host``: where customers' messages go for an answer; empty when that is this server.
    """
    named = {"workshop": workshop.name, "city": workshop.city}
    topic = _TOPICS.get(page, "termin")
    title = "title_city" if workshop.city else "title"
    return PublicPage(
        workshop=workshop.name,
        title=translate(language, f"platform.public.{topic}.{title}", **named),
        description=translate(language, f"platform.public.{topic}.description", **named),
        street=workshop.street,
        postal_code=workshop.postal_code,
        city=workshop.city,
        country=workshop.country,
        phone=workshop.phone,
        email=workshop.email,
        opening_hours=schema_opening_hours(workshop.opening_hours),
        extra_facts=(
            *frame_facts(workshop, language),
            ("legal_name", workshop.legal_form or workshop.name),
            ("online_booking", workshop.online_booking),
        ),
        lists=(
            ("hours", _rows(("day", "time"), describe_week(workshop.opening_hours, language))),
            ("services", offer_rows(offers)),
            ("imprint", _imprint(workshop, language) if topic == "imprint" else ()),
            ("assistant", _assistant(language, model_host) if topic == "privacy" else ()),
        ),
    )


def frame_facts(workshop: WorkshopView, language: str) -> tuple[tuple[str, str], ...]:
    """What the header and footer of every public page show."""
    rated = {"rating": workshop.rating, "count": workshop.rating_count}
    return (
        ("slug", workshop.slug),
        ("language", language),
        ("plate_country", {"DE": "D", "AT": "A"}.get(workshop.country, workshop.country)),
        ("initial", workshop.name[:1].upper()),
        ("short_name", workshop.short_name or workshop.name),
        ("phone_href", workshop.phone_href),
        ("mail_href", f"mailto:{workshop.email}" if workshop.email else ""),
        ("address", workshop.address),
        ("rating", workshop.rating),
        ("rating_text", translate(language, "platform.public.rating", **rated) if workshop.rating else ""),
        ("chamber", workshop.chamber),
        ("withdraw_href", f"/w/{workshop.slug}/widerruf/" if workshop.takes_withdrawals else ""),
        *((name.removeprefix("--").replace("-", "_"), value) for name, value in _accent(workshop).items()),
    )


def offer_rows(offers: Iterable[Offer]) -> Rows:
    """Services as the booking page lists them before the car is known."""
    return _rows(
        ("code", "name", "detail", "price"),
        ((o.service.code, o.service.name, o.service.description, o.quote.text) for o in offers),
    )


def schema_opening_hours(hours: dict[str, list[list[str]]]) -> tuple[str, ...]:
    """schema.org/openingHours, e.g. ``Mo 07:30-12:00``, one entry per day and span."""
    return tuple(
        f"{day} {opens}-{closes}"
        for weekday, day in _SCHEMA_DAYS.items()
        for opens, closes in hours.get(weekday, [])
    )


def _imprint(workshop: WorkshopView, language: str) -> Rows:
    """The facts of § 5 DDG the workshop has given beside name, address and contact."""
    given = ((name, getattr(workshop, name)) for name in _IMPRINT)
    return _rows(
        ("label", "value"),
        ((translate(language, f"platform.imprint.{name}"), value) for name, value in given if value),
    )


def _assistant(language: str, model_host: str) -> Rows:
    """The sentence of the privacy page that depends on which assistant answers."""
    key = "legal.privacy.ai_remote" if model_host else "legal.privacy.ai_local"
    return _rows(("text",), [(translate(language, key, host=model_host),)])


def _accent(workshop: WorkshopView) -> dict[str, str]:
    try:
        return accent_style(workshop.accent_hue, workshop.accent_chroma)
    except AccentRefused:
        return accent_style(215, 0.09)


def _rows(columns: Sequence[str], values: Iterable[Sequence[str]]) -> Rows:
    return tuple(tuple(zip(columns, row, strict=True)) for row in values)
