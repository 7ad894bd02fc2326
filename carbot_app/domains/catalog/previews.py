"""What the editor shows: cards of the catalogue, and prices of a draft beside the stored ones (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from carbot_app.domains.catalog.catalogue import Catalogue, in_language
from carbot_app.domains.catalog.editing_schemas import (
    CatalogOverview,
    CategoryView,
    ClassPrice,
    DraftPreview,
    PriceLineView,
    ServiceCard,
)
from carbot_app.domains.catalog.library import library_categories, library_services
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.pricing import (
    PACKAGE,
    PER_UNIT,
    PER_VEHICLE_CLASS,
    Price,
    Priced,
    PriceQuote,
    price_service,
)
from carbot_app.domains.catalog.rules import Case
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES
from carbot_app.domains.catalog.wording import Wording
from carbot_app.domains.tax.vat import tax_of

_COMPACT = Case(vehicle_class="compact")


def overview(
    catalogue: Catalogue, language: str, today: date, found: Sequence[str] | None
) -> CatalogOverview:
    """Cards in the workshop's order, or those found in the order of the search."""
    wording = Wording(catalogue, language)
    services = catalogue.services if found is None else [catalogue.by_code[code] for code in found]
    library = {fields["code"] for fields in library_services()}
    active = sum(row.active for row in catalogue.services)
    return CatalogOverview(
        categories=_categories(catalogue, language),
        services=tuple(_card(catalogue, row, wording, language, today, library) for row in services),
        active=active,
        available=sum(not row.active for row in catalogue.services if row.code in library),
    )


def draft_preview(
    catalogue: Catalogue, fields: Mapping[str, Any], language: str, today: date
) -> DraftPreview:
    """Prices of checked fields for every class, beside what is stored under the same code."""
    wording = Wording(catalogue, language)
    stored = catalogue.by_code.get(fields["code"])
    after = catalogue.priced_from(fields)
    before = catalogue.priced(stored) if stored else None
    by_class = PER_VEHICLE_CLASS in (after.price_model, before.price_model if before else "")
    unit = fields["unit"] if after.price_model == PER_UNIT else ""
    old_unit = stored.unit if stored and stored.price_model == PER_UNIT else ""
    classes = []
    for vehicle_class in VEHICLE_CLASSES if by_class else ("",):
        case = Case(vehicle_class=vehicle_class)
        new = _price(catalogue, after, case, today).price
        old = _price(catalogue, before, case, today).price if before else None
        classes.append(
            ClassPrice(
                vehicle_class=vehicle_class,
                before=wording.price(old, old_unit) if old else "",
                after=wording.price(new, unit),
                difference_cents=new.low_cents - old.low_cents if old else 0,
            )
        )
    changed = sum(row.before != row.after for row in classes if row.before)
    quote = _price(catalogue, after, _COMPACT, today)
    return DraftPreview(
        problems=(),
        classes=tuple(classes),
        lines=_lines(quote, wording),
        net=wording.ends(quote.low.net_cents, quote.high.net_cents),
        tax=wording.ends(quote.low.tax_cents, quote.high.tax_cents),
        gross=wording.ends(quote.low.gross_cents, quote.high.gross_cents),
        tax_percent="" if quote.tax_note else wording.number(quote.low.sums[0].percent),
        changed_prices=changed,
    )


def compact_price(catalogue: Catalogue, priced: Priced, today: date) -> Price:
    """What a compact car pays."""
    return _price(catalogue, priced, _COMPACT, today).price


def _price(catalogue: Catalogue, priced: Priced, case: Case, today: date) -> PriceQuote:
    return price_service(priced, catalogue.terms, case, today=today)


def _lines(quote: PriceQuote, wording: Wording) -> tuple[PriceLineView, ...]:
    lines = [
        PriceLineView(line.kind, wording.line(line), wording.ends(line.low_cents, line.high_cents))
        for line in quote.lines
    ]
    if quote.old_part_cents and not quote.tax_note:
        tax = tax_of(quote.old_part_cents, quote.low.sums[0].percent)
        lines.append(PriceLineView("old_part_tax", wording.own("old_part_tax"), wording.money(tax)))
    return tuple(lines)


def _categories(catalogue: Catalogue, language: str) -> tuple[CategoryView, ...]:
    total, active = Counter[str](), Counter[str]()
    for row in catalogue.services:
        for key in {row.category, row.subcategory} - {""}:
            total[key] += 1
            active[key] += row.active
    library = {fields["key"] for fields in library_categories()}
    return tuple(
        CategoryView(
            key=row.key,
            parent=row.parent,
            name=in_language(row.names, language),
            active=active[row.key],
            total=total[row.key],
            own=row.key not in library,
        )
        for row in catalogue.categories
    )


def _card(
    catalogue: Catalogue,
    row: Service,
    wording: Wording,
    language: str,
    today: date,
    library: set[str],
) -> ServiceCard:
    inside = [wording.service(code) for code in row.members] if row.price_model == PACKAGE else []
    return ServiceCard(
        code=row.code,
        name=in_language(row.names, language),
        description=in_language(row.descriptions, language) or " + ".join(inside),
        category=row.category,
        subcategory=row.subcategory,
        price_model=row.price_model,
        price=wording.price(
            catalogue.plain_price(row, today), row.unit if row.price_model == PER_UNIT else ""
        ),
        minutes=catalogue.minutes(row),
        active=row.active,
        bookable=row.bookable,
        own=row.code not in library,
    )
