"""A service of the catalogue as lines of an order, at this workshop's price for the car (pure).

What the workshop calculates stays apart: hours, parts, small parts. A stated price is one lump sum, told
gross as the customer saw it. A fee that is handed on always stands alone, because it bears no tax. Where the
price is a range its upper end is estimated: a customer is never told more afterwards than before.
"""

from collections.abc import Iterator
from decimal import Decimal

from carbot_app.domains.billing.lines import LABOUR, LUMP_SUM, MOST_PLACES, PART
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.pricing import PriceQuote
from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.orders.checks import without_places
from carbot_app.domains.orders.schemas import OrderLineInput
from carbot_app.kit.i18n import translate

_CALCULATED = {"labour", "parts", "small_parts", "fee"}
HOURS, PIECES = "HUR", "C62"


def lines_of(quote: Quote, service: Service, language: str) -> tuple[OrderLineInput, ...]:
    """Lines whose gross sum is the upper end of the quote."""
    told = {line.kind for line in quote.priced.lines}
    calculated = service.calculated and "labour" in told and told <= _CALCULATED
    make = _calculated if calculated else _stated
    return (*make(quote, service, language), *_fee(quote.priced, language))


def _calculated(quote: Quote, service: Service, language: str) -> Iterator[OrderLineInput]:
    amounts = {line.kind: line for line in quote.priced.lines}
    whole = amounts["labour"].high_cents
    hours: Decimal | None = _hours(service.labour_seconds, whole)
    yield OrderLineInput(
        quote.service_name,
        without_places(_whole(whole) / hours) if hours else _whole(whole),
        LABOUR,
        quantity=without_places(hours or Decimal(1)),
        unit=HOURS if hours else PIECES,
        gross=False,
        minutes=quote.minutes,
    )
    if parts := amounts.get("parts"):
        text = translate(language, "orders.line.parts", service=quote.service_name)
        yield OrderLineInput(
            text[:300],
            _whole(parts.high_cents),
            PART,
            gross=False,
            exchange=quote.priced.old_part_cents > 0,
            list_price=_list_price(quote.priced),
            cost_cents=service.parts_cost_cents,
        )
    if small := amounts.get("small_parts"):
        text = translate(language, "orders.line.small_parts")
        yield OrderLineInput(text, _whole(small.high_cents), PART, gross=False)


def _stated(quote: Quote, service: Service, _language: str) -> Iterator[OrderLineInput]:
    fee = sum(line.high_cents for line in quote.priced.lines if line.kind == "fee")
    yield OrderLineInput(
        quote.service_name,
        _whole(quote.high_cents - fee),
        LUMP_SUM,
        exchange=quote.priced.old_part_cents > 0,
        list_price=_list_price(quote.priced),
        cost_cents=service.parts_cost_cents if service.calculated else 0,
        minutes=quote.minutes,
    )


def _fee(priced: PriceQuote, language: str) -> Iterator[OrderLineInput]:
    if fee := sum(line.high_cents for line in priced.lines if line.kind == "fee"):
        yield OrderLineInput(translate(language, "orders.line.fee"), _whole(fee), HANDED_ON)


def _list_price(priced: PriceQuote) -> Decimal | None:
    """The old part is worth a tenth of the list price (tax.vat.old_part_cents)."""
    return Decimal(priced.old_part_cents) / 10 if priced.old_part_cents else None


def _hours(seconds: int, cents: int) -> Decimal | None:
    """Hours that make the amount at a rate in whole cents; None: it is told as one sum."""
    hours = (Decimal(seconds) / 3600).quantize(Decimal(1).scaleb(-MOST_PLACES))
    exact = bool(hours) and Decimal(cents) / hours == (Decimal(cents) / hours).to_integral_value()
    return hours if exact else None


def _whole(cents: int) -> Decimal:
    return Decimal(cents) / 100
