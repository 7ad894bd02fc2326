"""Readers of date expressions: each turns the symbols of one expression into (first day, last day)."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import cast


@dataclass(frozen=True, slots=True)
class Symbol:
    """One piece of text with a meaning for dates; `value` depends on the kind."""

    kind: str
    value: int | str | date | time | None
    start: int
    end: int


DayRange = tuple[date | None, date | None]
Reader = Callable[[Sequence[Symbol], date], "DayRange | None"]


def number(symbols: Sequence[Symbol], index: int = 0) -> int:
    numbers = [symbol.value for symbol in symbols if symbol.kind in ("NUM", "ORD")]
    return cast(int, numbers[index]) if numbers else 1


def weekday_named(symbols: Sequence[Symbol], index: int = 0) -> int:
    return cast(int, [symbol.value for symbol in symbols if symbol.kind == "WD"][index])


def next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def monday_of(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def day_of_month(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= today - timedelta(days=45):
            return found
    return None


def month_named(symbols: Sequence[Symbol], index: int = 0) -> int:
    months = [
        5 if symbol.kind == "MAY" else cast(int, symbol.value)
        for symbol in symbols
        if symbol.kind in ("MONTH", "MAY")
    ]
    return months[min(index, len(months) - 1)]


def one(day: date | None) -> "DayRange | None":
    return (day, day) if day else None


def read_month_day(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    days = [
        cast(int, symbol.value)
        for symbol in symbols
        if symbol.kind in ("NUM", "ORD") and cast(int, symbol.value) <= 31
    ]
    if symbols[0].kind == "MONTH" and symbols[-1].end - symbols[-1].start > 2 and symbols[-1].value == 1:
        return None  # "im Januar einen Termin" names no day
    return one(day_of_month(days[0], month_named(symbols), today)) if days else None


def read_month_day_range(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first, last = number(symbols, 0), number(symbols, 1)
    month_count = sum(symbol.kind in ("MONTH", "MAY") for symbol in symbols)
    start = day_of_month(first, month_named(symbols, 0), today)
    end = day_of_month(last, month_named(symbols, month_count - 1), today)
    return (start, end) if start and end and start <= end else None


def read_month_end(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """Beginning (1-10), middle (11-20) or end (21-) of a month."""
    month = month_named(symbols)
    year = today.year if month >= today.month else today.year + 1
    last = calendar.monthrange(year, month)[1]
    kinds = {symbol.kind for symbol in symbols}
    first_day, last_day = (1, 10) if "BEGIN" in kinds else (11, 20) if "MIDDLE" in kinds else (21, last)
    return max(today, date(year, month, first_day)), date(year, month, last_day)


def read_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    month = month_named(symbols)
    year = today.year if month >= today.month else today.year + 1
    first = date(year, month, 1)
    return max(first, today), date(year, month, calendar.monthrange(year, month)[1])


def read_next_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def read_end_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return max(today, last - timedelta(days=6)), last


def weeks_ahead(weeks: int) -> Reader:
    return lambda symbols, today: (monday_of(today, weeks), monday_of(today, weeks) + timedelta(days=4))


def weekday_in_week(weeks: int) -> Reader:
    return lambda symbols, today: one(monday_of(today, weeks) + timedelta(days=weekday_named(symbols)))


def part_of_week(weeks: int) -> Reader:
    def read(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
        kinds = {symbol.kind for symbol in symbols}
        first, last = (0, 1) if "BEGIN" in kinds else (2, 2) if "MIDDLE" in kinds else (3, 4)
        monday = monday_of(today, weeks)
        return max(today, monday + timedelta(days=first)), monday + timedelta(days=last)

    return read


def read_this_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, max(today, monday_of(today, 0) + timedelta(days=4))


def read_weekend(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    weeks = 1 if any(symbol.kind == "NEXT" for symbol in symbols) else 0
    saturday = monday_of(today, weeks) + timedelta(days=5)
    return saturday, saturday + timedelta(days=1)


def read_calendar_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    week = number(symbols)
    if not 1 <= week <= 53:
        return None
    year = today.year if week >= today.isocalendar().week else today.year + 1
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=4)


def read_weekday_range(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first = next_weekday(today, weekday_named(symbols, 0))
    if any(symbol.kind in ("NEXT", "NEXTWEEK") for symbol in symbols):
        first = monday_of(today, 1) + timedelta(days=weekday_named(symbols, 0))
    last = next_weekday(first, weekday_named(symbols, 1))
    return first, last


def read_in_weeks(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return weeks_ahead(number(symbols))(symbols, today) if number(symbols) <= 20 else None


def read_in_days(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return one(today + timedelta(days=number(symbols))) if number(symbols) <= 90 else None


def read_within_weeks(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, today + timedelta(days=7 * number(symbols) - 1)


def read_within_days(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, today + timedelta(days=number(symbols))


def read_next_weekday(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "Next Wednesday" said on Monday is the one of next week; "this" or "coming" is the nearest."""
    nearest = next_weekday(today, weekday_named(symbols))
    in_this_week = nearest < monday_of(today, 1)
    return one(nearest + timedelta(days=7) if in_this_week else nearest)


def weekday_choice(symbols: Sequence[Symbol], today: date) -> DayRange:
    weeks = 7 if any(symbol.kind == "NEXT" for symbol in symbols) else 0
    days = sorted(next_weekday(today, weekday_named(symbols, index)) for index in (0, 1))
    in_this_week = days[1] < monday_of(today, 1)
    return days[0] + timedelta(days=weeks * in_this_week), days[1] + timedelta(days=weeks * in_this_week)


def date_pair(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first, last = (cast(date, symbol.value) for symbol in symbols if symbol.kind == "DATE")
    return (first, last) if first <= last else (last, first)


def day_and_date(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    last = cast(date, next(symbol.value for symbol in symbols if symbol.kind == "DATE"))
    try:
        first = last.replace(day=number(symbols))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def date_and_day(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "On the 21st or 22nd"."""
    first = cast(date, next(symbol.value for symbol in symbols if symbol.kind == "DATE"))
    try:
        last = first.replace(day=number(symbols))
    except ValueError:
        return None
    return (first, last) if first < last and (last - first).days < 15 else None


def part_of_next_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    following = (today.month % 12) + 1
    return read_month_end([*symbols, Symbol("MONTH", following, 0, 0)], today)


def read_week_of(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "The week of 7 December": Monday to Friday around that day."""
    dates = [cast(date, symbol.value) for symbol in symbols if symbol.kind == "DATE"]
    found = (dates[0], dates[0]) if dates else read_month_day(symbols, today)
    if found is None or found[0] is None:
        return None
    monday = found[0] - timedelta(days=found[0].weekday())
    return monday, monday + timedelta(days=4)


def read_week_after(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "The week after the 6th": the first whole working week behind that day."""
    whole = read_week_of(symbols, today)
    return (whole[0] + timedelta(days=7), whole[0] + timedelta(days=11)) if whole and whole[0] else None


def _month_start(symbols: Sequence[Symbol], today: date) -> date:
    month = month_named(symbols)
    return date(today.year if month >= today.month else today.year + 1, month, 1)


def read_week_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """The n-th working week of a month; days before a weekend at its very start are no week."""
    first = _month_start(symbols, today)
    monday = monday_of(first, 0 if first.weekday() < 4 else 1) + timedelta(weeks=number(symbols) - 1)
    return (max(first, monday), monday + timedelta(days=4)) if number(symbols) <= 5 else None


def _nth_of_month(first: date, weekday: int, nth: int) -> date | None:
    day = next_weekday(first - timedelta(days=1), weekday) + timedelta(weeks=nth - 1)
    return day if day.month == first.month else None


def read_weekend_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    saturday = _nth_of_month(_month_start(symbols, today), 5, number(symbols))
    return (saturday, saturday + timedelta(days=1)) if saturday else None


def read_weekday_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "The first Monday in January"."""
    return one(_nth_of_month(_month_start(symbols, today), weekday_named(symbols), number(symbols)))


def read_weekday_and_day(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "Friday the fourth": the next such day which is that weekday."""
    for days in range(1, 100):
        day = today + timedelta(days=days)
        if day.day == number(symbols) and day.weekday() == weekday_named(symbols):
            return one(day)
    return None


def read_day_alone(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "The thirtieth": the next day of that number."""
    for days in range(1, 62):
        day = today + timedelta(days=days)
        if day.day == number(symbols):
            return one(day)
    return None


def read_day_before(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    named = read_date(symbols, today) if symbols[-1].kind == "DATE" else read_month_day(symbols, today)
    return one(named[0] - timedelta(days=1)) if named and named[0] else None


def read_weekday_in_weeks(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "Saturday in two weeks"."""
    return weekday_in_week(number(symbols))(symbols, today) if number(symbols) <= 12 else None


def weekday_later(days: int) -> Reader:
    """ "Tuesday week": that many days after the next one."""
    return lambda symbols, today: one(next_weekday(today, weekday_named(symbols)) + timedelta(days=days))


def read_day_in_weeks(days: int) -> Reader:
    """ "Today in a week" (`days` 0), "tomorrow in two weeks" (1)."""
    return lambda symbols, today: one(today + timedelta(days=days, weeks=number(symbols)))


def read_rest_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, today.replace(day=calendar.monthrange(today.year, today.month)[1])


def read_rest_of_year(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, date(today.year, 12, 31)


def read_between_years(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """The working days between Christmas and New Year."""
    return date(today.year, 12, 27), date(today.year, 12, 31)


def part_of_new_year(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "Early next year"; its end says nothing an appointment could use."""
    begins = any(symbol.kind == "BEGIN" for symbol in symbols)
    return (date(today.year + 1, 1, 1), date(today.year + 1, 1, 31)) if begins else None


def read_this_or_next_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """From today until Friday of next week."""
    return today, monday_of(today, 1) + timedelta(days=4)


def read_christmas(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """Before Christmas: until 23 December; after it: from the 27th on."""
    if any(symbol.kind in ("AFTER", "AFTERPOST") for symbol in symbols):
        return date(today.year, 12, 27), None
    return today, date(today.year, 12, 23)


def read_new_year(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """After New Year: from 1 January on; before it: until 31 December."""
    if any(symbol.kind in ("BEFORE", "BEFOREPOST") for symbol in symbols):
        return today, date(today.year, 12, 31)
    return date(today.year + 1, 1, 1), None


def read_date(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """A full date."""
    return one(cast(date, next(symbol.value for symbol in symbols if symbol.kind == "DATE")))


def days_ahead(days: int) -> Reader:
    """Today, tomorrow, the day after."""
    return lambda symbols, today: one(today + timedelta(days=days))


def read_day_of_this_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """A weekday of this week, today included."""
    return one(next_weekday(today - timedelta(days=1), weekday_named(symbols)))
