"""Short messages and missed calls on their way into a thread."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
import structlog

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.conversations.inbound import InboundService
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.opening import is_open
from carbot_app.domains.conversations.threads import CALL, CHAT, preview
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.channels import SMS, is_mobile
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    Media,
    MediaProvider,
    MissedCall,
    Reply,
    ShortMessageProvider,
)
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.routing import workshop_of
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Unavailable
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import fingerprint, new_secret

MISSED_CALL = "missed_call"
FUTURE = timedelta(minutes=5)
"""How far a provider's clock may be ahead of ours."""
_log = structlog.get_logger()


class IncomingMessages:
    """Called with what a provider has signed; calling twice changes nothing more."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        messaging: MessagingService,
        inbound: InboundService,
        public_url: str,
        fallback: str = "",
    ) -> None:
        """``fallback``: slug of the workshop for senders nobody knows, where several share a number."""
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._inbound = inbound
        self._public_url = public_url
        self._fallback = fallback

    def take_message(
        self, provider: ShortMessageProvider, reply: Reply, files: tuple[InboundFile, ...]
    ) -> UUID | None:
        """A message in the sender's thread; its id, None when it was there already. ``files``: of its media.

        Raises Unavailable when it cannot be kept now, so that the provider delivers it again.
        """
        if not _is_number(reply.sender) or not (reply.text.strip() or reply.media):
            _log.warning("messages.senderless", provider=provider.name, message=reply.provider_id)
            return None
        now = self._clock()
        message = InboundMessage(
            channel=provider.channel,
            provider=provider.name,
            provider_id=reply.provider_id,
            from_address=reply.sender,
            from_name=reply.sender_name,
            to_address=reply.to_address,
            text=reply.text,
            sent_at=min(reply.sent_at or now, now + FUTURE),
            attachments=files,
        )
        return self._inbound.receive(self._workshop(message), message)

    def take_call(self, provider: ShortMessageProvider, call: MissedCall) -> None:
        """A missed call in the caller's thread; ``on_event`` texts them back."""
        if not _is_number(call.caller):
            return
        message = InboundMessage(
            channel=CALL,
            provider=provider.name,
            provider_id=call.provider_id,
            from_address=call.caller,
            from_name="",
            to_address=call.to_address,
            text="",
            sent_at=self._clock(),
        )
        workshop_id = self._workshop(message)
        if call.is_ringing and self._is_open(workshop_id):
            return
        self._inbound.receive(workshop_id, message)

    def on_event(self, delivery: Delivery) -> None:
        """Consumer of message.received: a missed call is answered by a text with a link to the chat.

        Once per caller and day, in the language the caller probably reads, and never after STOP.
        """
        if delivery.kind != "message.received" or delivery.payload.get("channel") != CALL:
            return
        with self._db.writing(delivery.workshop_id) as session:
            workshop = session.get_one(Workshop, delivery.workshop_id)
            message = session.get_one(Message, UUID(delivery.payload["message_id"]))
            caller = message.address
            thread = session.get_one(Conversation, message.conversation_id)
            customer = session.get_one(Customer, thread.customer_id)
            today = self._clock().astimezone(ZoneInfo(workshop.timezone)).date()
            key = f"missed-call:{caller}:{today}"
            stopped = SMS in reachable(session, customer).stopped
            if stopped or not is_mobile(caller) or self._messaging.is_queued(session, workshop.id, key):
                return
            link = self._chat_link(workshop, thread)
            text = translate(
                thread.language,
                "messages.missed_call",
                workshop=workshop.name,
                link=link,
                phone=workshop.phone,
            )
            letter = NewMessage(MISSED_CALL, SMS, caller, preview(text), text, key, thread.language)
            self._messaging.queue(session, workshop.id, letter)

    def _chat_link(self, workshop: Workshop, thread: Conversation) -> str:
        """Into this very thread, unless a browser holds its secret already."""
        url = f"{self._public_url}/w/{workshop.slug}/chat/"
        if thread.channel == CHAT:
            return url
        token = new_secret(16)
        thread.token_fingerprint = fingerprint(token)
        return f"{url}#c={thread.id}.{token}"

    def _workshop(self, message: InboundMessage) -> UUID:
        with self._db.reading(SYSTEM) as session:
            found = workshop_of(
                session,
                channel=SMS if message.channel == CALL else message.channel,
                sender=message.from_address,
                to_address=message.to_address,
                fallback=self._fallback,
            )
        if found is None:
            _log.error("messages.without_workshop", provider=message.provider, message=message.provider_id)
            raise Unavailable("sender_of_no_workshop")
        return found

    def _is_open(self, workshop_id: UUID) -> bool:
        with self._db.reading(workshop_id) as session:
            workshop = session.get_one(Workshop, workshop_id)
            rules = Calendar.read(session, workshop).rules
        now = self._clock().astimezone(ZoneInfo(workshop.timezone))
        return not rules.is_closed(now.date()) and is_open(workshop.opening_hours, now)


def fetch_files(provider: ShortMessageProvider, media: tuple[Media, ...]) -> tuple[InboundFile, ...]:
    """What a customer sent along, from where the provider keeps it; raises Unavailable media_unreachable."""
    return tuple(_fetched(provider, each) for each in media)


def _fetched(provider: ShortMessageProvider, media: Media) -> InboundFile:
    """The file, empty when it is gone for good; raises Unavailable when asking again may help."""
    if not isinstance(provider, MediaProvider):
        return InboundFile(media.name, media.media_type, b"")
    try:
        return InboundFile(media.name, media.media_type, provider.fetch(media))
    except DeliveryError as error:
        if not error.permanent:
            raise Unavailable("media_unreachable") from error
        _log.warning("messages.media_gone", provider=provider.name, error=str(error)[:200])
        return InboundFile(media.name, media.media_type, b"")


def _is_number(sender: str) -> bool:
    """Whether somebody can be answered there; a hidden caller or a name cannot."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(sender))
    except phonenumbers.NumberParseException:
        return False
