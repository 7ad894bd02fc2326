"""What is due on a car as pages show it (pure)."""

from dataclasses import dataclass

from babel.dates import format_skeleton

from carbot_app.domains.diagnostics.maintenance import LATER
from carbot_app.domains.diagnostics.maintenance_offers import BOOKED, KEPT, Suggestion
from carbot_app.domains.diagnostics.maintenance_service import DueList, DueView
from carbot_app.kit.i18n import translate
from carbot_app.state.wording import Reader

_MOST = 8
_ICONS = {"kept": "clock", "booked": "calendar-check", "undelivered": "triangle-alert"}


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing to do."""

    key: str
    name: str
    why: str
    urgency: str
    """overdue, now, soon or later."""
    urgency_text: str
    when: str
    """``Mai 2027 · 135.000 km``; empty where neither is known."""
    price: str


@dataclass(frozen=True, slots=True)
class DueSheet:
    """The most urgent work, and what of it is still far away only counted."""

    rows: tuple[DueRow, ...] = ()
    km: str = ""
    """As projected for today, in words; empty: unknown."""
    later: int = 0
    suggestion: str = ""
    """Whether the owner is told by itself, or what became of it, in words."""
    suggestion_icon: str = "mail"


def describe_due(found: DueList, reader: Reader) -> DueSheet:
    """The list of one car."""
    language = reader.language
    near = [_row(one, reader) for one in found.items if one.urgency != LATER][:_MOST]
    words = "km_assumed" if found.km_assumed else "km"
    return DueSheet(
        rows=tuple(near),
        km=translate(language, f"maintenance.{words}", km=reader.number(found.km)) if found.km else "",
        later=len(found.items) - len(near),
        suggestion=_suggestion(found.suggestion, reader),
        suggestion_icon=_ICONS.get(found.suggestion.state, "mail"),
    )


def _row(one: DueView, reader: Reader) -> DueRow:
    day = format_skeleton("yMMM", one.due_on, locale=reader.language) if one.due_on else ""
    km = f"{reader.number(one.due_km)} km" if one.due_km else ""
    return DueRow(
        key=f"{one.work} {one.service} {one.why}",
        name=one.name,
        why=one.why,
        urgency=one.urgency,
        urgency_text=translate(reader.language, f"diagnostic_codes.due.urgency.{one.urgency}"),
        when=" · ".join(filter(None, (day, km))),
        price=one.quote.text if one.quote else "",
    )


def _suggestion(found: Suggestion, reader: Reader) -> str:
    is_time = found.state in {KEPT, BOOKED}
    return translate(
        reader.language,
        f"maintenance_offer.suggestion.{found.state}",
        day=reader.short_date(found.at.astimezone(reader.zone).date()) if found.at and not is_time else "",
        when=reader.day_and_clock(found.at) if found.at and is_time else "",
        until=reader.day_and_clock(found.until) if found.until else "",
    )
