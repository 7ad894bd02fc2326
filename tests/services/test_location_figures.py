"""The figures of several workshops side by side: each one's own, all together, and never a foreign one's."""

from dataclasses import replace
from random import Random

import pytest

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.figures import sums
from carbot_app.domains.analytics.kinds import INVOICED, NO_SHOW, ORDER_CLOSED, VISITED
from carbot_app.domains.analytics.schemas import Filters, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.analytics.side_by_side import CODES, LocationComparison, LocationFigures
from carbot_app.domains.team.locations import LocationService
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden
from tests.factories import make_membership, make_person, staff_of
from tests.services.busy_workshop import FIRST, LAST, fill_workshop

WEEKS = Span(FIRST, LAST)


@pytest.fixture
def analytics(database: Database, clock: ManualClock) -> AnalyticsService:
    return AnalyticsService(db=database, clock=clock)


@pytest.fixture
def comparison(database: Database, analytics: AnalyticsService) -> LocationComparison:
    return LocationComparison(locations=LocationService(db=database), analytics=analytics)


def busy(database: Database, clock: ManualClock, slug: str, seed: int) -> Workshop:
    workshop = fill_workshop(database, Random(seed), slug=slug).workshop
    EventCollector(db=database, clock=clock).collect(workshop.id)
    return workshop


def member(
    database: Database, workshop: Workshop, person: Person, role: str = "owner", **fields: object
) -> Actor:
    make_membership(database, workshop, person, role, **fields)
    return Actor(
        kind="person", workshop_id=workshop.id, subject_id=person.id, role=role, permissions=PERMISSIONS[role]
    )


def by_slug(database: Database, lines: list[LocationFigures]) -> dict[str, LocationFigures]:
    with database.reading(SYSTEM) as session:
        return {
            session.get_one(Workshop, line.location.workshop_id).slug if line.location else "": line
            for line in lines
        }


def test_each_line_is_the_dashboard_of_its_workshop_and_the_last_one_all_of_it(
    database: Database, clock: ManualClock, analytics: AnalyticsService, comparison: LocationComparison
) -> None:
    workshops = [busy(database, clock, "dortmund", 1), busy(database, clock, "bochum", 2)]
    busy(database, clock, "fremd", 3)
    person = make_person(database)
    actor, _ = (member(database, workshop, person) for workshop in workshops)

    lines = by_slug(database, comparison.compare(actor, WEEKS))

    assert list(lines) == ["dortmund", "bochum", ""], "a workshop the person is no member of is never read"
    for workshop in workshops:
        own = {kpi.code: kpi.value for kpi in analytics.kpis(staff_of(workshop), Question(WEEKS))}
        assert lines[workshop.slug].values == {code: own[code] for code in CODES}
    both, one, other = lines[""].values, lines["dortmund"].values, lines["bochum"].values
    for code in ("new_leads", "bookings", "revenue"):
        assert both[code] == (one[code] or 0) + (other[code] or 0) > 0

    def total(kind: str, what: str) -> float:
        found = 0
        for workshop in workshops:
            with database.reading(workshop.id) as session:
                for counted in sums(session, WEEKS, (kind,), Filters()).values():
                    found += getattr(counted, what)
        return found

    assert both["average_order"] == total(ORDER_CLOSED, "amount_cents") / total(ORDER_CLOSED, "events")
    came = total(VISITED, "events") + total(NO_SHOW, "events")
    assert both["no_show"] == pytest.approx(100 * total(NO_SHOW, "events") / came)
    assert total(INVOICED, "amount_cents") == both["revenue"]
    means = [line["rating"] for line in (one, other)]
    assert both["rating"] != means[0], "an average of all, not of the first"
    assert both["rating"] is not None
    assert min(filter(None, means)) <= both["rating"] <= max(filter(None, means))


def test_every_workshop_is_read_with_the_rights_of_the_membership_there(
    database: Database, clock: ManualClock, comparison: LocationComparison
) -> None:
    person = make_person(database)
    actor = member(database, busy(database, clock, "dortmund", 1), person)
    member(database, busy(database, clock, "bochum", 2), person, "technician")
    member(database, busy(database, clock, "hagen", 3), person, "accountant")
    member(database, busy(database, clock, "beendet", 4), person, active=False)
    member(database, busy(database, clock, "eingeladen", 5), person, active=False, invited_as="Sabine")
    assert list(by_slug(database, comparison.compare(actor, WEEKS))) == ["dortmund", "hagen", ""]


def test_nobody_without_figures_here_reads_those_elsewhere(
    database: Database, clock: ManualClock, comparison: LocationComparison
) -> None:
    person = make_person(database)
    member(database, busy(database, clock, "dortmund", 1), person)
    technician = member(database, busy(database, clock, "bochum", 2), person, "technician")
    with pytest.raises(Forbidden):
        comparison.compare(technician, WEEKS)
    powerful = replace(technician, permissions=frozenset({"analytics.read"}))
    assert list(by_slug(database, comparison.compare(powerful, WEEKS))) == ["dortmund", ""]


def test_money_of_different_currencies_is_not_added(
    database: Database, clock: ManualClock, comparison: LocationComparison
) -> None:
    person = make_person(database)
    actor = member(database, busy(database, clock, "dortmund", 1), person)
    basel = busy(database, clock, "basel", 2)
    with database.writing(SYSTEM) as session:
        session.get_one(Workshop, basel.id).currency = "CHF"
    member(database, basel, person)
    *lines, total = comparison.compare(actor, WEEKS)
    assert [line.currency for line in lines] == ["EUR", "CHF"]
    assert all(line.values["revenue"] for line in lines)
    assert (total.currency, total.values["revenue"], total.values["average_order"]) == ("", None, None)
    assert total.values["bookings"] == sum(line.values["bookings"] or 0 for line in lines)
