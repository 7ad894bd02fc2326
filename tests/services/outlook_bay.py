"""A workshop with what its outlook and its services are judged by, for tests."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from carbot_app.db.session import Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.demand import DemandForecasts
from carbot_app.domains.analytics.outlook import AnalyticsOutlook
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_secret
from tests.factories.actors import staff_of
from tests.factories.booking import make_appointment, make_resource
from tests.factories.conversations import make_conversation
from tests.factories.customers import make_customer
from tests.factories.leads import make_lead
from tests.factories.saving import save
from tests.factories.team import make_workshop

BRAKES = "SAF-BRK-001"


@dataclass
class Bay:
    """A workshop with one technician, and what looks ahead for it."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    technician: Resource
    bay: Resource
    customer: Customer

    @property
    def outlook(self) -> AnalyticsOutlook:
        return AnalyticsOutlook(db=self.database, clock=self.clock)

    @property
    def actor(self) -> Actor:
        return staff_of(self.workshop)

    def collect(self) -> None:
        EventCollector(db=self.database, clock=self.clock).collect(self.workshop.id)

    def look_ahead(self) -> None:
        DemandForecasts(db=self.database, clock=self.clock).forecast_all(self.workshop.id)

    def visits(self, days: int, state: str = "done") -> None:
        """One of an hour at nine on every day but Sunday, ``days`` back from yesterday."""
        for back in range(1, days + 1):
            at = (self.clock() - timedelta(days=back)).replace(hour=8, minute=0, second=0, microsecond=0)
            if at.isoweekday() < 7:
                make_appointment(
                    self.database,
                    self.workshop,
                    self.customer,
                    self.technician,
                    self.bay,
                    starts_at=at,
                    state=state,
                    created_at=at - timedelta(days=3),
                )

    def leads(self, count: int, *, state: str = "open", seconds: int = 30, wish: str = "", **fields) -> None:
        """Enquiries of the last days, each answered after ``seconds``."""
        for back in range(1, count + 1):
            at = self.clock() - timedelta(days=1 + back % 20, minutes=back)
            thread = make_conversation(
                self.database,
                self.workshop,
                created_at=at,
                first_answer_at=at + timedelta(seconds=seconds),
                first_answer_by="assistant",
            )
            words = {"wish": wish} if wish else {}
            make_lead(self.database, thread, created_at=at, state=state, **words, **fields)

    def job(
        self,
        number: str,
        *,
        cents: int = 11_900,
        cost: int = 2_500,
        decision: str = "approved",
        late: bool = False,
    ) -> OrderJob:
        """A job of yesterday for ``cents`` gross, ready before or after it was promised."""
        done_at = self.clock() - timedelta(days=2)
        order = save(
            self.database,
            WorkOrder(
                workshop_id=self.workshop.id,
                number=number,
                state="picked_up",
                customer_id=self.customer.id,
                promised_at=done_at - timedelta(hours=1) if late else done_at + timedelta(hours=1),
                request_key=new_secret(),
            ),
        )
        approved = decision == "approved"
        job = save(
            self.database,
            OrderJob(
                workshop_id=self.workshop.id,
                order_id=order.id,
                position=1,
                title="Bremsen",
                service_code=BRAKES,
                decision=decision,
                decided_at=done_at,
                done_at=done_at if approved else None,
            ),
        )
        save(
            self.database,
            OrderLine(
                workshop_id=self.workshop.id,
                job_id=job.id,
                position=1,
                kind="part",
                text="Beläge",
                unit_price=Decimal(cents) / 100,
                cost_cents=cost,
            ),
        )
        return job


def open_bay(database: Database, clock: ManualClock, slug: str = "mueller-dortmund", **fields) -> Bay:
    workshop = make_workshop(database, slug, **fields)
    return Bay(
        database,
        clock,
        workshop,
        make_resource(database, workshop),
        make_resource(database, workshop, "bay"),
        make_customer(database, workshop),
    )
