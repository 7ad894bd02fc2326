"""Sign-up, sign-in, sessions and passwords on both engines."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.adapters.identity.argon2 import Argon2PasswordHasher
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.models import LoginSession, Person, Workshop
from carbot_app.domains.team.schemas import SignUp
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from carbot_app.kit.ids import new_id
from tests.factories import customer_of, make_workshop
from tests.factories.team_services import CHEAP_HASHER, PASSWORD, TeamServices, team_services

NEW_PASSWORD = "andere worte ohne sinn"


@pytest.fixture
def services(database: Database, clock: ManualClock) -> TeamServices:
    return team_services(database, clock)


def test_a_sign_up_creates_workshop_owner_and_first_day_and_signs_in(services: TeamServices) -> None:
    signed_in = services.sign_up()
    assert (signed_in.actor.role, signed_in.actor.name) == ("owner", "Sabine Müller")
    workshop = services.team.get_workshop(signed_in.actor)
    assert workshop.slug == "kfz-meisterbetrieb-mueller"
    assert workshop.opening_hours["5"] == [["08:00", "12:00"], ["13:00", "17:00"]]
    assert "6" not in workshop.opening_hours
    assert services.first_day.prepared == [workshop.slug]
    resolved = services.identity.resolve_session(signed_in.token)
    assert resolved is not None
    assert resolved[0] == signed_in.actor


def test_workshops_of_the_same_name_get_different_addresses(services: TeamServices) -> None:
    actors = [services.sign_up("Müller", f"{n}@mueller.de").actor for n in range(3)]
    slugs = [services.team.get_workshop(actor).slug for actor in actors]
    assert slugs == ["mueller", "mueller-dortmund", "mueller-2"]


def test_a_second_sign_up_with_the_same_address_creates_nothing(services: TeamServices) -> None:
    services.sign_up()
    with pytest.raises(Conflict, match="email_taken"):
        services.sign_up("Zweite", "SABINE@mueller.de")
    with services.database.reading(SYSTEM) as session:
        assert len(session.exec(select(Workshop)).all()) == 1


def test_simultaneous_sign_ups_with_one_address_create_one_workshop(services: TeamServices) -> None:
    def attempt(number: int) -> str:
        try:
            services.sign_up(f"Werkstatt {number}")
        except AppError as error:
            return type(error).__name__
        return "created"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))
    assert outcomes == ["Conflict", "Conflict", "Conflict", "created"]


def test_sign_up_says_which_field_is_wrong(services: TeamServices) -> None:
    good = {"workshop_name": "A", "city": "B", "person_name": "C", "email": "a@b.de", "password": PASSWORD}
    bad = {"workshop_name": " \x00 ", "person_name": "x" * 121, "email": "keine", "password": "kurz"}
    for field, value in bad.items():
        with pytest.raises(Invalid) as refused:
            services.identity.sign_up(SignUp(**{**good, field: value}))
        assert refused.value.field == field


def test_sign_up_can_be_closed(database: Database, clock: ManualClock) -> None:
    with pytest.raises(Forbidden, match="signup_closed"):
        team_services(database, clock, signup_open=False).sign_up()


def test_signing_in_needs_the_right_password(services: TeamServices) -> None:
    owner = services.sign_up()
    signed_in = services.identity.sign_in(" Sabine@Mueller.de ", PASSWORD, user_agent="Firefox")
    assert signed_in.actor == owner.actor
    assert signed_in.token != owner.token
    for email, password in (
        ("sabine@mueller.de", "falsch"),
        ("unbekannt@mueller.de", PASSWORD),
        ("sabine@mueller.de\x00", "falsch"),
        ("", ""),
        ("x" * 10_000, "x" * 10_000),
    ):
        with pytest.raises(Unauthenticated, match="sign_in_failed"):
            services.identity.sign_in(email, password)


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    services: TeamServices, clock: ManualClock
) -> None:
    services.sign_up()
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            services.identity.sign_in("sabine@mueller.de", "falsch")
    with pytest.raises(Unauthenticated, match="sign_in_failed"):
        services.identity.sign_in("sabine@mueller.de", PASSWORD)
    clock.advance(timedelta(minutes=15, seconds=1))
    assert services.identity.sign_in("sabine@mueller.de", PASSWORD).actor.role == "owner"


def test_parallel_guesses_are_all_counted(services: TeamServices) -> None:
    services.sign_up()

    def guess(_: int) -> None:
        with pytest.raises(Unauthenticated):
            services.identity.sign_in("sabine@mueller.de", "falsch")

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(guess, range(5)))
    with services.database.reading(SYSTEM) as session:
        assert session.exec(select(Person.locked_until)).one() is not None


def test_a_success_forgets_earlier_failures(services: TeamServices) -> None:
    services.sign_up()
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(Unauthenticated):
                services.identity.sign_in("sabine@mueller.de", "falsch")
        services.identity.sign_in("sabine@mueller.de", PASSWORD)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    sqlite_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    services = team_services(database, clock)
    hasher = Argon2PasswordHasher(time_cost=2, memory_kib=16_384, parallelism=1)
    monkeypatch.setattr(services.identity, "_hasher", hasher)
    services.sign_up()

    def median_seconds(email: str) -> float:
        taken = []
        for _ in range(5):
            clock.advance(timedelta(hours=1))
            started = time.process_time()
            with pytest.raises(Unauthenticated):
                services.identity.sign_in(email, "falsch")
            taken.append(time.process_time() - started)
        return statistics.median(taken)

    median_seconds("warm@up.de")
    assert median_seconds("unbekannt@mueller.de") > 0.5 * median_seconds("sabine@mueller.de")
    database.close()


def test_a_stronger_hash_replaces_an_outdated_one_at_sign_in(services: TeamServices) -> None:
    services.sign_up()
    with services.database.writing(SYSTEM) as session:
        person = session.exec(select(Person)).one()
        weaker = Argon2PasswordHasher(time_cost=1, memory_kib=512, parallelism=1)
        person.password_hash = weaker.hash(PASSWORD)
    services.identity.sign_in("sabine@mueller.de", PASSWORD)
    with services.database.reading(SYSTEM) as session:
        assert not CHEAP_HASHER.is_outdated(session.exec(select(Person.password_hash)).one())


def test_the_database_never_holds_a_token_or_password(services: TeamServices) -> None:
    signed_in = services.sign_up()
    with services.database.reading(SYSTEM) as session:
        person, login = session.exec(select(Person)).one(), session.exec(select(LoginSession)).one()
    assert person.password_hash.startswith("$argon2id$")
    assert signed_in.token not in repr((person, login))
    assert PASSWORD not in repr(person)


def test_a_session_ends_when_unused_or_at_its_absolute_age(
    services: TeamServices, clock: ManualClock
) -> None:
    token = services.sign_up().token
    for _ in range(11):
        clock.advance(timedelta(minutes=60))
        assert services.identity.resolve_session(token) is not None
    clock.advance(timedelta(minutes=61))
    assert services.identity.resolve_session(token) is None
    idle = services.identity.sign_in("sabine@mueller.de", PASSWORD).token
    clock.advance(timedelta(minutes=121))
    assert services.identity.resolve_session(idle) is None


def test_use_is_noted_once_a_minute_at_most(services: TeamServices, clock: ManualClock) -> None:
    token = services.sign_up().token
    first = clock.now
    clock.advance(timedelta(seconds=59))
    resolved = services.identity.resolve_session(token)
    assert resolved is not None
    assert resolved[1].last_seen_at == first
    clock.advance(timedelta(seconds=1))
    resolved = services.identity.resolve_session(token)
    assert resolved is not None
    assert resolved[1].last_seen_at == clock.now


@pytest.mark.parametrize("token", ["", "forged", "\x00", "x" * 100_000, "ü\ud800"])
def test_a_forged_cookie_is_nobody(services: TeamServices, token: str) -> None:
    services.sign_up()
    assert services.identity.resolve_session(token) is None
    services.identity.sign_out(token)


def test_signing_out_ends_only_this_session(services: TeamServices) -> None:
    first = services.sign_up().token
    second = services.identity.sign_in("sabine@mueller.de", PASSWORD).token
    services.identity.sign_out(first)
    assert services.identity.resolve_session(first) is None
    assert services.identity.resolve_session(second) is not None


def test_own_sessions_are_listed_and_revoked_but_not_those_of_others(services: TeamServices) -> None:
    mine, theirs = services.sign_up(), services.sign_up("Fremd", "fremd@fremd.de")
    phone = services.identity.sign_in("sabine@mueller.de", PASSWORD, user_agent="iPhone\nSafari")
    listed = services.identity.list_sessions(mine.actor, current_token=mine.token)
    assert {(s.user_agent, s.current) for s in listed} == {("", True), ("iPhone Safari", False)}
    foreign = services.identity.list_sessions(theirs.actor, current_token=theirs.token)[0]
    for unreachable in (foreign.id, new_id()):
        with pytest.raises(NotFound):
            services.identity.revoke_session(mine.actor, unreachable)
    services.identity.revoke_session(mine.actor, next(s.id for s in listed if not s.current))
    assert services.identity.resolve_session(phone.token) is None
    assert services.identity.resolve_session(theirs.token) is not None
    assert len(services.identity.list_sessions(mine.actor, current_token=mine.token)) == 1


def test_customers_have_no_sessions(services: TeamServices) -> None:
    customer = customer_of(make_workshop(services.database))
    with pytest.raises(Unauthenticated):
        services.identity.list_sessions(customer, current_token="")


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(services: TeamServices) -> None:
    before = services.sign_up().token
    services.identity.request_password_reset("SABINE@mueller.de", language="tr")
    mail = services.mails()[-1]
    assert (mail.kind, mail.to_address, mail.language) == ("password_reset", "sabine@mueller.de", "tr")
    assert "https://carbot.example/passwort/?token=" in mail.text
    token = services.mailed_token()
    signed_in = services.identity.reset_password(token, NEW_PASSWORD)
    assert services.identity.resolve_session(before) is None
    assert services.identity.resolve_session(signed_in.token) is not None
    assert services.identity.sign_in("sabine@mueller.de", NEW_PASSWORD)
    with pytest.raises(Gone, match="link_over"):
        services.identity.reset_password(token, "dritte worte ohne sinn")


def test_a_reset_unlocks_the_account(services: TeamServices) -> None:
    services.sign_up()
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            services.identity.sign_in("sabine@mueller.de", "falsch")
    services.identity.request_password_reset("sabine@mueller.de", language="de")
    services.identity.reset_password(services.mailed_token(), NEW_PASSWORD)
    assert services.identity.sign_in("sabine@mueller.de", NEW_PASSWORD)


def test_reset_links_end_after_an_hour_and_unknown_ones_do_nothing(
    services: TeamServices, clock: ManualClock
) -> None:
    services.sign_up()
    services.identity.request_password_reset("sabine@mueller.de", language="de")
    with pytest.raises(Invalid, match="password_short"):
        services.identity.reset_password(services.mailed_token(), "kurz")
    clock.advance(timedelta(minutes=60))
    with pytest.raises(Gone):
        services.identity.reset_password(services.mailed_token(), NEW_PASSWORD)
    for forged in ("", "forged", "\x00"):
        with pytest.raises(NotFound, match="link_unknown"):
            services.identity.reset_password(forged, NEW_PASSWORD)


def test_a_reset_says_nothing_about_unknown_addresses_and_does_not_flood(services: TeamServices) -> None:
    services.sign_up()
    services.identity.request_password_reset("unbekannt@mueller.de", language="de")
    assert services.mails() == []
    for _ in range(5):
        services.identity.request_password_reset("sabine@mueller.de", language="de")
    assert len(services.mails()) == 3


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(services: TeamServices) -> None:
    mine = services.sign_up()
    other = services.identity.sign_in("sabine@mueller.de", PASSWORD)
    with pytest.raises(Invalid) as refused:
        services.identity.change_password(mine.actor, "falsch", NEW_PASSWORD)
    assert (refused.value.code, refused.value.field) == ("password_wrong", "old")
    services.identity.change_password(mine.actor, PASSWORD, NEW_PASSWORD, current_token=mine.token)
    assert services.identity.resolve_session(mine.token) is not None
    assert services.identity.resolve_session(other.token) is None
    assert services.identity.sign_in("sabine@mueller.de", NEW_PASSWORD)
