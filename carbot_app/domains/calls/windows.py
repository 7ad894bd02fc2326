"""When a call can be asked for: windows of two hours while the workshop is open (pure).

Counted in the quarter-hour cells of booking.slots, so a window is two hours long in the nights of the clock
change as well.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import CELL_MINUTES, cell_before, days_from, instant_of
from carbot_app.domains.calls.schemas import SOON, CallWindow

_HOUR = 60 // CELL_MINUTES
LENGTH = 2 * _HOUR
SHORTEST = _HOUR
"""The last window before closing may be this short, and so much of one must be left to still be asked for."""
OFFERED_DAYS = 3
HORIZON_DAYS = 30
"""Longer than any workshop is closed over Christmas."""


def offer_windows(rules: OpeningRules, now: datetime) -> list[CallWindow]:
    """As soon as possible, then the windows still to begin on the next days somebody is there."""
    offered, days = [as_soon_as_possible(rules, now)], 0
    for on in days_from(rules.local_date(now), HORIZON_DAYS):
        coming = [window for window in _windows_on(rules, on) if window.starts_at >= now]
        offered += coming
        days += bool(coming)
        if days == OFFERED_DAYS:
            break
    return offered


def as_soon_as_possible(rules: OpeningRules, now: datetime) -> CallWindow:
    """The next two opening hours; a day from now where nobody knows opening hours."""
    first, left = None, LENGTH
    for on in days_from(rules.local_date(now), HORIZON_DAYS):
        for opens, closes in rules.windows_on(on):
            begins = max(opens, cell_before(now))
            if begins >= closes:
                continue
            first = max(now, instant_of(opens)) if first is None else first
            if closes - begins >= left:
                return CallWindow(first, instant_of(begins + left), soon=True)
            left -= closes - begins
    return CallWindow(first or now, now + timedelta(days=1), soon=True)


def find_window(rules: OpeningRules, key: str, now: datetime) -> CallWindow | None:
    """The window of a key somebody was offered; None when there is none or hardly any of it is left."""
    if key == SOON:
        return as_soon_as_possible(rules, now)
    try:
        starts_at = datetime.strptime(key, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    if abs(starts_at - now) > timedelta(days=HORIZON_DAYS):
        return None
    found = next(
        (one for one in _windows_on(rules, rules.local_date(starts_at)) if one.starts_at == starts_at), None
    )
    left = timedelta(minutes=SHORTEST * CELL_MINUTES)
    return found if found is not None and found.ends_at - now >= left else None


def window_around(rules: OpeningRules, wished: datetime, now: datetime) -> CallWindow | None:
    """The window a wished time falls into, else the first one after it that day."""
    if abs(wished - now) > timedelta(days=HORIZON_DAYS):
        return None
    day = rules.local_date(wished)
    left = timedelta(minutes=SHORTEST * CELL_MINUTES)
    possible = (window for window in _windows_on(rules, day) if window.ends_at - now >= left)
    return next((window for window in possible if window.ends_at > wished), None)


def _windows_on(rules: OpeningRules, on: date) -> Iterator[CallWindow]:
    for opens, closes in rules.windows_on(on):
        # Every zone we serve is off by whole hours, so a full hour here is one on the clock
        begins = -(-opens // _HOUR) * _HOUR
        while closes - begins >= SHORTEST:
            ends = min(begins + LENGTH, closes)
            yield CallWindow(instant_of(begins), instant_of(ends))
            begins += LENGTH
