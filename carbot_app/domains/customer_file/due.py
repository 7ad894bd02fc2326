"""What a car needs next, from what is known of it (pure)."""

from collections.abc import Collection
from datetime import date

from carbot_app.domains.customer_file.schemas import Due

SERVICE_CODES = ("ENG-INS", "ENG-OIL")
"""Work that is due again a year later, which every maker asks for at the latest."""


def next_due(
    *, inspection: date | None, last_service: date | None, stored: Collection[tuple[str, str]]
) -> tuple[Due, ...]:
    """Inspection and service by day, then stored wheels (season and place)."""
    dated = []
    if inspection is not None:
        dated.append(Due("inspection", inspection))
    if last_service is not None:
        dated.append(Due("service", year_after(last_service)))
    dated.sort(key=lambda due: due.on or date.max)
    return (*dated, *(Due("tyres", None, f"{season} {place}") for season, place in sorted(stored)))


def year_after(day: date) -> date:
    """The same day of the next year; after 29 February the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def is_service(codes: Collection[str]) -> bool:
    """Whether a visit was a service that is due again."""
    return any(code.startswith(SERVICE_CODES) for code in codes)
