"""A process of its own full of customers who all want a time on the same Tuesday: ``python -m …``.

Reads a job as JSON from standard input and answers with one outcome per customer.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict
from tests.factories import customer_of
from tests.factories.front_desk import ConversationRecorder

THREADS = 32
LOOKING_FURTHER = 8
"""One in so many who lost asks for the next times."""


def main() -> None:
    """Book for every customer of the job and tell what became of it."""
    job: dict[str, Any] = json.load(sys.stdin)
    database = Database(job["url"], pool_size=THREADS)
    customers, clock = CustomerService(db=database), ManualClock(datetime.fromisoformat(job["now"]))
    booking = BookingService(
        db=database,
        clock=clock,
        customers=customers,
        catalog=CatalogService(db=database),
        recorder=ConversationRecorder(),
        public_url="https://carbot.example",
    )
    with database.reading(SYSTEM) as session:
        actor = customer_of(session.get_one(Workshop, UUID(job["workshop_id"])))

    def book(wish: tuple[int, str]) -> dict[str, str]:
        number, slot_id = wish
        request = BookingRequest(
            slot_id=slot_id,
            service_codes=("SAF-BRK-001",),
            contact=Contact(name=f"Kunde {number}", phone=f"0171 55{number:05d}"),
            vehicle=VehicleFacts(make="VW", model="Golf"),
            source="page",
            language="de",
            request_key=f"key-{number}",
        )
        try:
            return {"slot_id": slot_id, "won": str(booking.book(actor, request).appointment_id)}
        except Conflict as conflict:
            if conflict.code != "slot_taken":
                raise
            lost = {"slot_id": slot_id, "lost": conflict.code}
            if number % LOOKING_FURTHER:
                return lost
            nearest = booking.suggest_slots(actor, request.service_codes, language="de")
            return {**lost, "next": nearest[0].id}

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(book, job["wishes"]))
    database.close()
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main()
