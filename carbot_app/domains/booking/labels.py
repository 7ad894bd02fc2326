"""Days and times as people say them, in four languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

# British English writes "am" in lower case; the order of month and day is set by the pattern.
_LOCALES = {
    language: Locale.parse(name)
    for language, name in {"de": "de", "en": "en_GB", "tr": "tr", "pl": "pl"}.items()
}
_DAY = {"de": "ccc, d. MMM", "en": "EEE, MMM d", "tr": "d MMM EEE", "pl": "EEE, d MMM"}
_TIME = {"de": "H:mm", "en": "h:mm a", "tr": "HH:mm", "pl": "H:mm"}
_SAID_TIME = {**_TIME, "de": "H:mm 'Uhr'"}


def day_label(on: date, language: str) -> str:
    """``Do, 15. Okt.`` / ``Thu, Oct 15`` / ``15 Eki Per`` / ``czw., 15 paź``."""
    language = _known(language)
    return format_date(on, _DAY[language], locale=_LOCALES[language])


def time_label(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """``8:00`` for a button; English ``8:00 am``, Turkish ``08:00``."""
    language = _known(language)
    return format_time(instant, _TIME[language], tzinfo=zone, locale=_LOCALES[language])


def slot_label(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """``Do, 15. Okt., 8:00 Uhr``, ``Thu, Oct 15, 8:00 am``, ``15 Eki Per, 08:00``, ``czw., 15 paź, 8:00``."""
    language = _known(language)
    said = format_time(instant, _SAID_TIME[language], tzinfo=zone, locale=_LOCALES[language])
    return f"{day_label(instant.astimezone(zone).date(), language)}, {said}"


def _known(language: str) -> str:
    return language if language in _LOCALES else "de"
