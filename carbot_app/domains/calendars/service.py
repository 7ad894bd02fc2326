"""Use cases of connected calendars: connecting, watching, disconnecting; feeds."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.calendars.models import CalendarFeed, CalendarLink
from carbot_app.domains.calendars.ports import (
    CalendarAccounts,
    CalendarBusy,
    CalendarChoice,
    CalendarError,
    CalendarRevoked,
    Secret,
    Vault,
)
from carbot_app.domains.calendars.pulling import forget_absences
from carbot_app.domains.calendars.schemas import (
    CalDavLogin,
    CalendarFeedView,
    CalendarLinkView,
    CalendarsView,
    ProbedAccount,
    RefusedMove,
)
from carbot_app.domains.calendars.sync import secret_purpose
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id, new_secret

MAX_LINKS = 40
CONSENT_LIFETIME = timedelta(minutes=15)
_CONSENT = "calendar consent"


class CalendarService:
    """Needs ``settings.manage`` throughout."""

    def __init__(
        self, *, db: Database, clock: Clock, accounts: CalendarAccounts, vault: Vault, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._vault = vault
        self._public_url = public_url

    def overview(self, actor: Actor) -> CalendarsView:
        """Calendars, feeds and who can have them."""
        actor.require("settings.manage")
        with self._db.reading(actor.workshop_id) as session:
            technicians = _technicians(session)
            links = session.exec(select(CalendarLink).order_by(col(CalendarLink.id))).all()
            feeds = {feed.resource_id: feed.token for feed in session.exec(select(CalendarFeed))}
        names = dict(technicians)
        listed: list[tuple[UUID | None, str]] = [(None, ""), *technicians]
        return CalendarsView(
            providers=tuple(self._accounts.providers.items()),
            technicians=technicians,
            links=tuple(_view(link, names) for link in links),
            feeds=tuple(
                CalendarFeedView(key, name, self._feed_url(feeds[key]) if key in feeds else "")
                for key, name in listed
            ),
        )

    def probe_caldav(self, actor: Actor, login: CalDavLogin) -> ProbedAccount:
        """Try an account and list its calendars; nothing is stored.

        Raises Invalid calendar_address_invalid, calendar_user_missing, calendar_password_missing,
        calendar_refused, calendar_unreachable, calendar_busy or calendar_none.
        """
        actor.require("settings.manage")
        login = _checked(login)
        calendars = self._list("caldav", _secret_of(login), field="address")
        return ProbedAccount(login, tuple(calendars))

    def connect_caldav(
        self, actor: Actor, login: CalDavLogin, *, calendar_id: str, resource_id: UUID
    ) -> CalendarLinkView:
        """Connect a calendar of an account, tried again before it is stored.

        Connecting the same calendar anew replaces its password. Raises like probe_caldav, and NotFound
        technician_unknown or calendar_unknown, Conflict calendar_of_another or too_many_calendars.
        """
        probed = self.probe_caldav(actor, login)
        chosen = next((one for one in probed.calendars if one.id == calendar_id), None)
        if chosen is None:
            raise NotFound("calendar_unknown", field="calendar")
        secret = _secret_of(probed.login)
        return self._connect(actor, "caldav", chosen, secret, resource_id, account=probed.login.user)

    def begin_consent(self, actor: Actor, provider: str, resource_id: UUID) -> str:
        """The address of the page where a person allows access to Google or Microsoft.

        Raises Invalid calendar_not_set_up, NotFound technician_unknown.
        """
        actor.require("settings.manage")
        if provider == "caldav" or not self._accounts.providers.get(provider):
            raise Invalid("calendar_not_set_up", field="provider")
        with self._db.reading(actor.workshop_id) as session:
            _get_technician(session, resource_id)
        verifier = new_secret(48)
        asked = {
            "workshop": str(actor.workshop_id),
            "person": str(actor.subject_id),
            "resource": str(resource_id),
            "provider": provider,
            "verifier": verifier,
            "until": (self._clock() + CONSENT_LIFETIME).isoformat(),
        }
        state = self._vault.seal(json.dumps(asked), purpose=_CONSENT)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self._accounts.consent_url(provider, state=state, challenge=challenge)

    def finish_consent(self, actor: Actor, *, state: str, code: str) -> CalendarLinkView:
        """Connect the main calendar of whoever said yes; ``state`` and ``code`` came back from there.

        Raises Forbidden calendar_consent_invalid (not begun by this person), Gone calendar_consent_over,
        and like connect_caldav.
        """
        actor.require("settings.manage")
        asked = self._asked(actor, state)
        provider = str(asked["provider"])
        try:
            secret = self._accounts.redeem(provider, code=code, verifier=str(asked["verifier"]))
        except CalendarError as error:
            raise _refusal(error) from error
        calendars = self._list(provider, secret, field="")
        main = next((one for one in calendars if one.primary), calendars[0])
        return self._connect(actor, provider, main, secret, UUID(asked["resource"]))

    def disconnect(self, actor: Actor, link_id: UUID) -> None:
        """Forget a calendar and its secret; it blocks nobody any more. Events written there stay.

        Disconnecting twice is fine.
        """
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            link = session.exec(select(CalendarLink).where(CalendarLink.id == link_id)).first()
            if link is not None:
                forget_absences(session, link)
                session.delete(link)

    def sync_now(self, actor: Actor, link_id: UUID) -> CalendarLinkView:
        """Have it tried at the next tick, also when its access was lost. Raises NotFound calendar_unknown."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            link = _get_link(session, link_id)
            link.next_at = self._clock()
            if link.state == "revoked":
                link.state = "failing"
            return _view(link, dict(_technicians(session)))

    def dismiss_notices(self, actor: Actor, link_id: UUID) -> None:
        """The refused moves of a calendar have been read. Raises NotFound calendar_unknown."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            _get_link(session, link_id).notices = []

    def renew_feed(self, actor: Actor, resource_id: UUID | None) -> str:
        """A new secret link for a technician's visits or all; the old one stops working at once.

        Raises NotFound technician_unknown.
        """
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"calendar feed {actor.workshop_id}")
            if resource_id is not None:
                _get_technician(session, resource_id)
            _end_feed(session, resource_id)
            feed = CalendarFeed(workshop_id=actor.workshop_id, resource_id=resource_id, token=new_secret())
            session.add(feed)
            return self._feed_url(feed.token)

    def end_feed(self, actor: Actor, resource_id: UUID | None) -> None:
        """The secret link stops working; ending it twice is fine."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            _end_feed(session, resource_id)

    def _connect(
        self,
        actor: Actor,
        provider: str,
        calendar: CalendarChoice,
        secret: Secret,
        resource_id: UUID,
        account: str = "",
    ) -> CalendarLinkView:
        if len(calendar.id) > 500:
            raise NotFound("calendar_unknown", field="calendar")
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"calendars {actor.workshop_id}")
            _get_technician(session, resource_id)
            links = session.exec(select(CalendarLink)).all()
            link = next((one for one in links if _is(one, provider, calendar)), None)
            if link is None:
                if len(links) >= MAX_LINKS:
                    raise Conflict("too_many_calendars", limit=MAX_LINKS)
                link = CalendarLink(
                    id=new_id(),
                    workshop_id=actor.workshop_id,
                    resource_id=resource_id,
                    provider=provider,
                    calendar_id=calendar.id,
                    next_at=now,
                )
            if link.resource_id != resource_id:
                raise Conflict("calendar_of_another", field="calendar")
            link.secret = self._vault.seal(json.dumps(secret), purpose=secret_purpose(link.id))
            link.name, link.account = calendar.name[:120], account[:200]
            link.state, link.error, link.failures, link.next_at = "ok", "", 0, now
            link.full_at = None
            session.add(link)
            return _view(link, dict(_technicians(session)))

    def _list(self, provider: str, secret: Secret, *, field: str) -> list[CalendarChoice]:
        account = self._accounts.open(provider, secret, secret.update)
        try:
            calendars = account.list_calendars()
        except CalendarError as error:
            raise _refusal(error, field=field) from error
        finally:
            account.close()
        if not calendars:
            raise Invalid("calendar_none", field=field or None)
        return calendars

    def _asked(self, actor: Actor, state: str) -> dict[str, str]:
        try:
            asked = json.loads(self._vault.unseal(state, purpose=_CONSENT))
        except ValueError as error:
            raise Forbidden("calendar_consent_invalid") from error
        if (asked["workshop"], asked["person"]) != (str(actor.workshop_id), str(actor.subject_id)):
            raise Forbidden("calendar_consent_invalid")
        if datetime.fromisoformat(asked["until"]) < self._clock():
            raise Gone("calendar_consent_over")
        return asked

    def _feed_url(self, token: str) -> str:
        return f"{self._public_url}/kalender/{token}.ics"


def _checked(login: CalDavLogin) -> CalDavLogin:
    address, user = login.address.strip(), login.user.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        is_address = False
    if not is_address or len(address) > 300:
        raise Invalid("calendar_address_invalid", field="address")
    if not user or len(user) > 200:
        raise Invalid("calendar_user_missing", field="user")
    if not login.password or len(login.password) > 400:
        raise Invalid("calendar_password_missing", field="password")
    return CalDavLogin(address, user, login.password)


def _secret_of(login: CalDavLogin) -> Secret:
    return {"address": login.address, "user": login.user, "password": login.password}


def _refusal(error: CalendarError, *, field: str = "") -> Invalid:
    if isinstance(error, CalendarRevoked):
        return Invalid("calendar_refused", field="password" if field else None)
    if isinstance(error, CalendarBusy):
        return Invalid("calendar_busy", field=field or None)
    return Invalid("calendar_unreachable", field=field or None)


def _is(link: CalendarLink, provider: str, calendar: CalendarChoice) -> bool:
    return (link.provider, link.calendar_id) == (provider, calendar.id)


def _technicians(session: Session) -> tuple[tuple[UUID, str], ...]:
    query = select(Resource.id, Resource.name).where(Resource.kind == "technician", Resource.active)
    return tuple((key, name) for key, name in session.exec(query.order_by(Resource.name)))


def _get_technician(session: Session, resource_id: UUID) -> Resource:
    query = select(Resource).where(Resource.id == resource_id, Resource.kind == "technician", Resource.active)
    row = session.exec(query).first()
    if row is None:
        raise NotFound("technician_unknown", field="technician")
    return row


def _get_link(session: Session, link_id: UUID) -> CalendarLink:
    row = session.exec(select(CalendarLink).where(CalendarLink.id == link_id)).first()
    if row is None:
        raise NotFound("calendar_unknown")
    return row


def _end_feed(session: Session, resource_id: UUID | None) -> None:
    for feed in session.exec(select(CalendarFeed).where(CalendarFeed.resource_id == resource_id)):
        session.delete(feed)
    session.flush()


def _view(link: CalendarLink, names: dict[UUID, str]) -> CalendarLinkView:
    return CalendarLinkView(
        id=link.id,
        resource_id=link.resource_id,
        technician=names.get(link.resource_id, ""),
        provider=link.provider,
        name=link.name,
        account=link.account,
        state=link.state,
        error=link.error,
        last_synced_at=link.last_synced_at,
        notices=_notices(link.notices),
    )


def _notices(stored: Sequence[dict[str, str]]) -> tuple[RefusedMove, ...]:
    return tuple(
        RefusedMove(
            appointment_id=UUID(one["appointment_id"]),
            title=one["title"],
            at=datetime.fromisoformat(one["at"]),
            wanted=datetime.fromisoformat(one["wanted"]),
            code=one["code"],
        )
        for one in stored
    )
