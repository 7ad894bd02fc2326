"""Languages of customer-facing text, and choosing one for a reader."""

LANGUAGES = ("de", "en", "tr", "pl")
LANGUAGE_NAMES = {"de": "Deutsch", "en": "English", "tr": "Türkçe", "pl": "Polski"}
"""Each in itself, as lists to choose from show them."""
DEFAULT_LANGUAGE = "de"
CHAT_LANGUAGES = ("fr", "it", "nl")
"""The assistant answers in these too; pages, mails and names of services are English for their readers."""


def stand_in(language: str) -> str:
    """What somebody reads who writes in ``language`` where it has no text: English beside CHAT_LANGUAGES."""
    return "en" if language in CHAT_LANGUAGES else DEFAULT_LANGUAGE


def best_language(accept_language: str, default: str = DEFAULT_LANGUAGE) -> str:
    """The offered language an ``Accept-Language`` header (RFC 9110, 12.5.4) likes best.

    Regions are ignored (``de-AT`` reads German); unknown or malformed parts are skipped.
    """
    best, best_quality = default, 0.0
    for part in accept_language.split(","):
        tag, *parameters = part.strip().lower().split(";")
        language = tag.split("-")[0].strip()
        if language not in LANGUAGES:
            continue
        quality = _quality(parameters)
        if quality > best_quality:
            best, best_quality = language, quality
    return best


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
