"""The rows of a new workshop and its owner."""

from dataclasses import replace

from sqlmodel import Session, select

from carbot_app.domains.team.contacts import parse_email
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import OWNER
from carbot_app.domains.team.schemas import SignUp
from carbot_app.domains.team.slugs import slug_candidates
from carbot_app.kit.errors import Conflict
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.kit.text import single_line

_WEEKDAY = [["08:00", "12:00"], ["13:00", "17:00"]]
DEFAULT_OPENING_HOURS = {str(day): _WEEKDAY for day in range(1, 6)}
"""Monday to Friday, eight to five with an hour for lunch."""


def clean_sign_up(wish: SignUp) -> SignUp:
    """The wish with clean lines and a checked address.

    Raises:
        Invalid: naming the field.
    """
    return replace(
        wish,
        workshop_name=single_line(wish.workshop_name, field="workshop_name", limit=120, required=True),
        city=single_line(wish.city, field="city", limit=80),
        person_name=single_line(wish.person_name, field="person_name", limit=120, required=True),
        email=parse_email(wish.email),
        language=wish.language if wish.language in LANGUAGES else DEFAULT_LANGUAGE,
    )


def create_workshop(
    session: Session, wish: SignUp, password_hash: str
) -> tuple[Workshop, Person, Membership]:
    """Add workshop, owner and membership.

    Raises:
        Conflict: ``email_taken``.
    """
    if session.exec(select(Person.id).where(Person.email == wish.email)).first():
        raise Conflict("email_taken", field="email")
    workshop = Workshop(
        slug=free_slug(session, wish.workshop_name, wish.city),
        name=wish.workshop_name,
        city=wish.city,
        email=wish.email,
        language=wish.language,
        opening_hours=DEFAULT_OPENING_HOURS,
    )
    person = Person(
        email=wish.email, name=wish.person_name, password_hash=password_hash, language=wish.language
    )
    session.add_all((workshop, person))
    session.flush()
    membership = Membership(workshop_id=workshop.id, person_id=person.id, role=OWNER)
    session.add(membership)
    session.flush()
    return workshop, person, membership


def free_slug(session: Session, name: str, city: str) -> str:
    """The first public address for a workshop that nobody has."""
    for slug in slug_candidates(name, city):
        if session.exec(select(Workshop.id).where(Workshop.slug == slug)).first() is None:
            return slug
    raise AssertionError("candidates never end")
