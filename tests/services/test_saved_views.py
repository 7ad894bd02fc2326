"""Views of the dashboard belong to the person who saved them."""

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.views import MOST_VIEWS, SavedViews
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories.actors import staff_of
from tests.factories.team import make_membership, make_person, make_workshop

WEEK = "zeitraum=7&kennzahl=bookings"


@pytest.fixture
def views(database: Database) -> SavedViews:
    return SavedViews(db=database)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def somebody(database: Database, workshop: Workshop, name: str = "Jana Krüger") -> Actor:
    person = make_person(database, name=name)
    make_membership(database, workshop, person, "owner")
    return staff_of(workshop, person_id=person.id)


def test_a_view_is_found_again_and_one_of_the_same_name_replaces_it(
    views: SavedViews, database: Database, workshop: Workshop
) -> None:
    jana = somebody(database, workshop)
    views.save_view(jana, "  Meine   Woche ", "zeitraum=30")
    views.save_view(jana, "meine woche", WEEK)
    views.save_view(jana, "Ältere", "zeitraum=jahr")
    assert [(view.name, view.address) for view in views.list_views(jana)] == [
        ("meine woche", WEEK),
        ("Ältere", "zeitraum=jahr"),
    ]


def test_one_view_opens_first_at_most(views: SavedViews, database: Database, workshop: Workshop) -> None:
    jana = somebody(database, workshop)
    one, other = (views.save_view(jana, name, WEEK).id for name in ("A", "B"))
    views.open_first(jana, one, first=True)
    views.open_first(jana, other, first=True)
    assert [view.opens_first for view in views.list_views(jana)] == [False, True]
    views.open_first(jana, other, first=False)
    assert not any(view.opens_first for view in views.list_views(jana))


def test_nobody_sees_or_touches_the_views_of_somebody_else(
    views: SavedViews, database: Database, workshop: Workshop
) -> None:
    jana, emre = (somebody(database, workshop, name) for name in ("Jana", "Emre"))
    elsewhere = somebody(database, make_workshop(database, slug="other"))
    kept = views.save_view(jana, "Woche", WEEK).id
    views.open_first(jana, kept, first=True)
    for stranger in (emre, elsewhere):
        assert views.list_views(stranger) == ()
        with pytest.raises(NotFound):
            views.delete_view(stranger, kept)
        with pytest.raises(NotFound):
            views.open_first(stranger, kept, first=False)
    assert [view.opens_first for view in views.list_views(jana)] == [True]
    views.delete_view(jana, kept)
    assert views.list_views(jana) == ()


def test_a_view_needs_a_name_and_there_is_an_end_to_them(
    views: SavedViews, database: Database, workshop: Workshop
) -> None:
    jana = somebody(database, workshop)
    for name, address in ((" ", WEEK), ("Lang", "x" * 401)):
        with pytest.raises(Invalid):
            views.save_view(jana, name, address)
    for number in range(MOST_VIEWS):
        views.save_view(jana, f"Ansicht {number}", WEEK)
    with pytest.raises(Conflict):
        views.save_view(jana, "Eine mehr", WEEK)


def test_whoever_may_not_see_figures_keeps_no_view_of_them(
    views: SavedViews, database: Database, workshop: Workshop
) -> None:
    with pytest.raises(Forbidden):
        views.list_views(staff_of(workshop, "technician"))
