"""Instants, durations, names and plates as staff reads them, in the reader's language (pure)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal

from carbot_app.kit.i18n import translate

_TINTS = (25, 150, 300, 55, 195, 115, 255)
_PLATE_COUNTRY = {"DE": "D", "AT": "A", "CH": "CH"}
_SECONDS = {"hour": 3600, "minute": 60}
_MINUTE, _HOUR = 60, 3600
_TENTHS_BELOW = 10
"""Seconds below which a tenth matters."""
_PLATE_BREAK = re.compile(r"[-\s]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language, the workshop's zone, and the instant "now"."""

    language: str
    zone: ZoneInfo
    now: datetime

    def ago(self, at: datetime) -> str:
        """Short age for lists: ``4 Min.``, ``1 Std.``, ``Gestern``, ``Mo.``, ``12. Okt.``."""
        passed = self.now - at
        if passed < timedelta(minutes=1):
            return translate(self.language, "inbox.time.now")
        if passed < timedelta(hours=1):
            return _unit(passed, "minute", self.language)
        day, today = self._day(at), self._day(self.now)
        if day == today:
            return _unit(passed, "hour", self.language)
        if day == today - timedelta(days=1):
            return translate(self.language, "inbox.time.yesterday")
        if timedelta(0) < today - day < timedelta(days=7):
            return format_date(day, "ccc", locale=self.language)
        return self.short_date(day)

    def clock(self, at: datetime) -> str:
        """Time of day: ``07:34``."""
        return format_time(at, "short", tzinfo=self.zone, locale=self.language)

    def day(self, at: datetime | date) -> str:
        """A day in a sentence: ``Heute``, ``Gestern``, ``Morgen`` or ``Do., 15. Okt.``."""
        day = self._day(at) if isinstance(at, datetime) else at
        distance = (day - self._day(self.now)).days
        near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get(distance)
        if near:
            return translate(self.language, f"inbox.time.{near}")
        return format_skeleton("MMMEd", day, locale=self.language)

    def day_and_clock(self, at: datetime) -> str:
        """``Heute, 07:38``."""
        return f"{self.day(at)}, {self.clock(at)}"

    def full_date(self, day: date) -> str:
        """``Dienstag, 13. Oktober``."""
        weekday = format_date(day, "EEEE", locale=self.language)
        return f"{weekday}, {format_skeleton('MMMMd', day, locale=self.language)}"

    def short_date(self, day: date) -> str:
        """``12. Okt.``, with the year when it is another one."""
        skeleton = "MMMd" if day.year == self._day(self.now).year else "yMMMd"
        return _write_date(skeleton, day, self.language)

    def date_range(self, first: date, last: date) -> str:
        """``12.–18. Okt. 2026``."""
        return _write_interval(first, last, self.language)

    def weekday_and_number(self, day: date) -> tuple[str, str]:
        """``Do`` and ``15``."""
        return format_date(day, "ccc", locale=self.language).rstrip("."), str(day.day)

    def duration(self, length: timedelta) -> str:
        """``2 Std. 30 Min.``."""
        hours, minutes = divmod(round(length.total_seconds() / 60), 60)
        parts = [_unit(timedelta(hours=hours), "hour", self.language)] if hours else []
        parts += [_unit(timedelta(minutes=minutes), "minute", self.language)] if minutes else []
        return " ".join(parts)

    def today(self) -> date:
        """The workshop's own date."""
        return self._day(self.now)

    def number(self, value: float) -> str:
        """``118.400``."""
        # A zero without a sign
        return _write_number(value or 0, self.language)

    def wait(self, seconds: float) -> tuple[str, str]:
        """A waiting time's figure and unit: ``2,4`` ``Sek.``, ``12`` ``Min.``, ``3,5`` ``Std.``."""
        if seconds < 2 * _MINUTE:
            exact = seconds < _TENTHS_BELOW
            return self.number(round(seconds, 1 if exact else None)), self._unit("seconds")
        if seconds < 2 * _HOUR:
            return self.number(round(seconds / _MINUTE)), self._unit("minutes")
        return self.number(round(seconds / _HOUR, 1)), self._unit("hours")

    def _unit(self, name: str) -> str:
        return translate(self.language, f"analytics.unit.{name}")

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class PlateText:
    """A plate as the chip draws it; ``city`` is empty when there is none."""

    city: str = ""
    rest: str = ""
    country: str = "D"


NO_PLATE = PlateText()


def plate_text(plate: str, country: str) -> PlateText:
    """Split a normalised plate (``DO-AB 123``, ``W-12345A``, ``ZH 123456``)."""
    city, *rest = _PLATE_BREAK.split(plate.strip(), maxsplit=1)
    return PlateText(city, rest[0] if rest else "", _PLATE_COUNTRY.get(country, "D"))


def initials(name: str) -> str:
    """Up to two letters of a name; ``?`` for nobody."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalpha()]
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper() or "?"


def tint(name: str) -> int:
    """Hue of a person's disc, the same on every screen and every day."""
    return _TINTS[sum(name.encode()) % len(_TINTS)]


def heat(temperature: str) -> str:
    """The score meter's level of a lead's temperature."""
    return {"hot": "hot", "warm": "warm"}.get(temperature, "cool")


# A chart words the same few hundred days and numbers again and again, and babel takes its time for each


@lru_cache(maxsize=4096)
def _write_date(skeleton: str, day: date, language: str) -> str:
    return format_skeleton(skeleton, day, locale=language)


@lru_cache(maxsize=1024)
def _write_interval(first: date, last: date, language: str) -> str:
    return format_interval(first, last, "yMMMd", locale=language)


@lru_cache(maxsize=8192, typed=True)
def _write_number(value: float, language: str) -> str:
    return format_decimal(value, locale=language)


def _unit(length: timedelta, unit: Literal["hour", "minute"], language: str) -> str:
    # Begun hours and minutes do not count; Babel would round them up
    seconds = length.total_seconds() // _SECONDS[unit] * _SECONDS[unit]
    return format_timedelta(
        timedelta(seconds=seconds), granularity=unit, threshold=1e9, format="short", locale=language
    )
