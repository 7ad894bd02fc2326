"""Checks that an answer states no price, time or date that a tool did not return in this turn (pure)."""

import re
from datetime import date, datetime, time, timedelta

from carbot_app.domains.conversations.claims import Claims, read_claims
from carbot_app.domains.conversations.facts import FactSheet

_PAUSE = re.compile(r"[.!?:…]+\s+|\n+")
_ABBREVIATION = re.compile(r"(?:^|\W)(?:\w{1,4}|\d+)$")
"""What may stand before a full stop that ends no sentence: ``Nov.``, ``26.``, ``inkl.``"""
_OFFERS_TIME = re.compile(
    r"\b(?:frei\w*|termin\w*|geöffnet|offen|geschlossen|zu|vorbeikommen|bringen|free|available|appointment\w*|open|closed|slot\w*|come"
    r"|boş\w*|müsait\w*|randevu\w*|açık\w*|kapalı\w*|gelebilir\w*|getir\w*|wolne?\w*|termin\w*|otwart\w*|zamknięt\w*|czynne?\w*|przyjech\w*)\b",
    re.IGNORECASE,
)


def unsupported_claims(text: str, sheet: FactSheet, now: datetime) -> tuple[str, ...]:
    """Kinds of claims in ``text`` that no fact covers: price, time, date, weekday. Empty: all is covered.

    ``now`` is in the workshop's zone. A time and a day in one sentence must belong together in the facts.
    """
    found: list[str] = []
    for sentence in split_sentences(sheet.without_quotations(text)):
        if sheet.quotes(sentence):
            continue
        claims = read_claims(sentence, now.date())
        found += _check(claims, sheet, now, offers=bool(_OFFERS_TIME.search(sentence)))
    return tuple(dict.fromkeys(found))


def split_sentences(text: str) -> list[str]:
    """Sentences with their blanks; together they are the text. ``Do, 26. Nov., 8:00 Uhr`` stays whole."""
    sentences: list[str] = []
    start = 0
    for pause in _PAUSE.finditer(text):
        if pause[0].startswith(".") and _ABBREVIATION.search(text[start : pause.start()]):
            continue
        sentences.append(text[start : pause.end()])
        start = pause.end()
    return [*sentences, text[start:]] if start < len(text) else sentences


def _check(claims: Claims, sheet: FactSheet, now: datetime, *, offers: bool) -> list[str]:
    wrong: list[str] = []
    if any(cents not in sheet.money_cents for cents in claims.money_cents):
        wrong.append("price")
    relative = [now.date() + timedelta(days=offset) for offset in claims.relative_days]
    known_days = {moment.date() for moment in sheet.moments}
    named = [day for day in claims.dates if day is not None]
    if len(named) < len(claims.dates) or any(day not in known_days | sheet.closed_on for day in named):
        wrong.append("date")
    if (offers or claims.clocks) and any(not _day_known(day, sheet) for day in relative):
        wrong.append("date")
    known_weekdays = {day.isoweekday() for day in known_days} | set(sheet.hours)
    if any(day not in known_weekdays for day in claims.weekdays):
        wrong.append("weekday")
    if any(not _clock_known(clock, claims, [*named, *relative], sheet) for clock in claims.clocks):
        wrong.append("time")
    return wrong


def _day_known(day: date, sheet: FactSheet) -> bool:
    return day in {moment.date() for moment in sheet.moments} or day.isoweekday() in sheet.hours


def _clock_known(clock: time | None, claims: Claims, days: list[date], sheet: FactSheet) -> bool:
    """Whether a tool named the time, on a day the sentence names where it names any."""
    if clock is None:
        return False
    on_slot = [moment for moment in sheet.moments if moment.time().replace(second=0, microsecond=0) == clock]
    opening = [day for day, times in sheet.hours.items() if f"{clock:%H:%M}" in times]
    if not days and not claims.weekdays:
        return bool(on_slot or opening)
    if days:
        return any(moment.date() in days for moment in on_slot) or any(
            day.isoweekday() in opening for day in days
        )
    return any(moment.isoweekday() in claims.weekdays for moment in on_slot) or bool(
        set(opening) & set(_spanned(claims.weekdays))
    )


def _spanned(weekdays: tuple[int, ...]) -> range:
    """``Montag bis Freitag`` names two days and means five."""
    return range(min(weekdays), max(weekdays) + 1)
