"""Use cases of the dashboard: figures, series, charts and the rows behind them; and the figures of Heute."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.db.session import Database
from carbot_app.domains.analytics import charts
from carbot_app.domains.analytics.basis import BasisReader
from carbot_app.domains.analytics.comparing import aligned, span_before
from carbot_app.domains.analytics.demand import SERIES, stored
from carbot_app.domains.analytics.drilling import MOST_ROWS, Drill, parse_cursor, read_rows
from carbot_app.domains.analytics.figures import settle
from carbot_app.domains.analytics.heute import read_answers, read_today
from carbot_app.domains.analytics.kpis import ALL, CODES, DEFINITIONS, Basis, Definition, asked_by, together
from carbot_app.domains.analytics.presence import read_staff
from carbot_app.domains.analytics.schemas import (
    AnswersToday,
    Band,
    Cohort,
    DrillPage,
    Filters,
    FunnelStep,
    HeatMap,
    Kpi,
    MixItem,
    Question,
    Span,
    TechnicianLoad,
    TimeSeries,
    Today,
)
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in a form that can be answered, with what answering needs."""

    session: Session
    workshop: Workshop
    rules: OpeningRules
    span: Span
    compare: Span | None
    filters: Filters
    now: datetime

    def reader(self, *codes: str) -> BasisReader:
        return BasisReader(self.session, self.workshop, self.filters, codes, now=self.now, rules=self.rules)

    def partners(self) -> tuple[date, ...]:
        """For every day the one it is compared with; none without a comparison."""
        return aligned(self.span, self.compare) if self.compare else ()

    def spans(self) -> list[Span]:
        """The span, what it is compared with and what its days are: those may be others."""
        if self.compare is None:
            return [self.span]
        partners = self.partners()
        return [self.span, self.compare, Span(partners[0], partners[-1])]


class AnalyticsService:
    """Figures need ``analytics.read``; those of Heute ``bookings.read``.

    Every question raises Invalid like figures.settle, and ``figures_filter_invalid`` for a weekday or hour
    there is not; a reversed span is turned round.
    """

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def last_days(self, actor: Actor, days: int) -> Question:
        """A question about the last ``days`` days until today of the workshop, beside those before."""
        actor.require("analytics.read")
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(session.get_one(Workshop, actor.workshop_id).timezone)
        today = self._clock().astimezone(zone).date()
        span = Span(today - timedelta(days=days - 1), today)
        return Question(span, span_before(span))

    def kpis(self, actor: Actor, question: Question) -> list[Kpi]:
        """All figures of kpis.CODES, in that order."""
        with self._asking(actor, question) as asked:
            spans = [span for span in (asked.span, asked.compare) if span]
            return _kpis(asked, asked.reader(*CODES).by_day(*spans))

    def basis(self, actor: Actor, question: Question, codes: Sequence[str]) -> Basis:
        """What the figures of ``codes`` follow from, for the whole span."""
        with self._asking(actor, question) as asked:
            return asked.reader(*codes).whole(asked.span)

    def series(self, actor: Actor, question: Question, code: str) -> TimeSeries:
        """One figure per day; a day compared with is the same weekday where a year lies between.

        Raises:
            NotFound: ``figure_unknown``.
        """
        with self._asking(actor, question) as asked:
            _definition(code)
            return _series(asked, code, asked.reader(code).by_day(*asked.spans()))

    def overview(self, actor: Actor, question: Question, code: str) -> tuple[list[Kpi], TimeSeries]:
        """``kpis`` and ``series`` of one of them, read together.

        Raises:
            NotFound: ``figure_unknown``.
        """
        with self._asking(actor, question) as asked:
            _definition(code)
            days = asked.reader(*CODES).by_day(*asked.spans())
            return _kpis(asked, days), _series(asked, code, days)

    def funnel(self, actor: Actor, question: Question) -> list[FunnelStep]:
        """How far the leads of the span got; empty when narrowed to a technician."""
        with self._asking(actor, question) as asked:
            return charts.read_funnel(asked.session, asked.span, asked.filters)

    def heat_map(self, actor: Actor, question: Question) -> HeatMap:
        """When customers write and book, and which share of it outside of the opening hours."""
        with self._asking(actor, question) as asked:
            return charts.read_heat_map(asked.session, asked.rules, asked.span, asked.filters)

    def service_mix(self, actor: Actor, question: Question) -> list[MixItem]:
        """What was booked, by service, with names in the actor's language."""
        with self._asking(actor, question) as asked:
            return charts.read_service_mix(asked.session, asked.span, asked.filters, actor.language)

    def channel_mix(self, actor: Actor, question: Question) -> list[MixItem]:
        """Where leads came from; the reader's words for a channel are the caller's."""
        with self._asking(actor, question) as asked:
            return charts.read_channel_mix(asked.session, asked.span, asked.filters)

    def cohorts(self, actor: Actor, question: Question) -> list[Cohort]:
        """Who came again, by month of the first visit; the year up to the span's end, not narrowed."""
        with self._asking(actor, question) as asked:
            return charts.read_cohorts(asked.session, asked.span.last, asked.rules.local_date(asked.now))

    def technician_load(self, actor: Actor, question: Question) -> list[TechnicianLoad]:
        """Booked, sold and present minutes of every technician; channel and service narrow what was sold."""
        with self._asking(actor, question) as asked:
            staff = read_staff(asked.session, asked.workshop, asked.rules, asked.filters, now=asked.now)
            presence = staff.presence(asked.span)
            return charts.read_technician_load(asked.session, asked.span, asked.filters, presence)

    def rows(
        self, actor: Actor, question: Question, code: str, limit: int = 50, after: str = ""
    ) -> DrillPage:
        """The records behind a figure, newest first, at most 200 a page.

        Nothing where the figure cannot be narrowed so.

        Raises:
            NotFound: ``figure_unknown``. Invalid: ``cursor_invalid``.
        """
        with self._asking(actor, question) as asked:
            before = parse_cursor(after)
            if _definition(code).reason(asked.filters):
                return DrillPage(())
            limit = min(max(limit, 1), MOST_ROWS)
            return read_rows(
                asked.session, Drill(code, asked.span, asked.filters, limit, before, asked.rules)
            )

    @contextmanager
    def _asking(self, actor: Actor, question: Question) -> Iterator[_Asked]:
        actor.require("analytics.read")
        filters = question.filters
        if filters.weekday not in (None, *range(7)) or filters.hour not in (None, *range(24)):
            raise Invalid("figures_filter_invalid")
        span = settle(question.span)
        compare = settle(question.compare) if question.compare else None
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            rules = opening_rules(session, workshop)
            yield _Asked(session, workshop, rules, span, compare, filters, self._clock())

    def today(self, actor: Actor) -> Today:
        """Figures of the Heute page: appointments, use of working time and planned value of this day."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            return read_today(session, session.get_one(Workshop, actor.workshop_id), self._clock())

    def answers_today(self, actor: Actor) -> AnswersToday:
        """What came in on this day and how it was answered, for the frame of every page."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            return read_answers(session, session.get_one(Workshop, actor.workshop_id), self._clock())


def _kpis(asked: _Asked, days: Mapping[date, Basis]) -> list[Kpi]:
    now = [days[day] for day in asked.span.each()]
    whole = together(now)
    before = together(days[day] for day in asked.compare.each()) if asked.compare else None
    return [_kpi(code, whole, before, now, asked.filters) for code in CODES]


def _kpi(code: str, whole: Basis, before: Basis | None, days: Sequence[Basis], filters: Filters) -> Kpi:
    definition = DEFINITIONS[code]
    reason = definition.reason(filters)
    if reason:
        nothing = (0.0,) * len(days)
        return Kpi(code, definition.unit, None, None, definition.good_when, nothing, reason=reason)
    return Kpi(
        code=code,
        unit=definition.unit,
        value=definition.measure(whole),
        previous=definition.measure(before) if before else None,
        good_when=definition.good_when,
        series=tuple(definition.measure(basis) or 0.0 for basis in days),
        beside=definition.beside(whole),
    )


def _series(asked: _Asked, code: str, found: Mapping[date, Basis]) -> TimeSeries:
    definition, days = ALL[code], asked.span.each()
    reason = definition.reason(asked.filters)
    if reason:
        return TimeSeries(code, definition.unit, days, (None,) * len(days), reason=reason)
    values, previous = (
        tuple(definition.measure(found[day]) for day in some) for some in (days, asked.partners())
    )
    return TimeSeries(code, definition.unit, days, values, previous, _ahead(asked, code))


def _ahead(asked: _Asked, code: str) -> tuple[Band, ...]:
    """What is expected after the span; only where it ends today and nothing narrows it."""
    today = asked.rules.local_date(asked.now)
    if code not in SERIES or asked.span.last != today or asked_by(asked.filters):
        return ()
    found = stored(asked.session, code, today)
    return tuple(band for band in found.bands if band.day > today) if found.has_band else ()


def _definition(code: str) -> Definition:
    if code not in ALL:
        raise NotFound("figure_unknown")
    return ALL[code]
