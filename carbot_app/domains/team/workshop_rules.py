"""What a workshop's settings may say; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import holidays

from carbot_app.domains.team.contacts import parse_email, phone_link
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.online_booking import WITHDRAWAL_COUNTRIES
from carbot_app.domains.team.schemas import WorkshopSettings, WorkshopView
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line

COUNTRIES = {
    "DE": ("Europe/Berlin", "EUR"),
    "AT": ("Europe/Vienna", "EUR"),
    "CH": ("Europe/Zurich", "CHF"),
}
"""Country → (time zone, currency)."""

MAX_CHROMA = 0.2
_LIMITS = {
    "name": 120,
    "short_name": 40,
    "legal_form": 120,
    "represented_by": 120,
    "street": 120,
    "postal_code": 10,
    "city": 80,
    "phone": 40,
    "website": 200,
    "vat_id": 20,
    "register_entry": 120,
    "chamber": 160,
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEBSITE = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def clean_settings(settings: WorkshopSettings) -> WorkshopSettings:
    """Checked and tidied settings.

    Raises:
        Invalid: naming the field.
    """
    lines = {
        name: single_line(getattr(settings, name), field=name, limit=limit, required=name == "name")
        for name, limit in _LIMITS.items()
    }
    settings = replace(settings, **lines)
    if settings.country not in COUNTRIES:
        raise Invalid("country_unknown", field="country")
    if settings.region and settings.region not in holidays.list_supported_countries()[settings.country]:
        raise Invalid("region_unknown", field="region")
    if settings.phone and not phone_link(settings.phone, settings.country):
        raise Invalid("phone_invalid", field="phone")
    if settings.website and not _WEBSITE.fullmatch(settings.website):
        raise Invalid("website_invalid", field="website")
    if not 0 <= settings.accent_hue <= 360:
        raise Invalid("accent_invalid", field="accent_hue")
    if not 0 <= settings.accent_chroma <= MAX_CHROMA:
        raise Invalid("accent_invalid", field="accent_chroma")
    return replace(
        settings,
        email=parse_email(settings.email) if settings.email.strip() else "",
        opening_hours=clean_opening_hours(settings.opening_hours),
    )


def clean_opening_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Weekday "1".."7" → spans in order; days without spans are left out.

    Raises:
        Invalid: ``hours_invalid``: unknown day, malformed time, end before start or overlap.
    """
    cleaned = {}
    for day, spans in sorted(hours.items()):
        if day not in {"1", "2", "3", "4", "5", "6", "7"}:
            raise Invalid("hours_invalid", field="opening_hours")
        times = [time for span in sorted(map(list, spans)) for time in _checked_span(span)]
        if times != sorted(set(times)):
            raise Invalid("hours_invalid", field="opening_hours")
        if times:
            cleaned[day] = [times[i : i + 2] for i in range(0, len(times), 2)]
    return cleaned


def _checked_span(span: Sequence[Any]) -> Sequence[str]:
    if len(span) != 2 or not all(isinstance(time, str) and _TIME.fullmatch(time) for time in span):
        raise Invalid("hours_invalid", field="opening_hours")
    return span


def workshop_view(row: Workshop) -> WorkshopView:
    """Row to view."""
    return WorkshopView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        short_name=row.short_name or row.name,
        legal_form=row.legal_form,
        represented_by=row.represented_by,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        country=row.country,
        region=row.region,
        phone=row.phone,
        phone_href=phone_link(row.phone, row.country),
        email=row.email,
        website=row.website,
        vat_id=row.vat_id,
        register_entry=row.register_entry,
        chamber=row.chamber,
        timezone=row.timezone,
        currency=row.currency,
        language=row.language,
        accent_hue=row.accent_hue,
        accent_chroma=row.accent_chroma,
        opening_hours=row.opening_hours,
        assistant_on=row.assistant_on,
        rating=row.rating,
        rating_count=row.rating_count,
        online_booking=row.online_booking,
        takes_withdrawals=row.binding_since is not None and row.country in WITHDRAWAL_COUNTRIES,
    )
