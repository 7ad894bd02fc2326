"""Until when a thread may be put out of the way (pure)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import instant_of

CHOICES = ("later", "tomorrow", "next_week")
_LATER = timedelta(hours=3)
_MORNING = time(8)
_LAST_HOUR = 18


def snooze_choices(rules: OpeningRules, now: datetime) -> dict[str, datetime]:
    """Choice → instant in UTC. A morning begins when the workshop opens that day, else at eight.

    ``later`` only while today is long enough, ``next_week`` unless that is tomorrow.
    """
    local = now.astimezone(rules.zone)
    later = (local + _LATER).replace(minute=0, second=0, microsecond=0)
    choices = {}
    if later.date() == local.date() and later.hour <= _LAST_HOUR:
        choices["later"] = later.astimezone(UTC)
    choices["tomorrow"] = morning_of(rules, local.date() + timedelta(days=1))
    monday = morning_of(rules, local.date() + timedelta(days=7 - local.weekday()))
    if monday != choices["tomorrow"]:
        choices["next_week"] = monday
    return choices


def morning_of(rules: OpeningRules, day: date) -> datetime:
    """When work begins that day, in UTC."""
    windows = rules.windows_on(day)
    return instant_of(windows[0][0]) if windows else _at(day, _MORNING, rules.zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
