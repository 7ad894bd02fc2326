"""An answer in a thread shows what became of the message it left with."""

from sqlmodel import Session

from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.threads import QUEUED, announce
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.models import OutgoingMessage

THREAD_REPLY = "thread.reply"
"""Kind of a message that is an answer in a thread."""
_SHOWN = {
    states.SENT: "sent",
    states.DELIVERED: "delivered",
    states.READ: "read",
    states.FAILED: "failed",
    states.UNSURE: "failed",
    states.DROPPED: "failed",
}


def tell_thread(session: Session, row: OutgoingMessage) -> None:
    """Mirror the state of an outgoing message in the thread, inside the caller's transaction."""
    if row.message_id is None:
        return
    message = session.get(Message, row.message_id)
    delivery = _SHOWN.get(row.state, QUEUED)
    if message is None or message.delivery == delivery:
        return
    message.delivery = delivery
    announce(session, session.get_one(Conversation, message.conversation_id), reason="state")
