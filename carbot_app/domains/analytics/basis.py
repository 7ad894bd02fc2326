"""Reads what the figures of a span are worked out from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.comparing import touching
from carbot_app.domains.analytics.figures import DAY, Sum, spreads, sums
from carbot_app.domains.analytics.kpis import ALL, PRESENCE_NARROWS, Basis, asked_by
from carbot_app.domains.analytics.owed import read_owed
from carbot_app.domains.analytics.presence import Minutes, Presence, Staff, read_staff
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.team.models import Workshop


class BasisReader:
    """Reads for one workshop, under one set of filters, only what ``codes`` need."""

    def __init__(
        self,
        session: Session,
        workshop: Workshop,
        filters: Filters,
        codes: Iterable[str],
        *,
        now: datetime,
        rules: OpeningRules,
    ) -> None:
        self._session = session
        self._workshop = workshop
        self._filters = filters
        self._now = now
        self._rules = rules
        self._codes = [code for code in codes if not ALL[code].reason(filters)]
        self._kinds = tuple(dict.fromkeys(kind for code in self._codes for kind in ALL[code].kinds))

    def whole(self, span: Span) -> Basis:
        """All days of the span together."""
        answers = self._answers(span)
        return self._basis(
            {kind: found for (kind,), found in sums(self._session, span, self._kinds, self._filters).items()},
            answers.get((), ()),
            list(self._presence(span).values()),
            self._owed(Span(span.last, span.last)).get(span.last, 0),
        )

    def by_day(self, *spans: Span) -> dict[date, Basis]:
        """Every day of the spans, oldest first; spans that touch are read as one."""
        return {day: basis for span in touching(spans) for day, basis in self._days(span).items()}

    def _days(self, span: Span) -> dict[date, Basis]:
        counted: dict[date, dict[str, Sum]] = {}
        for (kind, day), found in sums(self._session, span, self._kinds, self._filters, by=(DAY,)).items():
            counted.setdefault(day, {})[kind] = found
        answers, presence, owed = self._answers(span, by_day=True), self._presence(span), self._owed(span)
        return {
            day: self._basis(
                counted.get(day, {}), answers.get((day,), ()), [presence.get(day, {})], owed.get(day, 0)
            )
            for day in span.each()
        }

    def _basis(
        self,
        counted: Mapping[str, Sum],
        answers: Iterable[int],
        presence: Iterable[Mapping[UUID | None, Minutes]],
        owed: int,
    ) -> Basis:
        minutes = [one for people in presence for one in people.values()]
        return Basis(
            counted,
            tuple(answers),
            sum(one.present for one in minutes),
            sum(one.booked for one in minutes),
            owed,
        )

    def _answers(self, span: Span, *, by_day: bool = False) -> Mapping[tuple[date, ...], list[int]]:
        if "first_response" not in self._codes:
            return {}
        return spreads(self._session, span, kinds.ANSWERED, self._filters, by=(DAY,) if by_day else ())

    @cached_property
    def _staff(self) -> Staff:
        return read_staff(self._session, self._workshop, self._rules, self._filters, now=self._now)

    def _presence(self, span: Span) -> Presence:
        needed = {"utilisation", "hours_sold"} & set(self._codes)
        if not needed or not PRESENCE_NARROWS.issuperset(asked_by(self._filters)):
            return {}
        return self._staff.presence(span)

    def _owed(self, span: Span) -> Mapping[date, int]:
        return read_owed(self._session, span) if "open_items" in self._codes else {}
