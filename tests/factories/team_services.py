"""The services of the team domain over a test database, hashing with a cheap but real argon2id."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.adapters.identity.argon2 import Argon2PasswordHasher
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.api_keys import ApiKeyService
from carbot_app.domains.team.identity import IdentityService
from carbot_app.domains.team.locations import LocationService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.schemas import SignedIn, SignUp
from carbot_app.domains.team.service import TeamService
from carbot_app.kit.clock import ManualClock

PASSWORD = "vier worte ohne sinn"
CHEAP_HASHER = Argon2PasswordHasher(time_cost=1, memory_kib=1024, parallelism=1)


class MailTable:
    """Writes mails where the real queue does."""

    def queue_mail(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        kind: str,
        to_address: str,
        subject: str,
        text: str,
        dedupe_key: str,
        language: str,
    ) -> None:
        session.add(
            OutgoingMessage(
                workshop_id=workshop_id,
                kind=kind,
                to_address=to_address,
                subject=subject,
                text=text,
                dedupe_key=dedupe_key,
                language=language,
            )
        )


class FirstDay:
    """Remembers which workshops were prepared, and after which other one."""

    def __init__(self) -> None:
        self.prepared: list[str] = []
        self.models: list[UUID | None] = []

    def prepare(self, session: Session, workshop: Workshop, like: UUID | None = None) -> None:
        assert session.get(Workshop, workshop.id) is workshop
        self.prepared.append(workshop.slug)
        self.models.append(like)


@dataclass
class TeamServices:
    """The services and what they write to."""

    database: Database
    identity: IdentityService
    team: TeamService
    locations: LocationService
    api_keys: ApiKeyService
    first_day: FirstDay

    def sign_up(self, name: str = "Kfz-Meisterbetrieb Müller", email: str = "sabine@mueller.de") -> SignedIn:
        """A new workshop, its owner signed in."""
        return self.identity.sign_up(
            SignUp(
                workshop_name=name,
                city="Dortmund",
                person_name="Sabine Müller",
                email=email,
                password=PASSWORD,
            )
        )

    def mails(self) -> list[OutgoingMessage]:
        """Everything queued so far, oldest first."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.id))))

    def mailed_token(self) -> str:
        """The secret in the link of the last mail."""
        link = next(word for word in self.mails()[-1].text.split() if "token=" in word)
        return link.partition("token=")[2]


def team_services(database: Database, clock: ManualClock, **settings: Any) -> TeamServices:
    """Services with default settings except those given."""
    config = Settings(
        _env_file=None, data_dir=Path("unused"), public_url="https://carbot.example", **settings
    )
    mails, first_day = MailTable(), FirstDay()
    return TeamServices(
        database=database,
        identity=IdentityService(
            db=database, clock=clock, settings=config, hasher=CHEAP_HASHER, mails=mails, setups=(first_day,)
        ),
        team=TeamService(db=database, clock=clock, settings=config, mails=mails),
        locations=LocationService(db=database, setups=(first_day,)),
        api_keys=ApiKeyService(db=database, clock=clock),
        first_day=first_day,
    )
