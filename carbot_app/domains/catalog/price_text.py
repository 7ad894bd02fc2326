"""Prices as people say them in each language: ``159,00 €``, ``ab 189,00 €``, ``349 bis 429 €``."""

from decimal import Decimal

from babel.numbers import format_decimal

from carbot_app.domains.catalog.pricing import Price

_AMOUNT = {
    "en": "{c}{n}",
    **dict.fromkeys(("de", "tr", "pl", "fr", "it"), "{n}\u00a0{c}"),
    "nl": "{c}\u00a0{n}",
}
_BETWEEN = {
    "de": "{a} bis {b}", "en": "{a} to {b}", "tr": "{a} – {b}", "pl": "{a}–{b}",
    "fr": "de {a} à {b}", "it": "da {a} a {b}", "nl": "{a} tot {b}",
}  # fmt: skip
_FROM = {
    "de": "ab {a}", "en": "from {a}", "tr": "{a} ve üzeri", "pl": "od {a}",
    "fr": "à partir de {a}", "it": "da {a}", "nl": "vanaf {a}",
}  # fmt: skip
_UP_TO = {
    "de": "bis {b}", "en": "up to {b}", "tr": "en fazla {b}", "pl": "do {b}",
    "fr": "jusqu’à {b}", "it": "fino a {b}", "nl": "tot {b}",
}  # fmt: skip
_FREE = {
    "de": "kostenlos", "en": "free of charge", "tr": "ücretsiz", "pl": "bezpłatnie",
    "fr": "gratuit", "it": "gratuito", "nl": "gratis",
}  # fmt: skip
_PER_UNIT = {
    "tyre": {"de": "je Reifen", "en": "per tyre", "tr": "(lastik başına)", "pl": "za oponę",
             "fr": "par pneu", "it": "per pneumatico", "nl": "per band"},
    "wheel": {"de": "je Rad", "en": "per wheel", "tr": "(tekerlek başına)", "pl": "za koło",
              "fr": "par roue", "it": "per ruota", "nl": "per wiel"},
    "piece": {"de": "je Stück", "en": "each", "tr": "(adet başına)", "pl": "za sztukę",
              "fr": "pièce", "it": "al pezzo", "nl": "per stuk"},
    "axle": {"de": "je Achse", "en": "per axle", "tr": "(aks başına)", "pl": "za oś",
             "fr": "par essieu", "it": "per asse", "nl": "per as"},
}  # fmt: skip


def price_text(
    price: Price, *, currency: str = "EUR", language: str = "de", country: str = "DE", unit: str = ""
) -> str:
    """The price in the reader's language; ranges of full euros go without cents.

    ``unit`` (tyre, wheel, piece, axle) is said where the price is for one of several.
    """
    language = language if language in _AMOUNT else "de"
    text = _amounts(price, currency, language, country)
    return f"{text} {_PER_UNIT[unit][language]}" if unit in _PER_UNIT else text


def _amounts(price: Price, currency: str, language: str, country: str) -> str:
    low, high = price.low_cents, price.high_cents
    if high == 0:
        return _FREE[language]
    if price.style == "range":
        cents = bool(low % 100 or high % 100)
        last = _amount(high, currency, language, country, cents)
        if low == 0:
            return _UP_TO[language].format(b=last)
        first = _amount(low, currency, language, country, cents)
        return _BETWEEN[language].format(**_one_sign(first, last, language, country))
    text = _amount(low, currency, language, country, cents=True)
    return _FROM[language].format(a=text) if price.style == "from" else text


def _amount(value: int, currency: str, language: str, country: str, cents: bool) -> str:
    swiss = language == "de" and country == "CH"
    number = format_decimal(
        Decimal(value) / 100,
        format="#,##0.00" if cents else "#,##0",
        locale="de_CH" if swiss else language,
    )
    sign = "€" if currency == "EUR" else currency
    if swiss:
        return f"{sign}\u00a0{number}"
    # "CHF 349" needs the gap that "€349" does not.
    return _AMOUNT[language].format(
        n=number, c=f"{sign}\u00a0" if language == "en" and len(sign) > 1 else sign
    )


def _one_sign(first: str, last: str, language: str, country: str) -> dict[str, str]:
    """Both ends of a range with the currency said once; English repeats it."""
    if language == "en":
        return {"a": first, "b": last}
    if first[0].isdigit():
        return {"a": first.rsplit("\u00a0", 1)[0], "b": last}
    return {"a": first, "b": last.rsplit("\u00a0", 1)[-1]}
