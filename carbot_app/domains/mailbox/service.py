"""Use cases of the workshop's mailbox: connecting, watching over it, deciding about mails that were kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlmodel import col, func, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.mailbox.intake import HELD, MailIntake
from carbot_app.domains.mailbox.models import Mailbox, ReceivedMail
from carbot_app.domains.mailbox.ports import (
    Folder,
    MailboxError,
    MailboxInsecure,
    MailboxRefused,
    MailServers,
    ServerLogin,
    Vault,
)
from carbot_app.domains.mailbox.schemas import KeptMailView, MailboxLogin, MailboxOverview, MailboxView
from carbot_app.domains.mailbox.secrets import open_secret, secret_purpose
from carbot_app.domains.mailbox.servers import (
    IMAP_PORT,
    INCOMING_PORTS,
    OUTGOING_PORTS,
    SMTP_PORT,
    guess,
    login_for,
    parse_server,
)
from carbot_app.domains.mailbox.watching import MAX_BYTES
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id

SHOWN = 50
COUNTED = timedelta(days=30)


class MailboxService:
    """Needs ``settings.manage`` throughout."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        servers: MailServers,
        vault: Vault,
        intake: MailIntake,
        any_port: bool = False,
    ) -> None:
        """``any_port``: also ports that are not for mail."""
        self._db = db
        self._clock = clock
        self._servers = servers
        self._vault = vault
        self._intake = intake
        self._any_port = any_port

    def overview(self, actor: Actor) -> MailboxOverview:
        """The mailbox, and the mails that are in no thread."""
        actor.require("settings.manage")
        kept = select(ReceivedMail).where(col(ReceivedMail.state).not_in(("taken", "taking")))
        waiting = select(func.count()).where(col(ReceivedMail.state).in_(HELD))
        taken = select(func.count()).where(
            ReceivedMail.state == "taken", ReceivedMail.created_at >= self._clock() - COUNTED
        )
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(Mailbox)).first()
            mails = session.exec(kept.order_by(col(ReceivedMail.id).desc()).limit(SHOWN)).all()
            return MailboxOverview(
                mailbox=_view(row) if row else None,
                kept=tuple(_kept(mail) for mail in mails),
                waiting=session.exec(waiting).one(),
                taken=session.exec(taken).one(),
            )

    def connect(self, actor: Actor, login: MailboxLogin) -> MailboxView:
        """Try both servers, then keep the account; a mailbox that was connected before is replaced.

        Raises Invalid mailbox_address_invalid, mailbox_password_missing, mailbox_server_invalid,
        mailbox_refused, mailbox_unreachable, mailbox_insecure, or outgoing_refused, outgoing_unreachable,
        outgoing_insecure for the server that sends.
        """
        actor.require("settings.manage")
        checked = self._checked(login)
        inbox = self._try(checked)
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"mailbox {actor.workshop_id}")
            row = session.exec(select(Mailbox)).first()
            if row is None:
                row = Mailbox(
                    id=new_id(),
                    workshop_id=actor.workshop_id,
                    address="",
                    incoming="",
                    outgoing="",
                    user="",
                    connected_at=now,
                    next_at=now,
                )
            if (row.address, row.incoming, row.user) != (checked.address, checked.incoming, checked.user):
                row.connected_at, row.checked_at = now, None
                # What lies there already stays there; what comes from now on is taken in
                row.uid_validity, row.last_uid = inbox.uid_validity, inbox.next_uid - 1
            row.address, row.user = checked.address, checked.user
            row.incoming, row.outgoing = checked.incoming, checked.outgoing
            row.secret = self._vault.seal(checked.password, purpose=secret_purpose(row.id))
            row.state, row.error, row.failures, row.next_at = "ok", "", 0, now
            row.claimed_by, row.claimed_until = "", None  # whoever holds the old connection lets go
            session.add(row)
            return _view(row)

    def disconnect(self, actor: Actor) -> None:
        """Forget the account and its password; threads stay. Disconnecting twice is fine."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(Mailbox)).first()
            if row is not None:
                session.delete(row)

    def try_again(self, actor: Actor) -> MailboxView:
        """Have it tried at the next tick, also when its access was lost. Raises NotFound mailbox_none."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(Mailbox)).first()
            if row is None:
                raise NotFound("mailbox_none")
            row.next_at, row.failures = self._clock(), 0
            if row.state == "revoked":
                row.state = "failing"
            return _view(row)

    def take_in(self, actor: Actor, mail_id: UUID) -> None:
        """A person decides that a kept mail belongs into a thread; it is fetched again.

        Raises NotFound, Conflict mail_not_waiting, NotFound mailbox_none, Conflict mail_gone (deleted or
        moved on its server) or Conflict mailbox_unreachable.
        """
        actor.require("settings.manage")
        with self._db.reading(actor.workshop_id) as session:
            mail = session.exec(select(ReceivedMail).where(ReceivedMail.id == mail_id)).first()
            mailbox = session.exec(select(Mailbox)).first()
        if mail is None:
            raise NotFound
        if not _may_take(mail):
            raise Conflict("mail_not_waiting")
        if mailbox is None:
            raise NotFound("mailbox_none")
        raw = self._fetch_again(mailbox, mail)
        self._intake.take_after_all(mailbox, mail_id, raw, size=mail.size)

    def _fetch_again(self, mailbox: Mailbox, mail: ReceivedMail) -> bytes:
        try:
            remote = self._servers.open_inbox(self._login(mailbox))
            try:
                is_same = remote.open().uid_validity == mail.uid_validity
                raw = remote.fetch(mail.uid, MAX_BYTES) if is_same else b""
            finally:
                remote.close()
        except MailboxError as error:
            raise Conflict("mailbox_unreachable") from error
        if not raw:
            raise Conflict("mail_gone")
        return raw

    def _login(self, mailbox: Mailbox) -> ServerLogin:
        return login_for(mailbox.incoming, mailbox.user, open_secret(self._vault, mailbox))

    def _checked(self, login: MailboxLogin) -> MailboxLogin:
        try:
            address = validate_email(login.address.strip(), check_deliverability=False).normalized.lower()
        except EmailNotValidError as error:
            raise Invalid("mailbox_address_invalid", field="address") from error
        if not login.password or len(login.password) > 400:
            raise Invalid("mailbox_password_missing", field="password")
        incoming, outgoing = guess(address)
        return replace(
            login,
            address=address,
            user=(login.user.strip() or address)[:254],
            incoming=self._server(login.incoming or incoming, IMAP_PORT, INCOMING_PORTS, "incoming"),
            outgoing=self._server(login.outgoing or outgoing, SMTP_PORT, OUTGOING_PORTS, "outgoing"),
        )

    def _server(self, text: str, port: int, usual: frozenset[int], field: str) -> str:
        parsed = parse_server(text, port)
        if parsed is None or not (self._any_port or parsed[1] in usual):
            raise Invalid("mailbox_server_invalid", field=field)
        return f"{parsed[0]}:{parsed[1]}"

    def _try(self, login: MailboxLogin) -> Folder:
        try:
            remote = self._servers.open_inbox(login_for(login.incoming, login.user, login.password))
            try:
                inbox = remote.open()
            finally:
                remote.close()
        except MailboxRefused as error:
            raise Invalid("mailbox_refused", field="password") from error
        except MailboxInsecure as error:
            raise Invalid("mailbox_insecure", field="incoming") from error
        except MailboxError as error:
            raise Invalid("mailbox_unreachable", field="incoming") from error
        try:
            self._servers.check_outgoing(login_for(login.outgoing, login.user, login.password))
        except MailboxRefused as error:
            raise Invalid("outgoing_refused", field="outgoing") from error
        except MailboxInsecure as error:
            raise Invalid("outgoing_insecure", field="outgoing") from error
        except MailboxError as error:
            raise Invalid("outgoing_unreachable", field="outgoing") from error
        return inbox


def _may_take(mail: ReceivedMail) -> bool:
    return mail.state in HELD or (mail.state == "aside" and mail.kind in ("automatic", "bulk"))


def _view(row: Mailbox) -> MailboxView:
    return MailboxView(
        address=row.address,
        incoming=row.incoming,
        outgoing=row.outgoing,
        user=row.user,
        state=row.state,
        error=row.error,
        checked_at=row.checked_at,
    )


def _kept(mail: ReceivedMail) -> KeptMailView:
    return KeptMailView(
        id=mail.id,
        from_address=mail.from_address,
        from_name=mail.from_name,
        subject=mail.subject,
        sent_at=mail.sent_at,
        kind=mail.kind,
        state=mail.state,
        reason=mail.reason,
        text=mail.original[:2_000],
        can_take=_may_take(mail) and bool(mail.from_address),
    )
