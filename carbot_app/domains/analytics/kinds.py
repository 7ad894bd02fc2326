"""What is counted, and by what it can be told apart.

An event says that something of one kind is so for one record. Events are never changed. When a record later
says otherwise (a lead is lost again, a visit was not done after all, one is given to somebody else), the
event is taken back by another one with the opposite sign on the same day, and what is so now is written as a
third: the sum is always what the records say. ``revision`` counts them from 0; odd ones take back.

Records that are gone (retention, erasure) leave their events as they are: what happened has happened. What
was known of an event (channel, technician) also stays when only the record's link to it is gone.

Days and hours are those of the workshop's zone. Amounts are cents of its currency.
"""

from collections.abc import Mapping

LEAD = "lead"
"""An enquiry came in, by ``Lead.created_at``."""
LEAD_WON = "lead_won"
"""It was booked or won. On the day and hour the *lead* came in, so that conversion is a share of those leads;
taken back when the lead is lost or open again."""
LEAD_ANSWERED = "lead_answered"
"""A step of the funnel: the lead got an answer. This one and the next three are on the day and hour the lead
came in; whoever got further has passed every step before. Each is also counted for every service the lead
asks for (part: the code)."""
LEAD_PRICED = "lead_priced"
"""It was told a price."""
LEAD_BOOKED = "lead_booked"
"""It was booked or won."""
LEAD_CAME = "lead_came"
"""A visit agreed in its thread took place."""
MESSAGE_IN = "message_in"
"""A customer wrote, on the message's own channel."""
MESSAGE_OUT = "message_out"
"""Assistant or staff wrote; notes of the system are no messages."""
ANSWERED = "answered"
"""A thread got its first answer. ``quantity``: whole seconds from its first message to that answer, around
the clock; on the day the thread began."""
HANDED_OVER = "handed_over"
"""An answered thread left the assistant for a person, on the day the thread began: the assistant solved
``answered - handed_over``."""
BOOKED = "booked"
"""An appointment was made, by ``Appointment.created_at``, whatever became of it. The visit itself has the
minutes of work in ``quantity`` and the upper price in ``amount_cents``; each of its services (part: the code)
has its share of both."""
CANCELLED = "cancelled"
"""It was cancelled, on the day that was done; with the upper price that did not come."""
NO_SHOW = "no_show"
"""Nobody came, on the day it was planned for; with the upper price that did not come."""
VISITED = "visited"
"""The visit took place (done), on the day it was planned for; visit and services as in ``booked``."""
RETURNING = "returning"
"""A visit that took place of a customer with an earlier one that did; by the day of the visit. It stays when
the earlier one is forgotten."""
ASKED = "asked"
"""A service an enquiry asks for, one event for each (part: the code), on the day the lead came in."""
UNOFFERED = "unoffered"
"""An enquiry with a wish the catalogue has no service for; the words stay with the lead."""
INVOICED = "invoiced"
"""A document was issued, by ``issued_on``. The document itself has gross cents and the minutes sold; each
line with a service, a technician or minutes (part: ``line-n``) has net cents and its minutes. Credits and
cancellations are below zero. Deposits are left out: the final invoice has their work in full."""
PAID = "paid"
"""Money came in, or went back (below zero), by ``received_on``."""
ORDER_CLOSED = "order_closed"
"""A work order was billed, with its gross sum, on the day of the invoice; taken back with the invoice."""
JOB_ACCEPTED = "job_accepted"
"""A job of an order was agreed to, gross (subject: the order, part: the job's id in hex); by the day of the
decision. Taken back with a job that was struck out."""
JOB_DECLINED = "job_declined"
"""A job was declined; as above."""
RATED = "rated"
"""A customer rated a visit, on the day of the first answer; ``quantity`` 1 to 5, as last given."""

HOUR, CHANNEL, SERVICE, TECHNICIAN = "hour", "channel", "service_code", "technician_id"
DIMENSIONS = (HOUR, CHANNEL, SERVICE, TECHNICIAN)
"""What a roll-up may keep apart besides the day; columns of events and of roll-ups."""

_THREAD = (HOUR, CHANNEL)
_WISH = (HOUR, CHANNEL, SERVICE)
_VISIT = (HOUR, CHANNEL, TECHNICIAN)
_WORK = DIMENSIONS

FUNNEL = (LEAD_ANSWERED, LEAD_PRICED, LEAD_BOOKED, LEAD_CAME)
"""Steps after the first, in their order."""
KEPT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((LEAD, LEAD_WON, MESSAGE_IN, MESSAGE_OUT, ANSWERED, HANDED_OVER, UNOFFERED), _THREAD),
    **dict.fromkeys((ASKED, *FUNNEL), _WISH),
    **dict.fromkeys((CANCELLED, NO_SHOW, RETURNING, ORDER_CLOSED, RATED), _VISIT),
    PAID: _THREAD,
    **dict.fromkeys((BOOKED, VISITED, INVOICED, JOB_ACCEPTED, JOB_DECLINED), _WORK),
}
"""Kind → what its events can be told apart by. Narrowed to anything else there are none of it."""

WITH_PARTS: Mapping[str, tuple[str, ...]] = {
    BOOKED: (SERVICE,),
    VISITED: (SERVICE,),
    INVOICED: (SERVICE, TECHNICIAN),
    **dict.fromkeys(FUNNEL, (SERVICE,)),
}
"""Kind that has a whole (part "") and its parts → what only the parts know.

A question about one of these is answered by the parts, any other by the whole: neither counts twice.
"""
ALL = tuple(KEPT)


def counted_by_parts(kind: str, kept: tuple[str, ...]) -> bool | None:
    """Which events count where ``kept`` is kept apart: parts (True), wholes (False), all of them (None)."""
    told = WITH_PARTS.get(kind)
    return None if told is None else any(dimension in told for dimension in kept)
