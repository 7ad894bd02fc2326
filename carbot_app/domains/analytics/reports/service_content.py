"""The report of services: what was asked, decided, sold and left, what is missing, what follows (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from carbot_app.domains.accounting.schemas import RevenueLine
from carbot_app.domains.accounting.sheets import revenue_name
from carbot_app.domains.analytics.outlook_schemas import ServiceBoard
from carbot_app.domains.analytics.reports import templates as kinds
from carbot_app.domains.analytics.reports.schemas import Chart, Column, Grid, Letterhead, Tile, Value
from carbot_app.domains.analytics.reports.templates import TEMPLATES
from carbot_app.domains.analytics.reports.words import cell, column, figure, number_of, text
from carbot_app.domains.analytics.schemas import MixItem
from carbot_app.domains.analytics.service_figures import ServiceFigure, Wish
from carbot_app.domains.analytics.service_words import advice_words

COLUMNS = TEMPLATES[kinds.SERVICES].columns
_HEADLINES = ("asked", "booked", "acceptance", "sold", "hours", "net", "margin")
_ADDED = ("asked", "booked", "booked_value", "accepted", "declined", "sold", "hours", "cost", "margin")
_DRAWN = 8
_OWN_WORDS = 2
"""Wishes of fewer customers are told by their number: a report goes out of the house, and words that only
one person used may say who it was."""


@dataclass(frozen=True, slots=True)
class ServiceSources:
    """What the report is made of; ``board`` is of its days, ``year`` of the year up to their end."""

    booked: Sequence[MixItem]
    sold: Sequence[RevenueLine]
    board: ServiceBoard
    year: ServiceBoard


def services_report(
    sources: ServiceSources, columns: Sequence[str], head: Letterhead
) -> tuple[list[Tile], list[Chart], list[Grid]]:
    """Headlines, pictures and tables, the chosen columns first."""
    lines = _lines(sources, head)
    sums = _sums(lines, head)
    main = Grid(
        "services",
        text(head, "part.services"),
        tuple(column(head, key, COLUMNS[key]) for key in columns),
        tuple(tuple(line[key] for key in columns) for line in lines),
        tuple(sums[key] for key in columns) if lines else (),
    )
    tiles = [
        Tile(text(head, f"column.{key}"), *figure(number_of(sums[key]), COLUMNS[key], head))
        for key in _HEADLINES
    ]
    charts = [_top(lines, key, head) for key in ("asked", "net")]
    grids = [
        main,
        _wishes(sources.board.wishes, head),
        _prices(sources.year, head),
        _advice(sources.year, head),
    ]
    return tiles, charts, grids


def _lines(sources: ServiceSources, head: Letterhead) -> list[dict[str, Value]]:
    booked = {item.key: item for item in sources.booked}
    sold = {line.key: line for line in sources.sold}
    asked = {one.code: one for one in sources.board.figures}
    net = sum(line.net_cents for line in sources.sold)
    return [
        _line(booked.get(key), sold.get(key), asked.get(key), net, head)
        for key in dict.fromkeys((*sold, *booked, *asked))
    ]


def _line(
    booked: MixItem | None, sold: RevenueLine | None, asked: ServiceFigure | None, net: int, head: Letterhead
) -> dict[str, Value]:
    name = (
        (booked.label if booked else "")
        or (asked.name if asked else "")
        or (revenue_name(sold, head.language, of="service") if sold else "")
    )
    return {
        "name": name or text(head, "unnamed"),
        "asked": asked.asked if asked else 0,
        "booked": booked.count if booked else 0,
        "booked_value": booked.amount_cents if booked else 0,
        "price": asked.price_cents if asked and asked.price_cents else None,
        "accepted": asked.accepted if asked else 0,
        "declined": asked.decided - asked.accepted if asked else 0,
        "acceptance": _percent(asked.accepted, asked.decided) if asked else None,
        "sold": sold.positions if sold else 0,
        "hours": sold.minutes if sold else 0,
        "net": sold.net_cents if sold else 0,
        "share": _percent(sold.net_cents, net) if sold else None,
        "cost": sold.cost_cents if sold and sold.cost_cents else None,
        "margin": sold.margin_cents if sold else None,
    }


def _sums(lines: Sequence[dict[str, Value]], head: Letterhead) -> dict[str, Value]:
    net = sum(number_of(line["net"]) or 0 for line in lines)
    sums: dict[str, Value] = {"name": text(head, "total"), "share": None, "price": None, "net": net}
    for key in _ADDED:
        known = [number for line in lines if (number := number_of(line[key])) is not None]
        sums[key] = sum(known) if known else None
    accepted, declined = (number_of(sums[key]) or 0 for key in ("accepted", "declined"))
    sums["acceptance"] = _percent(accepted, accepted + declined)
    return sums


def _top(lines: Sequence[dict[str, Value]], key: str, head: Letterhead) -> Chart:
    found = [line for line in lines if (number_of(line[key]) or 0) > 0]
    top = sorted(found, key=lambda line: -(number_of(line[key]) or 0))[:_DRAWN]
    labels = tuple(str(line["name"]) for line in top)
    marks = tuple(cell(line[key], COLUMNS[key], head) for line in top)
    alt = ", ".join(f"{label}: {mark}" for label, mark in zip(labels, marks, strict=True))
    title = text(head, f"part.top_{key}")
    values = tuple(number_of(line[key]) for line in top)
    return Chart("funnel", title, alt or text(head, "alt.nothing"), labels, values, marks=marks)


def _wishes(wishes: Sequence[Wish], head: Letterhead) -> Grid:
    rows: list[tuple[Value, ...]] = [(one.words, one.count) for one in wishes if one.count >= _OWN_WORDS]
    alone = sum(one.count for one in wishes if one.count < _OWN_WORDS)
    if alone:
        rows.append((text(head, "wishes_alone"), alone))
    columns = (column(head, "wish", kinds.TEXT), column(head, "asked", kinds.COUNT))
    return Grid("wishes", text(head, "part.wishes"), columns, tuple(rows), listed=True)


def _prices(year: ServiceBoard, head: Letterhead) -> Grid:
    """How answers go with prices; what is said of dear and cheap ones needs enough of both."""
    columns = (
        column(head, "name", kinds.TEXT),
        column(head, "price", kinds.CENTS),
        column(head, "decided", kinds.COUNT),
        column(head, "acceptance", kinds.PERCENT),
        column(head, "limit", kinds.CENTS),
        column(head, "cheap", kinds.PERCENT),
        column(head, "dear", kinds.PERCENT),
        column(head, "margin_percent", kinds.PERCENT),
    )
    rows = tuple(_price(one) for one in year.figures if one.decided or one.margin_percent is not None)
    return Grid("prices", text(head, "part.prices"), columns, rows, listed=True)


def _price(one: ServiceFigure) -> tuple[Value, ...]:
    cheap, dear = one.bands or (None, None)
    return (
        one.name,
        one.price_cents or None,
        one.decided,
        _percent(one.accepted, one.decided),
        cheap.high_cents if cheap else None,
        100 * cheap.share if cheap else None,
        100 * dear.share if dear else None,
        one.margin_percent,
    )


def _advice(year: ServiceBoard, head: Letterhead) -> Grid:
    columns: tuple[Column, ...] = (
        column(head, "advice", kinds.TEXT),
        column(head, "why", kinds.TEXT),
        column(head, "worth", kinds.CENTS),
    )
    rows = tuple(
        (*advice_words(one, head.currency, head.language), one.worth_cents or None)
        for one in year.suggestions
    )
    return Grid("advice", text(head, "part.advice"), columns, rows, listed=True)


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None
