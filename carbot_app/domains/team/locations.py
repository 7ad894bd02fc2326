"""A location is a workshop of its own; a chain is the people who are members of several."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.onboarding import free_slug
from carbot_app.domains.team.ports import WorkshopSetup
from carbot_app.domains.team.roles import OWNER
from carbot_app.domains.team.schemas import LocationView, NewLocation, WorkshopSettings
from carbot_app.domains.team.sessions import open_to, person_actor, require_person
from carbot_app.domains.team.workshop_rules import COUNTRIES, clean_settings
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict
from carbot_app.kit.text import single_line

_OF_ANY_LOCATION = ("accent_hue", "accent_chroma", "opening_hours", "assistant_on", "website")
_OF_THE_COUNTRY = ("legal_form", "represented_by", "email", "vat_id", "register_entry", "chamber")
"""What another location of the same business in the same country says of itself too."""
_OWN = ("short_name", "street", "postal_code", "phone")


class LocationService:
    """The workshops of one person."""

    def __init__(self, *, db: Database, setups: Sequence[WorkshopSetup] = ()) -> None:
        self._db = db
        self._setups = tuple(setups)

    def list_locations(self, actor: Actor) -> list[LocationView]:
        """Where the actor works or is invited to, the workshop they joined first at the top."""
        with self._db.reading(SYSTEM) as session:
            return [_view(workshop, member, actor) for workshop, _, member in _of_person(session, actor)]

    def list_actors(self, actor: Actor) -> list[tuple[LocationView, Actor]]:
        """The same person in each workshop they work in, with the rights they have there."""
        with self._db.reading(SYSTEM) as session:
            return [
                (_view(workshop, member, actor), person_actor(person, member))
                for workshop, person, member in _of_person(session, actor)
                if member.active
            ]

    def open_location(self, actor: Actor, wish: NewLocation) -> LocationView:
        """Create a workshop that is like the actor's present one, and make the actor its owner.

        Taken over are opening hours, colour, language, whether the assistant answers, in the same country the
        legal facts and mail address, and where the currency is the same the whole catalogue with its prices.

        Raises:
            Forbidden: without ``team.owners``. Invalid: naming the field.
        """
        actor.require("team.owners")
        person_id = require_person(actor)
        single_line(wish.city, field="city", limit=80, required=True)
        try:
            with self._db.writing(SYSTEM) as session:
                model = session.get_one(Workshop, actor.workshop_id)
                workshop = _workshop_like(session, model, wish)
                member = Membership(workshop_id=workshop.id, person_id=person_id, role=OWNER)
                session.add(member)
                session.flush()
                like = model.id if model.currency == workshop.currency else None
                for setup in self._setups:
                    setup.prepare(session, workshop, like)
                return _view(workshop, member, actor)
        except IntegrityError:
            raise Conflict from None


def _workshop_like(session: Session, model: Workshop, wish: NewLocation) -> Workshop:
    shared = _OF_ANY_LOCATION + (_OF_THE_COUNTRY if model.country == wish.country else ())
    told = {
        **dict.fromkeys(_OWN + _OF_THE_COUNTRY, ""),
        **{name: getattr(model, name) for name in shared},
        **asdict(wish),
    }
    settings = clean_settings(WorkshopSettings(**told))
    timezone, currency = COUNTRIES[settings.country]
    workshop = Workshop(
        **asdict(settings),
        slug=free_slug(session, settings.name, settings.city),
        timezone=timezone,
        currency=currency,
        language=model.language,
    )
    session.add(workshop)
    session.flush()
    return workshop


def _of_person(session: Session, actor: Actor) -> Sequence[tuple[Workshop, Person, Membership]]:
    query = (
        select(Workshop, Person, Membership)
        .join(Membership, col(Membership.workshop_id) == col(Workshop.id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(*open_to(require_person(actor)))
        .order_by(col(Membership.id))
    )
    return [(workshop, person, member) for workshop, person, member in session.exec(query)]


def _view(workshop: Workshop, member: Membership, actor: Actor) -> LocationView:
    return LocationView(
        workshop_id=workshop.id,
        name=workshop.name,
        short_name=workshop.short_name or workshop.name,
        city=workshop.city,
        currency=workshop.currency,
        role=member.role,
        current=workshop.id == actor.workshop_id,
        invited=not member.active,
    )
