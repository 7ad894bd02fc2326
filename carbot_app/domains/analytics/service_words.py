"""Suggestions about services as they are read (pure)."""

from babel.numbers import format_decimal

from carbot_app.domains.analytics.service_figures import Suggestion
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents


def advice_words(one: Suggestion, currency: str, language: str) -> tuple[str, str]:
    """What to do, and why."""
    told = {
        "name": one.name,
        "count": one.count,
        "percent": format_decimal(one.percent, locale=language),
        "price": format_cents(one.price_cents, currency, language),
    }
    return (
        translate(language, f"outlook.services.advice.{one.code}", **told),
        translate(language, f"outlook.services.advice_why.{one.code}", **told),
    )
