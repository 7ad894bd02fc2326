"""Rows of the team domain."""

from datetime import UTC, date, datetime
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.team.models import (
    ApiKey,
    Closure,
    LoginSession,
    Membership,
    PasswordReset,
    Person,
    Workshop,
)
from carbot_app.domains.team.roles import OWNER
from carbot_app.kit.ids import fingerprint, new_id, new_secret
from tests.factories.saving import save

WEEKDAY_HOURS = [["07:30", "12:00"], ["13:00", "17:30"]]
OPENING_HOURS = {**{str(day): WEEKDAY_HOURS for day in range(1, 6)}, "6": [["08:00", "12:00"]]}


def make_workshop(database: Database, slug: str = "mueller-dortmund", **fields: Any) -> Workshop:
    """A workshop in Dortmund, open Monday to Friday with a lunch break and on Saturday morning."""
    defaults: dict[str, Any] = {
        "name": "Kfz-Meisterbetrieb Müller",
        "short_name": "Müller",
        "street": "Rheinische Straße 41",
        "postal_code": "44137",
        "city": "Dortmund",
        "region": "NW",
        "phone": "0231 / 555 01 20",
        "email": "werkstatt@mueller.example",
        "opening_hours": OPENING_HOURS,
    }
    return save(database, Workshop(slug=slug, **{**defaults, **fields}))


def make_closure(
    database: Database, workshop: Workshop, starts_on: date, ends_on: date, **fields: Any
) -> Closure:
    """Days on which the workshop is closed."""
    return save(database, Closure(workshop_id=workshop.id, starts_on=starts_on, ends_on=ends_on, **fields))


def make_person(database: Database, **fields: Any) -> Person:
    """Somebody who can sign in; the e-mail is unique by itself."""
    defaults = {"email": f"sabine-{new_id().hex}@mueller.example", "name": "Sabine Müller"}
    return save(database, Person(**{**defaults, **fields}))


def make_membership(
    database: Database, workshop: Workshop, person: Person, role: str = OWNER, **fields: Any
) -> Membership:
    """The person's role in the workshop."""
    return save(database, Membership(workshop_id=workshop.id, person_id=person.id, role=role, **fields))


def make_login_session(database: Database, workshop: Workshop, person: Person, **fields: Any) -> LoginSession:
    """A signed-in browser whose session ends far in the future."""
    defaults: dict[str, Any] = {
        "token_fingerprint": fingerprint(new_secret()),
        "last_seen_at": datetime.now(UTC),
        "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
    }
    return save(
        database, LoginSession(workshop_id=workshop.id, person_id=person.id, **{**defaults, **fields})
    )


def make_password_reset(database: Database, person: Person, **fields: Any) -> PasswordReset:
    """A reset link that is still good."""
    defaults: dict[str, Any] = {
        "token_fingerprint": fingerprint(new_secret()),
        "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
    }
    return save(database, PasswordReset(person_id=person.id, **{**defaults, **fields}))


def make_api_key(database: Database, workshop: Workshop, **fields: Any) -> ApiKey:
    """A key whose secret nobody knows; pass ``key_fingerprint`` to know it."""
    defaults: dict[str, Any] = {
        "name": "DMS",
        "prefix": "cb_test",
        "key_fingerprint": fingerprint(new_secret()),
        "scopes": ["inbox.read"],
    }
    return save(database, ApiKey(workshop_id=workshop.id, **{**defaults, **fields}))
