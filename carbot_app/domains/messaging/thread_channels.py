"""On which channels the customer of a thread can be answered, and what forbids it."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.schemas import ReplyChannel
from carbot_app.domains.conversations.threads import CALL, CHAT
from carbot_app.domains.customers.contact_points import addresses_of
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.channels import MAIL, SMS, WHATSAPP, Reachable, is_mobile
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import Clock

WHATSAPP_WINDOW = timedelta(hours=24)
"""After a customer's message; later WhatsApp takes templates only."""
STOPPED = "channel_stopped"
WINDOW_CLOSED = "whatsapp_window_closed"


class MessagingChannels:
    """The ThreadChannels of everything a message can leave on."""

    def __init__(self, *, clock: Clock, messaging: MessagingService) -> None:
        self._clock = clock
        self._messaging = messaging

    def list_for(self, session: Session, conversation: Conversation) -> tuple[ReplyChannel, ...]:
        """See ThreadChannels.list_for; where nothing else is left the chat keeps the answer."""
        customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
        contact = reachable(session, customer) if customer else Reachable(phone="", email="")
        known = addresses_of(session, customer) if customer else ()
        found = [
            ReplyChannel(channel, address, self._refusal(session, conversation, channel, address, contact))
            for channel in (WHATSAPP, SMS, MAIL)
            if channel in self._messaging.channels
            and (address := _address(session, conversation, channel, contact, known))
        ]
        if conversation.channel == CHAT or not found:
            found.append(ReplyChannel(CHAT, ""))
        usual = SMS if conversation.last_channel == CALL else conversation.last_channel
        # What is refused comes last, but never gives way unseen: the usual channel stays first
        return tuple(sorted(found, key=lambda way: (way.channel != usual, bool(way.refused))))

    def _refusal(
        self, session: Session, conversation: Conversation, channel: str, address: str, contact: Reachable
    ) -> str:
        if channel in contact.stopped:
            return STOPPED
        if channel != WHATSAPP:
            return ""
        written = last_written(session, conversation, WHATSAPP, address)
        is_open = written is not None and self._clock() - written < WHATSAPP_WINDOW
        return "" if is_open else WINDOW_CLOSED


def last_written(session: Session, conversation: Conversation, channel: str, address: str) -> datetime | None:
    """When the customer last wrote from this address on the channel, in whichever thread."""
    query = select(Message.created_at).where(
        Message.workshop_id == conversation.workshop_id,
        Message.author == "customer",
        Message.channel == channel,
        Message.address == address,
    )
    return session.exec(query.order_by(col(Message.created_at).desc()).limit(1)).first()


def _address(
    session: Session, conversation: Conversation, channel: str, contact: Reachable, known: tuple[str, ...]
) -> str:
    """The address to write to: the one they wrote from, else a verified one, else the one on record."""
    if channel == MAIL:
        mails = [address for address in known if "@" in address]
        if conversation.last_channel == MAIL:
            return conversation.last_address
        return next(iter(mails), contact.email)
    mobiles = [address for address in (*known, contact.phone) if "@" not in address and is_mobile(address)]
    if conversation.last_channel in (channel, CALL) and is_mobile(conversation.last_address):
        mobiles.insert(0, conversation.last_address)
    if channel == WHATSAPP:
        wrote = [number for number in mobiles if last_written(session, conversation, WHATSAPP, number)]
        return next(iter(wrote), mobiles[0] if mobiles and contact.wants_whatsapp else "")
    return next(iter(mobiles), "")
