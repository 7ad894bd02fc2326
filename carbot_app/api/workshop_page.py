"""What a workshop's public pages say before any script runs, from the workshop's own record."""

from carbot_app.api.page_templates import PublicPage
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.i18n import translate

_SCHEMA_DAYS = {"1": "Mo", "2": "Tu", "3": "We", "4": "Th", "5": "Fr", "6": "Sa", "7": "Su"}


def workshop_page(workshop: WorkshopView, page: str, language: str) -> PublicPage:
    """Title, description and facts of one page (``termin``, ``chat`` or any other) in a language."""
    named = {"workshop": workshop.name, "city": workshop.city}
    topic = page if page in ("termin", "chat") else "termin"
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
            ("short_name", workshop.short_name),
            ("phone_href", workshop.phone_href),
            ("address", workshop.address),
            ("accent_hue", f"{workshop.accent_hue:g}"),
            ("accent_chroma", f"{workshop.accent_chroma:g}"),
        ),
    )


def schema_opening_hours(hours: dict[str, list[list[str]]]) -> tuple[str, ...]:
    """schema.org/openingHours, e.g. ``Mo 07:30-12:00``, one entry per day and span."""
    return tuple(
        f"{day} {opens}-{closes}"
        for weekday, day in _SCHEMA_DAYS.items()
        for opens, closes in hours.get(weekday, [])
    )
