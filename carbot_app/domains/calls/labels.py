"""A window as people say it: ``Heute, 14–16 Uhr``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_interval

from carbot_app.domains.booking.labels import day_label, said_time
from carbot_app.domains.calls.schemas import CallWindow
from carbot_app.kit.i18n import supported, translate

_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def window_label(window: CallWindow, now: datetime, zone: ZoneInfo, language: str) -> str:
    """``Heute, 14–16 Uhr``, ``So bald wie möglich``, ``So bald wie möglich, ab morgen, 7:30 Uhr``."""
    language = supported(language)
    day = _day(window.starts_at, now, zone, language)
    if not window.soon:
        return f"{day}, {hours_label(window.starts_at, window.ends_at, zone, language)}"
    if window.starts_at <= now:
        return translate(language, "calls.soon")
    return translate(language, "calls.soon_from", day=day, time=said_time(window.starts_at, zone, language))


def hours_label(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, language: str) -> str:
    """``14–16 Uhr``, ``16–17:30 Uhr``, ``2–4 pm``, ``14:00–16:00``."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if language == "de":
        hours = [f"{at.hour}:{at:%M}" if at.minute else str(at.hour) for at in (start, end)]
        return f"{hours[0]}–{hours[1]} Uhr"
    if language != "en":
        return f"{start:%H:%M}–{end:%H:%M}"
    pattern = "hm" if start.minute or end.minute else "h"
    said = format_interval(start.replace(tzinfo=None), end.replace(tzinfo=None), pattern, locale="en_GB")
    return said.replace("\u2009", "").replace("\u202f", " ")


def _day(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    on = at.astimezone(zone).date()
    near = _NEAR.get((on - now.astimezone(zone).date()).days)
    return translate(language, f"inbox.time.{near}") if near else day_label(on, language)
