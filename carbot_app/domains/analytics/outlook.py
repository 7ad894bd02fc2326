"""Use cases of what is ahead: forecast, capacity, performance score, services."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta

from sqlmodel import Session, select

from carbot_app.db.session import Database
from carbot_app.domains.analytics import score
from carbot_app.domains.analytics.demand import HOURS, stored
from carbot_app.domains.analytics.figures import EVERYTHING
from carbot_app.domains.analytics.forecast import HORIZON, Forecast
from carbot_app.domains.analytics.outlook_models import ScoreWeights
from carbot_app.domains.analytics.outlook_schemas import CapacityPlan, CapacityWeek, ScoreCard, ServiceBoard
from carbot_app.domains.analytics.presence import Presence, read_presence
from carbot_app.domains.analytics.schemas import Band, Span
from carbot_app.domains.analytics.score_reading import Look, measure, read_facts, read_weights
from carbot_app.domains.analytics.service_reading import read_board, year_to
from carbot_app.domains.analytics.steps import next_steps
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock

SCORE_DAYS = 30
WEEKS = HORIZON // 7


class AnalyticsOutlook:
    """Reads need ``analytics.read``; the weights of the score ``settings.manage``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def forecast(self, actor: Actor, code: str) -> tuple[Band, ...]:
        """Days from today on of demand.SERIES; empty while nothing can be said.

        Raises:
            NotFound: ``figure_unknown``.
        """
        return self.demand(actor, code).bands

    def demand(self, actor: Actor, code: str) -> Forecast:
        """The same with how it was made and how far it can be trusted; raises like ``forecast``."""
        with self._looking(actor) as look:
            return stored(look.session, code, look.today)

    def capacity(self, actor: Actor) -> CapacityPlan:
        """Booked, expected and present hours of this week and the five that follow."""
        with self._looking(actor) as look:
            told = stored(look.session, HOURS, look.today)
            monday = look.today - timedelta(days=look.today.weekday())
            ahead = Span(look.today, monday + timedelta(days=7 * WEEKS - 1))
            presence = read_presence(look.session, look.workshop, ahead, EVERYTHING, now=look.now)
            expected = {band.day: band.mid for band in told.bands}
            weeks = [
                _week(Span(max(look.today, first), first + timedelta(days=6)), presence, expected)
                for first in (monday + timedelta(days=7 * place) for place in range(WEEKS))
            ]
        return CapacityPlan(tuple(weeks), told.reason)

    def score_card(self, actor: Actor) -> ScoreCard:
        """The score of the 30 days up to yesterday, against the 30 before, with the next steps."""
        with self._looking(actor) as look:
            weights = read_weights(look.session)
            last = look.today - timedelta(days=1)
            now = Span(last - timedelta(days=SCORE_DAYS - 1), last)
            before = Span(now.first - timedelta(days=SCORE_DAYS), now.first - timedelta(days=1))
            judged, earlier = (score.judge(measure(look, span), weights) for span in (now, before))
            return ScoreCard(
                judged,
                score.change(judged, earlier),
                next_steps(read_facts(look)),
                look.workshop.currency,
            )

    def weigh(self, actor: Actor, weights: Mapping[str, int]) -> None:
        """Count the parts of the score by these weights from now on; parts not named keep the usual.

        Raises:
            Invalid: ``score_weights_invalid``, ``score_weights_empty``.
        """
        actor.require("settings.manage")
        checked = score.check_weights(weights)
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(ScoreWeights)).first()
            row = row or ScoreWeights(workshop_id=actor.workshop_id)
            row.weights = checked
            session.add(row)

    def services(self, actor: Actor, span: Span | None = None) -> ServiceBoard:
        """Services asked, decided, left; wishes the catalogue has not; what follows from it.

        Without a span the year up to today; what a suggestion is worth is only of a year.
        """
        with self._looking(actor) as look:
            return read_board(look, actor.language, span or year_to(look.today))

    @contextmanager
    def _looking(self, actor: Actor) -> Iterator[Look]:
        actor.require("analytics.read")
        with self._db.reading(actor.workshop_id) as session:
            yield _look(session, actor, self._clock)


def _look(session: Session, actor: Actor, clock: Clock) -> Look:
    workshop = session.get_one(Workshop, actor.workshop_id)
    return Look(session, workshop, opening_rules(session, workshop), clock())


def _week(span: Span, presence: Presence, expected: Mapping[date, float]) -> CapacityWeek:
    people = [one for day in span.each() for one in presence.get(day, {}).values()]
    booked = sum(one.booked for one in people) / 60
    # What is booked already comes whatever was expected
    told = [
        max(expected[day], sum(one.booked for one in presence.get(day, {}).values()) / 60)
        for day in span.each()
        if day in expected
    ]
    return CapacityWeek(
        span.first, span.last, booked, sum(told) if told else None, sum(one.present for one in people) / 60
    )
