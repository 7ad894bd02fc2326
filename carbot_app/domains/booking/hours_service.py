"""Use cases around special days, public holidays and how a workshop plans."""

from datetime import date, datetime, time
from uuid import UUID

import holidays
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.booking.affected import describe_visits, visits_outside_hours
from carbot_app.domains.booking.availability import Calendar, booking_terms, get_workshop
from carbot_app.domains.booking.labels import day_label
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import OpeningRules, public_holidays
from carbot_app.domains.booking.planning import LOANER
from carbot_app.domains.booking.resource_rules import clean_special_days, clean_terms
from carbot_app.domains.booking.resource_schemas import (
    HolidayView,
    PlanningTerms,
    Season,
    SpecialDaysDraft,
    SpecialDaysSaved,
    SpecialDaysView,
)
from carbot_app.domains.booking.resource_views import special_days_view
from carbot_app.domains.booking.slots import days_from
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

_NAMES_IN = {"en": "en_US"}
"""Reader's language → language of the names of holidays; others get them in German, as on a calendar here."""
_YEARS = (2000, 2199)


class HoursService:
    """Seeing needs ``bookings.read``, changing ``settings.manage``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def list_special_days(self, actor: Actor) -> list[SpecialDaysView]:
        """Days with other hours that are not over, in order."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            today = self._today(Calendar.read(session, workshop).rules)
            return _special_days(session, actor, col(Closure.ends_on) >= today)

    def add_special_days(self, actor: Actor, draft: SpecialDaysDraft) -> SpecialDaysSaved:
        """Enter a closure or other hours; visits outside them are returned and stay.

        Raises Invalid (see clean_special_days), Conflict special_days_known for days entered before and
        holiday_closed_anyway for a public holiday on which it is closed as it is.
        """
        actor.require("settings.manage")
        draft = clean_special_days(draft)
        with self._db.writing(actor.workshop_id) as session:
            workshop = _locked_workshop(session, actor)
            known = _special_days(session, actor, *_touching(draft))
            if any((one.starts_on, one.ends_on) == (draft.starts_on, draft.ends_on) for one in known):
                raise Conflict("special_days_known", field="starts_on")
            if not draft.hours and not known:
                _require_working_day(workshop, draft, actor.language)
            row = Closure(
                workshop_id=actor.workshop_id,
                starts_on=draft.starts_on,
                ends_on=draft.ends_on,
                hours=[list(span) for span in draft.hours],
                reason=draft.reason,
            )
            session.add(row)
            session.flush()
            _told(session, actor)
            calendar = Calendar.read(session, workshop)
            midnight = datetime.combine(draft.starts_on, time(), calendar.rules.zone)
            ids = visits_outside_hours(
                session,
                calendar,
                calendar.rules,
                (draft.ends_on - draft.starts_on).days + 1,
                midnight,
                now=self._clock(),
            )
            affected = describe_visits(session, calendar, ids, language=actor.language)
            return SpecialDaysSaved(special_days_view(row, actor.language), tuple(known), affected)

    def remove_special_days(self, actor: Actor, days_id: UUID) -> None:
        """The usual hours count again. Raises NotFound special_days_unknown."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            query = select(Closure).where(Closure.workshop_id == actor.workshop_id, Closure.id == days_id)
            row = session.exec(query).first()
            if row is None:
                raise NotFound("special_days_unknown")
            session.delete(row)
            _told(session, actor)

    def list_holidays(self, actor: Actor, year: int) -> list[HolidayView]:
        """Public holidays of the workshop's region in a year. Raises Invalid date_out_of_range."""
        actor.require("bookings.read")
        if not _YEARS[0] <= year <= _YEARS[1]:
            raise Invalid("date_out_of_range", field="year")
        with self._db.reading(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            rules = Calendar.read(session, workshop).rules
        names = _holiday_names(workshop, year, actor.language)
        return [
            HolidayView(
                on=on, name=names[on], when=day_label(on, actor.language), open=not rules.is_closed(on)
            )
            for on in sorted(public_holidays(workshop.country, workshop.region, year))
        ]

    def get_terms(self, actor: Actor) -> PlanningTerms:
        """How the workshop plans; the defaults when it has not said."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            row = booking_terms(session, actor.workshop_id)
            return PlanningTerms(
                buffer_minutes=row.buffer_minutes,
                waiting_limit_minutes=row.waiting_limit_minutes,
                seasons=tuple(
                    Season(season["from"], season["to"], season["bay"], tuple(map(UUID, season["resources"])))
                    for season in row.seasons
                ),
            )

    def set_terms(self, actor: Actor, terms: PlanningTerms) -> PlanningTerms:
        """Store; from now on, what is booked stays as it is. Raises Invalid (see clean_terms)."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            _locked_workshop(session, actor)
            active = session.exec(
                select(Resource.id).where(
                    Resource.workshop_id == actor.workshop_id,
                    Resource.kind != LOANER,
                    col(Resource.active),
                )
            ).all()
            terms = clean_terms(terms, set(active))
            row = booking_terms(session, actor.workshop_id)
            row.buffer_minutes = terms.buffer_minutes
            row.waiting_limit_minutes = terms.waiting_limit_minutes
            row.seasons = [
                {
                    "from": season.first,
                    "to": season.last,
                    "bay": season.bay,
                    "resources": list(map(str, season.resources)),
                }
                for season in terms.seasons
            ]
            session.add(row)
            _told(session, actor)
            return terms

    def _today(self, rules: OpeningRules) -> date:
        return rules.local_date(self._clock())


def _locked_workshop(session: Session, actor: Actor) -> Workshop:
    # Two people entering the same at the same moment: one after the other
    query = select(Workshop).where(Workshop.id == actor.workshop_id)
    return session.exec(query.with_for_update(key_share=True)).one()


def _touching(draft: SpecialDaysDraft) -> tuple[object, ...]:
    return col(Closure.ends_on) >= draft.starts_on, col(Closure.starts_on) <= draft.ends_on


def _special_days(session: Session, actor: Actor, *conditions: object) -> list[SpecialDaysView]:
    rows = session.exec(
        select(Closure)
        .where(Closure.workshop_id == actor.workshop_id, *conditions)  # pyright: ignore[reportArgumentType]
        .order_by(col(Closure.starts_on), col(Closure.id))
    ).all()
    return [special_days_view(row, actor.language) for row in rows]


def _require_working_day(workshop: Workshop, draft: SpecialDaysDraft, language: str) -> None:
    days = days_from(draft.starts_on, (draft.ends_on - draft.starts_on).days + 1)
    if all(day in public_holidays(workshop.country, workshop.region, day.year) for day in days):
        name = _holiday_names(workshop, draft.starts_on.year, language)[draft.starts_on]
        raise Conflict("holiday_closed_anyway", field="starts_on", name=name)


def _holiday_names(workshop: Workshop, year: int, language: str) -> dict[date, str]:
    subdivision = workshop.region.removeprefix(f"{workshop.country}-") or None
    named = {"years": year, "language": _NAMES_IN.get(language, "de")}
    try:
        return dict(holidays.country_holidays(workshop.country, subdiv=subdivision, **named))
    except NotImplementedError:
        return dict(holidays.country_holidays(workshop.country, **named))


def _told(session: Session, actor: Actor) -> None:
    emit(session, actor.workshop_id, "resources.changed")
