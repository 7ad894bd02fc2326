"""Members of several workshops: changing between them, being invited to one more, opening a further one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.first_day import FirstDay
from carbot_app.domains.catalog.models import CatalogChange, PriceTerms, Service
from carbot_app.domains.team.locations import LocationService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.schemas import NewLocation, SignedIn
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.factories.front_desk import FrontDesk
from tests.factories.team_services import PASSWORD, TeamServices, team_services

BOCHUM = NewLocation("Müller Bochum", "Bochum", "DE", "NW")


@pytest.fixture
def services(database: Database, clock: ManualClock) -> TeamServices:
    return team_services(database, clock)


@pytest.fixture
def owner(services: TeamServices) -> SignedIn:
    return services.sign_up()


def neighbour(services: TeamServices) -> Actor:
    """The owner of a workshop the other people have nothing to do with."""
    return services.sign_up("Garage Nebenan", "nora@nebenan.de").actor


def invited(
    services: TeamServices, by: Actor, email: str = "sabine@mueller.de", role: str = "manager"
) -> None:
    services.team.invite_member(by, name="Frau Müller", email=email, role=role)


def names(services: TeamServices, actor: Actor) -> list[tuple[str, str, bool, bool]]:
    return [
        (one.name, one.role, one.current, one.invited) for one in services.locations.list_locations(actor)
    ]


def test_changing_the_workshop_goes_on_there_and_ends_the_old_session(
    services: TeamServices, owner: SignedIn, clock: ManualClock
) -> None:
    bochum = services.locations.open_location(owner.actor, BOCHUM)
    clock.advance(timedelta(hours=1))
    there = services.identity.switch_workshop(owner.token, bochum.workshop_id, user_agent="Firefox")
    assert (there.actor.workshop_id, there.actor.subject_id) == (bochum.workshop_id, owner.actor.subject_id)
    assert there.token != owner.token
    assert services.identity.resolve_session(owner.token) is None
    resolved = services.identity.resolve_session(there.token)
    assert resolved is not None
    assert resolved[0] == there.actor
    assert there.expires_at == owner.expires_at, "going to and fro must not keep anybody signed in"
    with pytest.raises(Unauthenticated):
        services.identity.switch_workshop(owner.token, owner.actor.workshop_id)


def test_a_foreign_workshop_is_as_unknown_as_none(services: TeamServices, owner: SignedIn) -> None:
    foreign = neighbour(services)
    for workshop_id in (foreign.workshop_id, new_id()):
        with pytest.raises(NotFound, match="workshop_unknown"):
            services.identity.switch_workshop(owner.token, workshop_id)
    assert services.identity.resolve_session(owner.token) is not None
    assert [name for name, *_ in names(services, owner.actor)] == ["Kfz-Meisterbetrieb Müller"]


def test_a_membership_that_ended_opens_nothing(services: TeamServices, owner: SignedIn) -> None:
    foreign = neighbour(services)
    invited(services, foreign)
    there = services.identity.switch_workshop(owner.token, foreign.workshop_id)
    assert owner.actor.subject_id is not None
    services.team.change_member(foreign, owner.actor.subject_id, active=False)
    assert services.identity.resolve_session(there.token) is None
    back = services.identity.sign_in("sabine@mueller.de", PASSWORD)
    assert back.actor.workshop_id == owner.actor.workshop_id
    with pytest.raises(NotFound, match="workshop_unknown"):
        services.identity.switch_workshop(back.token, foreign.workshop_id)


def test_the_next_sign_in_opens_the_workshop_used_last(
    services: TeamServices, owner: SignedIn, clock: ManualClock
) -> None:
    def signs_in() -> SignedIn:
        clock.advance(timedelta(minutes=5))
        return services.identity.sign_in("sabine@mueller.de", PASSWORD)

    bochum = services.locations.open_location(owner.actor, BOCHUM)
    assert signs_in().actor.workshop_id == owner.actor.workshop_id
    token = signs_in().token
    clock.advance(timedelta(minutes=5))
    there = services.identity.switch_workshop(token, bochum.workshop_id)
    services.identity.sign_out(there.token)
    again = signs_in()
    assert again.actor.workshop_id == bochum.workshop_id
    clock.advance(timedelta(minutes=5))
    services.identity.switch_workshop(again.token, owner.actor.workshop_id)
    assert signs_in().actor.workshop_id == owner.actor.workshop_id


def test_who_has_an_account_is_asked_and_joins_by_going_there(
    services: TeamServices, owner: SignedIn
) -> None:
    foreign = neighbour(services)
    invited(services, foreign)
    mail = services.mails()[-1]
    assert (mail.to_address, mail.workshop_id) == ("sabine@mueller.de", foreign.workshop_id)
    assert "/anmelden/" in mail.text
    assert "token=" not in mail.text, "a mail of another workshop must not touch the password"
    (member,) = [one for one in services.team.list_members(foreign) if one.email == "sabine@mueller.de"]
    assert (member.name, member.active, member.invited) == ("Frau Müller", False, True)
    assert [actor.workshop_id for _, actor in services.locations.list_actors(owner.actor)] == [
        owner.actor.workshop_id
    ]
    assert names(services, owner.actor)[1] == ("Garage Nebenan", "manager", False, True)

    there = services.identity.switch_workshop(owner.token, foreign.workshop_id)
    assert there.actor.role == "manager"
    (member,) = [one for one in services.team.list_members(foreign) if one.email == "sabine@mueller.de"]
    assert (member.name, member.active, member.invited) == ("Sabine Müller", True, False)
    assert names(services, there.actor)[1] == ("Garage Nebenan", "manager", True, False)


def test_an_open_invitation_can_be_repeated_and_taken_back_but_not_accepted_by_others(
    services: TeamServices, owner: SignedIn
) -> None:
    foreign = neighbour(services)
    invited(services, foreign)
    invited(services, foreign, role="technician")
    assert names(services, owner.actor)[1][1] == "technician"
    assert owner.actor.subject_id is not None
    with pytest.raises(Conflict, match="member_invited"):
        services.team.change_member(foreign, owner.actor.subject_id, active=True)
    assert not services.team.change_member(foreign, owner.actor.subject_id, active=False).active
    assert len(names(services, owner.actor)) == 1
    with pytest.raises(NotFound, match="workshop_unknown"):
        services.identity.switch_workshop(owner.token, foreign.workshop_id)
    assert services.team.get_profile(owner.actor).name == "Sabine Müller"


def test_who_left_everywhere_accepts_by_signing_in(services: TeamServices, owner: SignedIn) -> None:
    services.team.invite_member(owner.actor, name="Tim", email="tim@mueller.de", role="technician")
    tim = services.identity.reset_password(services.mailed_token(), PASSWORD).actor
    assert tim.subject_id is not None
    services.team.change_member(owner.actor, tim.subject_id, active=False)
    foreign = neighbour(services)
    invited(services, foreign, "tim@mueller.de", "front_desk")
    back = services.identity.sign_in("tim@mueller.de", PASSWORD).actor
    assert (back.workshop_id, back.role) == (foreign.workshop_id, "front_desk")


def test_who_has_chosen_no_password_yet_gets_a_link_for_it(services: TeamServices, owner: SignedIn) -> None:
    foreign = neighbour(services)
    invited(services, owner.actor, "tim@mueller.de", "technician")
    invited(services, foreign, "tim@mueller.de", "front_desk")
    tim = services.identity.reset_password(services.mailed_token(), PASSWORD).actor
    assert tim.workshop_id == owner.actor.workshop_id
    assert names(services, tim)[1] == ("Garage Nebenan", "front_desk", False, True)


def test_a_further_location_is_like_the_first_and_its_owner_the_same(
    services: TeamServices, owner: SignedIn
) -> None:
    with services.database.writing(SYSTEM) as session:
        first = session.get_one(Workshop, owner.actor.workshop_id)
        first.street, first.phone, first.vat_id = "Rheinische Str. 41", "0231 / 555 01 20", "DE123456788"
        first.opening_hours, first.accent_hue = {"1": [["09:00", "12:00"]]}, 28.0
    made = services.locations.open_location(owner.actor, BOCHUM)
    ((_, there),) = [
        one for one in services.locations.list_actors(owner.actor) if one[1].workshop_id == made.workshop_id
    ]
    assert (there.role, there.subject_id) == ("owner", owner.actor.subject_id)
    view = services.team.get_workshop(there)
    assert (view.slug, view.city, view.region) == ("mueller-bochum", "Bochum", "NW")
    assert (view.street, view.phone) == ("", ""), "an address is each location's own"
    assert (view.vat_id, view.email, view.accent_hue) == ("DE123456788", "sabine@mueller.de", 28.0)
    assert view.opening_hours == {"1": [["09:00", "12:00"]]}
    assert services.first_day.models == [None, owner.actor.workshop_id]


def test_abroad_neither_prices_nor_legal_facts_are_right(services: TeamServices, owner: SignedIn) -> None:
    with services.database.writing(SYSTEM) as session:
        session.get_one(Workshop, owner.actor.workshop_id).vat_id = "DE123456788"
    services.locations.open_location(owner.actor, NewLocation("Müller Basel", "Basel", "CH", "BS"))
    (_, (_, there)) = services.locations.list_actors(owner.actor)
    view = services.team.get_workshop(there)
    assert (view.currency, view.timezone, view.vat_id) == ("CHF", "Europe/Zurich", "")
    assert services.first_day.models == [None, None]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (NewLocation(" ", "Bochum", "DE"), "name"),
        (NewLocation("Müller", "  ", "DE"), "city"),
        (NewLocation("Müller", "Bochum", "FR"), "country"),
        (NewLocation("Müller", "Bochum", "DE", "ZH"), "region"),
    ],
)
def test_a_further_location_needs_what_it_cannot_do_without(
    services: TeamServices, owner: SignedIn, wish: NewLocation, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.locations.open_location(owner.actor, wish)
    assert refused.value.field == field
    assert len(names(services, owner.actor)) == 1


def test_only_owners_open_a_location(services: TeamServices, owner: SignedIn) -> None:
    manager = staff_of(make_workshop(services.database), "manager")
    with pytest.raises(Forbidden):
        services.locations.open_location(manager, BOCHUM)


def test_services_prices_and_terms_are_taken_over_without_their_history(
    database: Database, desk: FrontDesk, services: TeamServices, owner: SignedIn
) -> None:
    setup, first = FirstDay(desk.catalog, desk.booking), owner.actor.workshop_id
    with database.writing(SYSTEM) as session:
        setup.prepare(session, session.get_one(Workshop, first))
    with database.writing(first) as session:
        service = session.exec(select(Service).where(Service.code == "ENG-OIL-001")).one()
        service.price_min_cents, service.own_fields = 12_345, ["price_min_cents"]
        session.add(PriceTerms(workshop_id=first, rates={"mechanics": 9_900}))
        session.add(CatalogChange(workshop_id=first, kind="edit"))
    made = LocationService(db=database, setups=(setup,)).open_location(owner.actor, BOCHUM)

    def counted(workshop_id: UUID) -> int:
        with database.reading(workshop_id) as session:
            return len(session.exec(select(Service.id)).all())

    with database.reading(made.workshop_id) as session:
        copy = session.exec(select(Service).where(Service.code == "ENG-OIL-001")).one()
        assert (copy.price_min_cents, copy.own_fields) == (12_345, ["price_min_cents"])
        assert copy.id != service.id
        assert session.exec(select(PriceTerms)).one().rates == {"mechanics": 9_900}
        assert session.exec(select(CatalogChange)).all() == []
    assert counted(made.workshop_id) == counted(first) > 300
