"""What a report says: gathered from figures and books, in the workshop's language."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from carbot_app.db.session import Database
from carbot_app.domains.accounting.lists import revenue_by_service
from carbot_app.domains.analytics.outlook import AnalyticsOutlook
from carbot_app.domains.analytics.reports import templates as kinds
from carbot_app.domains.analytics.reports.narrowing import filter_words, is_narrowed
from carbot_app.domains.analytics.reports.planning import rows_of
from carbot_app.domains.analytics.reports.schemas import (
    Chart,
    Column,
    Grid,
    Letterhead,
    Report,
    Tile,
    Value,
)
from carbot_app.domains.analytics.reports.service_content import ServiceSources, services_report
from carbot_app.domains.analytics.reports.tax_month import tax_month
from carbot_app.domains.analytics.reports.templates import FIGURES, Template
from carbot_app.domains.analytics.reports.words import (
    cell,
    column,
    days,
    row_label,
    short_label,
    text,
    tile,
    weekday_names,
)
from carbot_app.domains.analytics.schemas import Kpi, MixItem, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.analytics.service_reading import year_to
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import list_words, translate

Told = Callable[[int], None]
"""Is told how many percent are done; may raise to stop."""
_MOST_TILES = 8
_GATHERED = 80
"""Percent when everything is read and only the file is left."""


class ReportWriter:
    """Gathers reports. Each question to the figures is a transaction of its own, so nobody waits for long."""

    def __init__(
        self, *, db: Database, analytics: AnalyticsService, outlook: AnalyticsOutlook, clock: Clock
    ) -> None:
        self._db, self._analytics, self._outlook, self._clock = db, analytics, outlook, clock

    def write(
        self,
        actor: Actor,
        template: Template,
        columns: Sequence[str],
        question: Question,
        head: Letterhead,
        told: Told = lambda _percent: None,
    ) -> Report:
        """The report; columns and question have been checked. Raises Forbidden."""
        actor.require("analytics.read")
        for permission in template.needs:
            actor.require(permission)
        asked = _Asked(template, tuple(columns), question, head, told)
        # Names of services come in the language of who asks
        actor = replace(actor, language=head.language)
        if template.code == kinds.TAX_MONTH:
            with self._db.reading(actor.workshop_id) as session:
                tiles, charts, grids = tax_month(session, columns, asked.span, head)
        elif template.code == kinds.SERVICES:
            tiles, charts, grids = self._services(actor, asked)
        else:
            tiles, charts, grids = self._figures(actor, asked)
        told(_GATHERED)
        return Report(
            code=template.code,
            title=text(head, f"template.{template.code}.title"),
            span=asked.span,
            head=head,
            made_at=self._clock(),
            tiles=tuple(tiles[:_MOST_TILES]),
            charts=tuple(charts),
            grids=tuple(grids),
            note=" ".join(asked.notes or (text(head, f"template.{template.code}.note"),)),
            scope=self._scope(actor, asked),
        )

    def _scope(self, actor: Actor, asked: "_Asked") -> str:
        filters = asked.question.filters
        if not is_narrowed(filters):
            return ""
        if not asked.template.narrows:
            return text(asked.head, "narrowed.never")
        with self._db.reading(actor.workshop_id) as session:
            told = filter_words(session, filters, asked.head.language)
        return text(asked.head, "narrowed.to", filters=told)

    def _figures(self, actor: Actor, asked: "_Asked") -> tuple[list[Tile], list[Chart], list[Grid]]:
        head = asked.head
        whole = _by_code(self._analytics.kpis(actor, asked.question))
        asked.notes = _notes(asked, whole)
        kind, spans = rows_of(asked.span)
        weekday = asked.question.filters.weekday
        if kind == "day" and weekday is not None:
            spans = tuple(span for span in spans if span.first.weekday() == weekday)
        found: list[dict[str, Kpi]] = []
        for done, span in enumerate(spans, 1):
            found.append(_by_code(self._analytics.kpis(actor, replace(asked.alone, span=span))))
            asked.told(_GATHERED * done // (len(spans) + 1))
        tiles = [
            tile(whole[code], translate(head.language, f"reports.column.{code}"), head)
            for code in asked.columns
            if code in whole
        ]
        charts = [
            _drawn(asked, kind, spans, found, code)
            for code in asked.template.charted
            if not whole[code].reason
        ]
        grids = [_days(asked, kind, spans, found, whole)]
        for part in asked.template.parts:
            add = getattr(self, f"_{part}")
            charts_of, grids_of = add(actor, asked)
            charts += charts_of
            grids += grids_of
        return tiles, charts[:4], grids

    def _channels(self, actor: Actor, asked: "_Asked") -> tuple[list[Chart], list[Grid]]:
        items = self._analytics.channel_mix(actor, asked.alone)
        return [], [_mix_grid("channels", items, asked)]

    def _mix(self, actor: Actor, asked: "_Asked") -> tuple[list[Chart], list[Grid]]:
        items = self._analytics.service_mix(actor, asked.alone)
        return [], [_mix_grid("mix", items, asked)]

    def _technicians(self, actor: Actor, asked: "_Asked") -> tuple[list[Chart], list[Grid]]:
        loads = self._analytics.technician_load(actor, asked.alone)
        rows = tuple((one.name, one.present_minutes, one.booked_minutes, one.sold_minutes) for one in loads)
        columns = (
            column(asked.head, "technician", kinds.TEXT),
            *(column(asked.head, name, kinds.MINUTES) for name in ("present", "booked_time", "sold_time")),
        )
        minutes = zip(*((row[1], row[2], row[3]) for row in rows), strict=True)
        total = (text(asked.head, "total"), *(sum(of_all) for of_all in minutes)) if rows else ()
        return [], [Grid("technicians", text(asked.head, "part.technicians"), columns, rows, total)]

    def _heat(self, actor: Actor, asked: "_Asked") -> tuple[list[Chart], list[Grid]]:
        counts = self._analytics.heat_map(actor, asked.alone).counts
        names = weekday_names(asked.head.language)
        cells = [(count, day, hour) for day, row in enumerate(counts) for hour, count in enumerate(row)]
        most, day, hour = max(cells, default=(0, 0, 0))
        alt = text(asked.head, "alt.heat", day=names[day], hour=hour, count=most) if most else ""
        title = text(asked.head, "part.heat")
        values = tuple(float(count) for count, _, _ in cells)
        chart = Chart("heat", title, alt or text(asked.head, "alt.nothing"), names, values)
        columns = (
            column(asked.head, "hour", kinds.TEXT),
            *(Column(f"day{place}", name, kinds.COUNT) for place, name in enumerate(names)),
        )
        rows = tuple(
            (f"{hour:02}:00", *(counts[day][hour] for day in range(7)))
            for hour in range(24)
            if any(counts[day][hour] for day in range(7))
        )
        return [chart], [Grid("heat", title, columns, rows, drawn=True)]

    def _funnel(self, actor: Actor, asked: "_Asked") -> tuple[list[Chart], list[Grid]]:
        steps = self._analytics.funnel(actor, asked.alone)
        head = asked.head
        labels = tuple(text(head, f"step.{step.code}") for step in steps)
        marks = tuple(cell(step.count, kinds.COUNT, head) for step in steps)
        alt = ", ".join(f"{label}: {mark}" for label, mark in zip(labels, marks, strict=True))
        title = text(head, "part.funnel")
        chart = Chart("funnel", title, alt, labels, tuple(float(s.count) for s in steps), marks=marks)
        columns = (column(head, "step", kinds.TEXT), column(head, "leads", kinds.COUNT))
        rows = tuple((label, step.count) for label, step in zip(labels, steps, strict=True))
        return [chart], [Grid("funnel", title, columns, rows, drawn=True)]

    def _services(self, actor: Actor, asked: "_Asked") -> tuple[list[Tile], list[Chart], list[Grid]]:
        span = asked.span
        booked = self._analytics.service_mix(actor, Question(span))
        board, year = (self._outlook.services(actor, one) for one in (span, year_to(span.last)))
        with self._db.reading(actor.workshop_id) as session:
            sold = revenue_by_service(session, span.first, span.last)
        return services_report(ServiceSources(booked, sold, board, year), asked.columns, asked.head)


class _Asked:
    """What is asked for, as all parts of a report need it."""

    def __init__(
        self, template: Template, columns: tuple[str, ...], question: Question, head: Letterhead, told: Told
    ) -> None:
        self.template, self.columns, self.question, self.head = template, columns, question, head
        self.span, self.told = question.span, told
        self.alone = replace(question, compare=None)
        """The same without anything to compare with."""
        self.notes: tuple[str, ...] = ()
        """What has to be known to read its figures."""


def _notes(asked: _Asked, whole: dict[str, Kpi]) -> tuple[str, ...]:
    """What changes are against, and which figures the filters leave without a number."""
    head, compare = asked.head, asked.question.compare
    against = text(head, "against", days=days(compare, head.language)) if compare else text(head, "alone")
    lost = [text(head, f"column.{code}") for code in asked.columns if whole[code].reason]
    return (against, text(head, "narrowed.without", figures=", ".join(lost))) if lost else (against,)


def _by_code(kpis: Sequence[Kpi]) -> dict[str, Kpi]:
    return {kpi.code: kpi for kpi in kpis}


def _value(kpis: dict[str, Kpi], code: str) -> float | None:
    return kpis[code].value if code in kpis else None


def _days(
    asked: _Asked, kind: str, spans: Sequence[Span], found: Sequence[dict[str, Kpi]], whole: dict[str, Kpi]
) -> Grid:
    head = asked.head
    columns = (
        column(head, kind, kinds.TEXT),
        *(column(head, code, FIGURES[code]) for code in asked.columns),
    )
    rows = tuple(
        (row_label(kind, span, head.language), *(_value(kpis, code) for code in asked.columns))
        for span, kpis in zip(spans, found, strict=True)
    )
    total = (text(head, "whole"), *(_value(whole, code) for code in asked.columns))
    return Grid("days", text(head, f"part.{kind}"), columns, rows, total)


def _drawn(
    asked: _Asked, kind: str, spans: Sequence[Span], found: Sequence[dict[str, Kpi]], code: str
) -> Chart:
    head = asked.head
    values = tuple(_value(kpis, code) for kpis in found)
    most = max((value for value in values if value is not None), default=0.0)
    title = text(head, f"column.{code}")
    top = cell(most, FIGURES[code], head)
    alt = text(head, "alt.days", title=title, days=days(asked.span, head.language), most=top)
    labels = tuple(short_label(kind, span, head.language) for span in spans)
    return Chart("bars", title, alt, labels, values, top=top)


def _mix_grid(key: str, items: Sequence[MixItem], asked: _Asked) -> Grid:
    head = asked.head
    count = sum(item.count for item in items)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            _channel(item.key, head) if key == "channels" else item.label or text(head, "unnamed"),
            item.count,
            100 * item.count / count if count else None,
            item.amount_cents,
        )
        for item in items
    )
    columns = (
        column(head, "channel" if key == "channels" else "name", kinds.TEXT),
        *(
            column(head, name, unit)
            for name, unit in (("count", kinds.COUNT), ("share", kinds.PERCENT), ("value", kinds.CENTS))
        ),
    )
    total = (text(head, "total"), count, None, sum(item.amount_cents for item in items))
    return Grid(key, text(head, f"part.{key}"), columns, rows, total if items else ())


def _channel(key: str, head: Letterhead) -> str:
    return list_words(head.language, "inbox").get(f"channel.{key}", key) or text(head, "unnamed")
