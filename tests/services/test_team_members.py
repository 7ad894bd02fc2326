"""Settings, members, roles and keys of a workshop, and the wall to the next one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.models import ApiKey
from carbot_app.domains.team.roles import ROLES
from carbot_app.domains.team.schemas import WorkshopSettings, WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from carbot_app.kit.ids import new_id
from tests.factories import make_membership, make_person, make_workshop, staff_of
from tests.factories.team_services import TeamServices, team_services

PASSWORD = "vier worte ohne sinn"


@pytest.fixture
def services(database: Database, clock: ManualClock) -> TeamServices:
    return team_services(database, clock)


@pytest.fixture
def owner(services: TeamServices) -> Actor:
    return services.sign_up().actor


def settings_of(view: WorkshopView, **changes: Any) -> WorkshopSettings:
    return WorkshopSettings(**{name: getattr(view, name) for name in WorkshopSettings.__slots__} | changes)


def invite(services: TeamServices, actor: Actor, email: str, role: str = "technician") -> Actor:
    """Invite somebody and accept for them."""
    services.team.invite_member(actor, name=email.partition("@")[0], email=email, role=role)
    return services.identity.reset_password(services.mailed_token(), PASSWORD).actor


def test_an_owner_changes_the_settings_and_others_hear_of_it(services: TeamServices, owner: Actor) -> None:
    view = services.team.get_workshop(owner)
    changed = services.team.update_workshop(
        owner, settings_of(view, name=" Garage  Meier ", country="CH", region="ZH", phone="044 668 18 00")
    )
    assert (changed.name, changed.currency, changed.timezone) == ("Garage Meier", "CHF", "Europe/Zurich")
    assert changed.phone_href == "tel:+41446681800"
    assert services.team.get_workshop(owner) == changed
    with services.database.reading(SYSTEM) as session:
        assert session.exec(select(OutboxEvent.kind)).all() == ["workshop.changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 121),
        ("country", "FR"),
        ("region", "Bayern"),
        ("phone", "12"),
        ("email", "keine"),
        ("website", "javascript:alert(1)"),
        ("accent_hue", 361.0),
        ("accent_chroma", float("nan")),
        ("opening_hours", {"1": [["12:00", "08:00"]]}),
    ],
)
def test_wrong_settings_are_refused_by_field(
    services: TeamServices, owner: Actor, field: str, value: Any
) -> None:
    view = services.team.get_workshop(owner)
    with pytest.raises(Invalid) as refused:
        services.team.update_workshop(owner, settings_of(view, **{field: value}))
    assert refused.value.field == field
    assert services.team.get_workshop(owner) == view


def test_the_public_face_is_cached_for_five_seconds(
    services: TeamServices, owner: Actor, clock: ManualClock, database: Database
) -> None:
    view = services.team.get_workshop(owner)
    assert services.team.find_public_workshop(view.slug) == view
    elsewhere = team_services(database, clock).team
    changed = elsewhere.update_workshop(owner, settings_of(view, short_name="Neu"))
    assert services.team.find_public_workshop(view.slug) == view
    clock.advance(timedelta(seconds=5))
    assert services.team.find_public_workshop(view.slug) == changed
    services.team.update_workshop(owner, settings_of(view, short_name="Sofort"))
    assert services.team.get_public_workshop(view.slug).short_name == "Sofort"


@pytest.mark.parametrize("slug", ["unbekannt", "", "\x00", "../etc", "x" * 100_000])
def test_an_unknown_address_is_not_found(services: TeamServices, owner: Actor, slug: str) -> None:
    assert services.team.find_public_workshop(slug) is None
    with pytest.raises(NotFound, match="workshop_unknown"):
        services.team.get_public_workshop(slug)


def test_public_and_system_actors_have_their_permissions(services: TeamServices, owner: Actor) -> None:
    workshop = services.team.get_workshop(owner)
    customer = services.team.public_actor(workshop, language="tr")
    assert (customer.kind, customer.language, customer.can("inbox.read")) == ("customer", "tr", False)
    assert services.team.public_actor(workshop, language="xx").language == "de"
    system = services.team.system_actor(workshop.id)
    assert all(system.can(p) for p in ("team.owners", "public.book", "inbox.reply"))


def test_an_invited_person_chooses_a_password_and_works_with_their_role(
    services: TeamServices, owner: Actor
) -> None:
    view = services.team.invite_member(owner, name="Tim", email="Tim@mueller.de", role="technician")
    assert (view.email, view.role, view.active, view.last_seen_at) == (
        "tim@mueller.de",
        "technician",
        True,
        None,
    )
    mail = services.mails()[-1]
    assert (mail.kind, mail.to_address) == ("invitation", "tim@mueller.de")
    with pytest.raises(Unauthenticated):
        services.identity.sign_in("tim@mueller.de", "")
    tim = services.identity.reset_password(services.mailed_token(), PASSWORD).actor
    assert (tim.role, tim.workshop_id) == ("technician", owner.workshop_id)
    names = [member.name for member in services.team.list_members(owner)]
    assert names == ["Sabine Müller", "Tim"]


def test_an_invitation_lasts_a_week_and_can_be_sent_again(
    services: TeamServices, owner: Actor, clock: ManualClock
) -> None:
    services.team.invite_member(owner, name="Tim", email="tim@mueller.de", role="technician")
    first = services.mailed_token()
    clock.advance(timedelta(days=7))
    with pytest.raises(Gone):
        services.identity.reset_password(first, PASSWORD)
    view = services.team.invite_member(owner, name="Tim T.", email="tim@mueller.de", role="front_desk")
    assert (view.name, view.role) == ("Tim T.", "front_desk")
    assert services.identity.reset_password(services.mailed_token(), PASSWORD).actor.role == "front_desk"


def test_nobody_is_invited_twice(services: TeamServices, owner: Actor) -> None:
    invite(services, owner, "tim@mueller.de")
    with pytest.raises(Conflict, match="member_exists"):
        services.team.invite_member(owner, name="X", email="tim@mueller.de", role="manager")
    with pytest.raises(Invalid, match="role_unknown"):
        services.team.invite_member(owner, name="X", email="x@mueller.de", role="admin")


def test_only_owners_make_or_change_owners(services: TeamServices, owner: Actor) -> None:
    manager = invite(services, owner, "mona@mueller.de", "manager")
    assert owner.subject_id is not None
    with pytest.raises(Forbidden):
        services.team.invite_member(manager, name="X", email="x@mueller.de", role="owner")
    changes: tuple[dict[str, Any], ...] = ({"role": "technician"}, {"active": False})
    for change in changes:
        with pytest.raises(Forbidden):
            services.team.change_member(manager, owner.subject_id, **change)
    assert manager.subject_id is not None
    with pytest.raises(Forbidden):
        services.team.change_member(manager, manager.subject_id, role="owner")


def test_the_last_owner_stays_owner(services: TeamServices, owner: Actor) -> None:
    assert owner.subject_id is not None
    changes: tuple[dict[str, Any], ...] = ({"role": "manager"}, {"active": False})
    for change in changes:
        with pytest.raises(Conflict, match="last_owner"):
            services.team.change_member(owner, owner.subject_id, **change)
    second = invite(services, owner, "zwei@mueller.de", "owner")
    assert services.team.change_member(second, owner.subject_id, role="manager").role == "manager"


def test_two_owners_cannot_remove_each_other_at_the_same_moment(services: TeamServices, owner: Actor) -> None:
    second = invite(services, owner, "zwei@mueller.de", "owner")

    def remove(pair: tuple[Actor, Actor]) -> str:
        actor, other = pair
        assert other.subject_id is not None
        try:
            services.team.change_member(actor, other.subject_id, active=False)
        except AppError as error:
            return error.code
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(remove, [(owner, second), (second, owner)]))
    assert outcomes == ["last_owner", "removed"]


def test_leaving_ends_access_at_once_and_a_new_role_counts_at_once(
    services: TeamServices, owner: Actor
) -> None:
    tim = invite(services, owner, "tim@mueller.de")
    assert tim.subject_id is not None
    token = services.identity.sign_in("tim@mueller.de", PASSWORD).token
    services.team.change_member(owner, tim.subject_id, role="manager")
    resolved = services.identity.resolve_session(token)
    assert resolved is not None
    assert resolved[0].can("team.manage")
    services.team.change_member(owner, tim.subject_id, active=False)
    assert services.identity.resolve_session(token) is None
    with pytest.raises(Unauthenticated):
        services.identity.sign_in("tim@mueller.de", PASSWORD)
    sent = len(services.mails())
    services.identity.request_password_reset("tim@mueller.de", language="de")
    assert len(services.mails()) == sent


def test_a_profile_is_ones_own(services: TeamServices, owner: Actor) -> None:
    tim = invite(services, owner, "tim@mueller.de")
    profile: dict[str, Any] = {
        "name": "Tim Tischler",
        "language": "pl",
        "push_quiet_from": "22:00",
        "push_quiet_to": "06:30",
        "push_hot_always": False,
    }
    view = services.team.update_profile(tim, **profile)
    assert (view.name, view.language, view.push_quiet_to, view.push_hot_always) == (
        "Tim Tischler",
        "pl",
        "06:30",
        False,
    )
    for field, value in (
        ("language", "fr"),
        ("push_quiet_to", ""),
        ("push_quiet_from", "25:00"),
        ("name", ""),
    ):
        with pytest.raises(Invalid) as refused:
            services.team.update_profile(tim, **{**profile, field: value})
        assert refused.value.field == field


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"owner", "manager"}])
def test_other_roles_manage_neither_team_nor_settings_nor_keys(services: TeamServices, role: str) -> None:
    workshop = make_workshop(services.database)
    actor = staff_of(workshop, role)
    settings = settings_of(services.team.get_workshop(actor))
    attempts = (
        lambda: services.team.list_members(actor),
        lambda: services.team.invite_member(actor, name="X", email="x@x.de", role="technician"),
        lambda: services.team.change_member(actor, new_id(), role="manager"),
        lambda: services.team.update_workshop(actor, settings),
        lambda: services.api_keys.list_api_keys(actor),
        lambda: services.api_keys.create_api_key(actor, name="X", scopes=["inbox.read"]),
        lambda: services.api_keys.revoke_api_key(actor, new_id()),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_an_api_key_acts_with_its_scopes_until_revoked(services: TeamServices, owner: Actor) -> None:
    view, secret = services.api_keys.create_api_key(
        owner, name=" DMS ", scopes=["inbox.read", "catalog.read", "inbox.read"]
    )
    assert secret.startswith(view.prefix)
    assert (view.name, view.scopes) == ("DMS", ("catalog.read", "inbox.read"))
    actor = services.api_keys.resolve_api_key(secret)
    assert actor is not None
    assert (actor.kind, actor.workshop_id) == ("api_key", owner.workshop_id)
    assert actor.permissions == {"inbox.read", "catalog.read"}
    assert services.api_keys.list_api_keys(owner)[0].last_used_at is not None
    assert services.api_keys.revoke_api_key(owner, view.id).revoked_at is not None
    services.api_keys.revoke_api_key(owner, view.id)
    assert services.api_keys.resolve_api_key(secret) is None
    for forged in ("", "cb_", "cb_forged", secret[:-1], "\x00", "Bearer " + secret):
        assert services.api_keys.resolve_api_key(forged) is None
    with services.database.reading(SYSTEM) as session:
        assert secret not in repr(session.exec(select(ApiKey)).one())


@pytest.mark.parametrize("scopes", [[], ["team.manage"], ["inbox.read", "*"]])
def test_a_key_gets_only_scopes_meant_for_keys(
    services: TeamServices, owner: Actor, scopes: list[str]
) -> None:
    with pytest.raises(Invalid, match="scope_unknown"):
        services.api_keys.create_api_key(owner, name="X", scopes=scopes)


def test_nothing_of_another_workshop_can_be_read_or_changed(services: TeamServices, owner: Actor) -> None:
    other = services.sign_up("Fremd", "fremd@fremd.de").actor
    assert other.subject_id is not None
    key, _ = services.api_keys.create_api_key(other, name="Fremd", scopes=["inbox.read"])
    assert services.api_keys.list_api_keys(owner) == []
    assert [m.email for m in services.team.list_members(owner)] == ["sabine@mueller.de"]
    with pytest.raises(NotFound):
        services.api_keys.revoke_api_key(owner, key.id)
    with pytest.raises(NotFound):
        services.team.change_member(owner, other.subject_id, active=False)
    assert services.team.get_workshop(replace(owner, workshop_id=other.workshop_id)).name == "Fremd"


def test_the_last_sign_of_life_counts_only_in_this_workshop(services: TeamServices, owner: Actor) -> None:
    elsewhere = make_workshop(services.database, "zweitbetrieb")
    person = make_person(services.database, name="Zoe")
    make_membership(services.database, elsewhere, person)
    view = services.team.list_members(staff_of(elsewhere))[0]
    assert (view.name, view.last_seen_at) == ("Zoe", None)
    assert services.team.list_members(owner)[0].last_seen_at is not None


def test_search_engines_get_every_public_address(services: TeamServices, owner: Actor) -> None:
    make_workshop(services.database, "auto-adler")
    assert services.team.list_public_slugs() == ["auto-adler", "kfz-meisterbetrieb-mueller"]


def test_a_key_is_remembered_for_five_seconds_but_not_after_its_end(
    services: TeamServices, owner: Actor, clock: ManualClock
) -> None:
    view, secret = services.api_keys.create_api_key(owner, name="DMS", scopes=["inbox.read"])
    assert services.api_keys.find_recent(secret) is None
    actor = services.api_keys.resolve_api_key(secret)
    assert services.api_keys.find_recent(secret) == actor
    clock.advance(timedelta(seconds=5))
    assert services.api_keys.find_recent(secret) is None
    services.api_keys.resolve_api_key(secret)
    services.api_keys.revoke_api_key(owner, view.id)
    assert services.api_keys.find_recent(secret) is None
