"""Links by mail to choose a password: after forgetting it, or as a new member. Each works once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from carbot_app.domains.team.models import PasswordReset, Person
from carbot_app.domains.team.ports import MailQueue
from carbot_app.kit.errors import Gone, NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import fingerprint, new_id, new_secret

RESET_LIFETIME = timedelta(minutes=60)
INVITATION_LIFETIME = timedelta(days=7)


class PasswordLinks:
    """Issues and redeems links inside a transaction of the platform's scope."""

    def __init__(self, *, mails: MailQueue, public_url: str) -> None:
        self._mails = mails
        self._public_url = public_url

    def mail_reset(
        self, session: Session, person: Person, *, workshop_id: UUID, language: str, now: datetime
    ) -> None:
        """Mail a link that works for an hour."""
        link_id, link = self._issue(session, person, now + RESET_LIFETIME, now)
        self._mails.queue_mail(
            session,
            workshop_id=workshop_id,
            kind="password_reset",
            to_address=person.email,
            subject=translate(language, "account.reset_subject"),
            text=translate(language, "account.reset_text", name=person.name, link=link),
            dedupe_key=f"password_reset:{link_id}",
            language=language,
        )

    def mail_invitation(
        self,
        session: Session,
        person: Person,
        *,
        workshop_id: UUID,
        workshop: str,
        inviter: str,
        now: datetime,
    ) -> None:
        """Mail a new member a link that works for seven days."""
        link_id, link = self._issue(session, person, now + INVITATION_LIFETIME, now)
        words = {"name": person.name, "workshop": workshop, "inviter": inviter, "link": link}
        self._mails.queue_mail(
            session,
            workshop_id=workshop_id,
            kind="invitation",
            to_address=person.email,
            subject=translate(person.language, "account.invitation_subject", workshop=workshop),
            text=translate(person.language, "account.invitation_text", **words),
            dedupe_key=f"invitation:{link_id}",
            language=person.language,
        )

    def mail_membership(
        self,
        session: Session,
        person: Person,
        *,
        workshop_id: UUID,
        workshop: str,
        inviter: str,
    ) -> None:
        """Mail somebody with an account that they are wanted in one more workshop; the link only signs in."""
        link = f"{self._public_url}/anmelden/"
        words = {"name": person.name, "workshop": workshop, "inviter": inviter, "link": link}
        self._mails.queue_mail(
            session,
            workshop_id=workshop_id,
            kind="invitation",
            to_address=person.email,
            subject=translate(person.language, "account.membership_subject", workshop=workshop),
            text=translate(person.language, "account.membership_text", **words),
            dedupe_key=f"membership:{new_id()}",
            language=person.language,
        )

    def _issue(
        self, session: Session, person: Person, expires_at: datetime, now: datetime
    ) -> tuple[UUID, str]:
        token = new_secret()
        row = PasswordReset(
            person_id=person.id, token_fingerprint=fingerprint(token), created_at=now, expires_at=expires_at
        )
        session.add(row)
        return row.id, f"{self._public_url}/passwort/?token={token}"


def get_usable_link(session: Session, token: str, *, now: datetime) -> PasswordReset:
    """The link of a token.

    Raises:
        NotFound: ``link_unknown``. Gone: ``link_over`` when used or too old.
    """
    by_token = select(PasswordReset).where(PasswordReset.token_fingerprint == fingerprint(token))
    link = session.exec(by_token).first()
    if link is None:
        raise NotFound("link_unknown")
    if link.used_at is not None or link.expires_at <= now:
        raise Gone("link_over")
    return link


def use_up_links(session: Session, person_id: UUID, *, now: datetime) -> None:
    """End every open link of a person."""
    unused = (col(PasswordReset.person_id) == person_id, col(PasswordReset.used_at).is_(None))
    session.execute(update(PasswordReset).where(*unused).values(used_at=now))


def count_links_since(session: Session, person_id: UUID, since: datetime) -> int:
    """Links issued to a person after ``since``."""
    recent = select(func.count()).where(
        PasswordReset.person_id == person_id, PasswordReset.created_at > since
    )
    return session.exec(recent).one()
