"""What happens with car and customer during a visit, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.labels import said_time, slot_label
from carbot_app.kit.i18n import translate


def stay_lines(
    starts_at: datetime, ends_at: datetime, *, waiting: bool, loaner: bool, zone: ZoneInfo, language: str
) -> tuple[str, ...]:
    """``Auto abgeben bis 8:00 Uhr, fertig gegen 12:00 Uhr.``, with the day when it is ready on another."""
    same_day = starts_at.astimezone(zone).date() == ends_at.astimezone(zone).date()
    ready = said_time(ends_at, zone, language) if same_day else slot_label(ends_at, zone, language)
    key = "waiting" if waiting else "drop_off"
    lines = [
        translate(language, f"platform.stay.{key}", start=said_time(starts_at, zone, language), ready=ready)
    ]
    if loaner:
        lines.append(translate(language, "platform.stay.loaner"))
    return tuple(lines)
