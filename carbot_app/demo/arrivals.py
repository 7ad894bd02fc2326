"""Cars of the demo as they came in, and the work their owners did not want last time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from uuid import UUID

from sqlmodel import col, select

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.check_in_schemas import CheckInInput, Mark
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.orders.schemas import OrderView
from carbot_app.kit.actor import Actor

_SEEN = cycle(
    (
        CheckInInput(
            fuel_percent=45,
            marks=(Mark("left", 620, 560, "scratch"), Mark("rear", 500, 700, "dent")),
            tread={"fl": 48, "fr": 50, "rl": 61, "rr": 60},
            observations=("wipers",),
            belongings="Kindersitz hinten",
        ),
        CheckInInput(fuel_percent=80, tread={"fl": 34, "fr": 33, "rl": 52, "rr": 53}, keep_old_parts=True),
        CheckInInput(
            fuel_percent=20,
            marks=(Mark("front", 520, 420, "chip"),),
            observations=("lamp_engine",),
            remark="Kundin braucht das Auto bis 17 Uhr.",
        ),
    )
)
_DECLINED = (
    ("Bremsflüssigkeit wechseln", "soon", "", 7_490, 63),
    ("Klimaanlage warten", "later", "CLI-SRV-001", 11_900, 150),
    ("Stoßdämpfer hinten ersetzen", "urgent", "", 48_650, 20),
    ("Wischerblätter ersetzen", "later", "", 3_490, 30),
    ("Batterie ersetzen", "soon", "ELE-BAT-002", 18_900, 25),
)
"""Title, urgency, service, price and days ago."""
_KM = 48_120
"""Of a car whose kilometres nobody has noted."""
_FOLLOW_UP = {"urgent": 14, "soon": 60, "later": 180}


def check_in(services: Services, actor: Actor, order: OrderView) -> None:
    """The car comes in, and its owner signs."""
    begun = services.check_ins.open(actor, order.id)
    facts = replace(next(_SEEN), km=(begun.last_km or _KM) + 80)
    services.check_ins.save(actor, begun.id, facts)
    services.check_ins.sign(actor, begun.id, begun.customer or "Kundin")


def remember_declined(services: Services, actor: Actor, here: Sequence[UUID]) -> None:
    """What was declined in the last months; for some of it the day to ask again has come.

    One of the cars that are ``here`` is asked when it is checked in, the others have no order now.
    """
    today = services.clock().date()
    owned = select(Vehicle).where(col(Vehicle.customer_id).is_not(None)).order_by(col(Vehicle.id).desc())
    with services.db.writing(actor.workshop_id) as session:
        cars = [car for car in session.exec(owned.limit(200)) if car.id not in here[1:]]
        for car, (title, urgency, code, cents, ago) in zip(cars, _DECLINED, strict=False):
            declined_on = today - timedelta(days=ago)
            session.add(
                DeclinedJob(
                    workshop_id=actor.workshop_id,
                    customer_id=car.customer_id,
                    vehicle_id=car.id,
                    title=title,
                    urgency=urgency,
                    service_code=code,
                    gross_cents=cents,
                    declined_on=declined_on,
                    follow_up_on=declined_on + timedelta(days=_FOLLOW_UP[urgency]),
                )
            )
    services.declined.tell_due()
