"""Days and times as people say them, in the languages of the chat."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.units import format_unit

from carbot_app.kit.languages import CHAT_LANGUAGES, LANGUAGES

# British English writes "am" in lower case; the order of month and day is set by the pattern.
_LOCALES = {
    language: Locale.parse("en_GB" if language == "en" else language)
    for language in (*LANGUAGES, *CHAT_LANGUAGES)
}
_DAY = {
    "de": "ccc, d. MMM", "en": "EEE, MMM d", "tr": "d MMM EEE", "pl": "EEE, d MMM",
    **dict.fromkeys(CHAT_LANGUAGES, "EEE d MMM"),
}  # fmt: skip
_DATE = {
    "de": "EEEE, d. MMMM", "en": "EEEE, MMMM d", "tr": "d MMMM EEEE", "pl": "EEEE, d MMMM",
    **dict.fromkeys(CHAT_LANGUAGES, "EEEE d MMMM"),
}  # fmt: skip
_TIME = {"de": "H:mm", "en": "h:mm a", "tr": "HH:mm", "pl": "H:mm", **dict.fromkeys(CHAT_LANGUAGES, "H:mm")}
_SAID_TIME = {**_TIME, "de": "H:mm 'Uhr'"}


def day_label(on: date, language: str) -> str:
    """``Do, 15. Okt.`` / ``Thu, Oct 15`` / ``15 Eki Per`` / ``czw., 15 paź``."""
    return _day(on, _known(language))


def time_label(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """``8:00`` for a button; English ``8:00 am``, Turkish ``08:00``."""
    language = _known(language)
    return _clock(_local_time(instant, zone), _TIME[language], language)


def said_time(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Within a sentence: ``8:00 Uhr``, ``8:00 am``, ``08:00``."""
    language = _known(language)
    return _clock(_local_time(instant, zone), _SAID_TIME[language], language)


def slot_label(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """``Do, 15. Okt., 8:00 Uhr``, ``Thu, Oct 15, 8:00 am``, ``15 Eki Per, 08:00``, ``czw., 15 paź, 8:00``."""
    language = _known(language)
    said = said_time(instant, zone, language)
    return f"{_day(instant.astimezone(zone).date(), language)}, {said}"


# A page shows hundreds of times but few different ones, and formatting one takes as long as finding it.
@lru_cache(maxsize=1024)
def _day(on: date, language: str) -> str:
    return format_date(on, _DAY[language], locale=_LOCALES[language])


@lru_cache(maxsize=2048)
def _clock(local: time, pattern: str, language: str) -> str:
    return format_time(local, pattern, locale=_LOCALES[language])


def _local_time(instant: datetime, zone: ZoneInfo) -> time:
    local = instant.astimezone(zone)
    return time(local.hour, local.minute)


def weekday_label(on: date, language: str) -> str:
    """``Do`` / ``Thu`` / ``Per`` / ``czw``, without a full stop."""
    return format_date(on, "ccc", locale=_LOCALES[_known(language)]).rstrip(".")


def month_label(on: date, language: str) -> str:
    """``Oktober 2026``."""
    return format_date(on, "LLLL yyyy", locale=_LOCALES[_known(language)])


def date_label(on: date, language: str) -> str:
    """``Donnerstag, 15. Oktober`` in the order of the language."""
    language = _known(language)
    return format_date(on, _DATE[language], locale=_LOCALES[language])


def duration_label(minutes: int, language: str) -> str:
    """``45 Min.``, ``1 Std. 15 Min.``."""
    locale = _LOCALES[_known(language)]
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "duration-hour"), (rest, "duration-minute")]
    return " ".join(format_unit(n, unit, length="short", locale=locale) for n, unit in parts if n)


def _known(language: str) -> str:
    return language if language in _LOCALES else "de"


def moment_label(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """For documents: ``23. November 2026, 9:00 Uhr``."""
    return (
        f"{full_date_label(instant.astimezone(zone).date(), language)}, {said_time(instant, zone, language)}"
    )


def full_date_label(on: date, language: str) -> str:
    """``23. November 2026``."""
    return format_date(on, "long", locale=_LOCALES[_known(language)])


def booking_link(public_url: str, slug: str, service_code: str) -> str:
    """Address of a workshop's booking page with a service chosen."""
    return f"{public_url}/w/{slug}/termin/?services={service_code}"
