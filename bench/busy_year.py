"""A year of a busy workshop: two million events, with the records some charts read beside them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text
from sqlmodel import SQLModel

from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics import kinds, rollups
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.billing.models import Invoice, Payment, Receivable
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id

LAST = date(2026, 11, 22)
DAYS = 365
EVENTS = 2_000_000
CHANNELS = ("chat", "chat", "chat", "booking", "whatsapp", "mail", "sms", "call")
SERVICES = tuple(f"SRV-{group}-{at:03}" for group in ("BRK", "OIL", "TYR", "CLI") for at in range(1, 7))
HOURS = (*range(6, 22), *range(8, 18), *range(8, 12), *range(24))
TECHNICIANS = 6
CUSTOMERS = 15_000
LEADS_A_DAY, VISITS_A_DAY = 165, 40
"""As many cars as six technicians can see to; the rest of the events are messages."""
_BATCH = 5_000
_ZONE = ZoneInfo("Europe/Berlin")
Rows = Iterator[tuple[type[SQLModel], dict[str, Any]]]


class BusyYear:
    """Writes the year and makes its sums."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rng = random.Random(20261204)
        hours = {str(day): [["07:30", "17:30"]] for day in range(1, 7)}
        self.workshop = Workshop(slug="busy", name="Busy", opening_hours=hours)
        self._at: dict[str, Any] = {"workshop_id": self.workshop.id}
        self._people = [
            Resource(**self._at, kind="technician", name=f"Technician {at}") for at in range(TECHNICIANS)
        ]
        self._customers = [Customer(**self._at, name=f"Customer {at}") for at in range(CUSTOMERS)]
        self._seen: set[UUID] = set()

    def fill(self) -> int:
        """All rows; returns how many events there are."""
        migrate(self._db.engine)
        with self._db.writing(SYSTEM) as session:
            session.add(self.workshop)
            session.flush()
            session.add_all([*self._people, *self._customers])
        written = 0
        for back in range(DAYS - 1, -1, -1):
            rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
            for table, row in self._day(
                LAST - timedelta(days=back), EVENTS * (DAYS - back) // DAYS - written
            ):
                rows.setdefault(table, []).append(row)
            written += len(rows[AnalyticsEvent])
            with self._db.writing(SYSTEM) as session:
                for table, some in rows.items():
                    for first in range(0, len(some), _BATCH):
                        session.connection().execute(
                            insert(rollups.table_of(table)), some[first : first + _BATCH]
                        )
        return written

    def sum_up(self) -> int:
        """Make the roll-ups month by month, as ``carbot analytics rebuild``; returns how many there are."""
        made = 0
        month = (LAST - timedelta(days=DAYS)).replace(day=1)
        while month <= LAST:
            after = (month + timedelta(days=31)).replace(day=1)
            with self._db.writing(self.workshop.id) as session:
                made += rollups.check(session, self.workshop.id, month, after - timedelta(days=1), mend=True)
            month = after
        return made

    def settle(self) -> None:
        """As the server's own autovacuum does after so many new rows."""
        with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"))

    def _day(self, day: date, events: int) -> Rows:
        left = events
        for rows in (
            (row for _ in range(LEADS_A_DAY) for row in self._lead(day)),
            (row for _ in range(VISITS_A_DAY) for row in self._visit(day)),
        ):
            for table, row in rows:
                left -= table is AnalyticsEvent
                yield table, row
        for _ in range(left):
            kind = self._rng.choice((kinds.MESSAGE_IN, kinds.MESSAGE_OUT))
            yield self._event(kind, new_id(), self._moment(day), channel=self._rng.choice(CHANNELS))

    def _lead(self, day: date) -> Rows:
        rng, at, channel = self._rng, self._moment(day), self._rng.choice(CHANNELS)
        seconds = rng.choice((rng.randrange(1, 6), rng.randrange(1, 6), rng.randrange(20, 40_000)))
        service, won = rng.choice(SERVICES), rng.random() < 0.4
        thread = Conversation(
            **self._at, channel=channel, token_fingerprint=new_id().hex, last_message_at=at, created_at=at,
            first_answer_at=at + timedelta(seconds=seconds), first_answer_by="assistant",
        )  # fmt: skip
        lead = Lead(
            **self._at, conversation_id=thread.id, channel=channel, created_at=at, service_codes=[service],
            state="won" if won else "open", value_max_cents=rng.choice((0, 20_000)),
        )  # fmt: skip
        yield Conversation, thread.model_dump()
        yield Lead, lead.model_dump()
        yield self._event(kinds.LEAD, lead.id, at, channel=channel)
        yield self._event(kinds.ASKED, lead.id, at, channel=channel, part=service, service_code=service)
        yield self._event(kinds.ANSWERED, thread.id, at, channel=channel, quantity=seconds)
        passed = 3 + (rng.random() < 0.8) if won else 2
        for step in kinds.FUNNEL[:passed]:
            for part in ({}, {"part": service, "service_code": service}):
                yield self._event(step, lead.id, at, channel=channel, **part)
        if won:
            yield self._event(kinds.LEAD_WON, lead.id, at, channel=channel)
        if rng.random() < 0.2:
            yield self._event(kinds.HANDED_OVER, thread.id, at, channel=channel)

    def _visit(self, day: date) -> Rows:
        rng, at, service = self._rng, self._moment(day), self._rng.choice(SERVICES)
        technician, customer = rng.choice(self._people).id, rng.choice(self._customers).id
        channel, minutes = rng.choice(CHANNELS), rng.choice((30, 45, 60, 90, 120))
        state = rng.choice(("done",) * 8 + ("cancelled", "no_show"))
        visit = Appointment(
            **self._at, customer_id=customer, technician_id=technician, service_codes=[service],
            title=service, starts_at=at, ends_at=at + timedelta(minutes=minutes), minutes=minutes,
            state=state, price_max_cents=minutes * 250, source="page", manage_token=new_id().hex,
            request_key=new_id().hex, created_at=at - timedelta(days=rng.randrange(1, 14)),
        )  # fmt: skip
        of: dict[str, Any] = {"channel": channel, "technician_id": technician, "customer_id": customer}
        work = {**of, "quantity": minutes, "amount_cents": visit.price_max_cents}
        part = {**work, "part": service, "service_code": service}
        yield Appointment, visit.model_dump()
        yield self._event(kinds.BOOKED, visit.id, visit.created_at, **work)
        yield self._event(kinds.BOOKED, visit.id, visit.created_at, **part)
        if state != "done":
            yield self._event(kinds.CANCELLED if state == "cancelled" else kinds.NO_SHOW, visit.id, at, **of)
            return
        yield self._event(kinds.VISITED, visit.id, at, **work)
        yield self._event(kinds.VISITED, visit.id, at, **part)
        if customer in self._seen:
            yield self._event(kinds.RETURNING, visit.id, at, **of)
        self._seen.add(customer)
        yield from self._bill(day, at, of, part)

    def _bill(self, day: date, at: datetime, of: dict[str, Any], part: dict[str, Any]) -> Rows:
        cents, order_id, job = part["amount_cents"], new_id(), new_id().hex
        paid_on = day + timedelta(days=self._rng.randrange(0, 30))
        is_paid = paid_on <= LAST and self._rng.random() < 0.97
        shared: dict[str, Any] = {
            **self._at, "number": f"RE-{order_id.hex}", "kind": "invoice", "issued_on": day,
            "currency": "EUR", "gross_cents": cents, "due_cents": cents, "created_at": at,
        }  # fmt: skip
        invoice = Invoice(
            **shared, supplied_on=day, keep_until=date(day.year + 8, 12, 31), net_cents=cents, vat_cents=0,
            language="de", form="zugferd",
        )  # fmt: skip
        receivable = Receivable(
            **shared, invoice_id=invoice.id, due_on=day, token=invoice.id.hex,
            settled_cents=cents if is_paid else 0, state="paid" if is_paid else "open",
            paid_on=paid_on if is_paid else None,
        )  # fmt: skip
        yield Invoice, invoice.model_dump()
        yield Receivable, receivable.model_dump()
        whole = {"channel": of["channel"], "customer_id": of["customer_id"], "amount_cents": cents}
        yield self._event(kinds.INVOICED, invoice.id, at, **whole, quantity=part["quantity"])
        yield self._event(kinds.INVOICED, invoice.id, at, **{**part, "part": "line-1"})
        yield self._event(kinds.ORDER_CLOSED, order_id, at, **of, amount_cents=cents)
        for kind, share in ((kinds.JOB_ACCEPTED, 1.0), (kinds.JOB_DECLINED, 0.3)):
            if self._rng.random() < share:
                decided = {**part, "part": job, "quantity": 1}
                yield self._event(kind, order_id, at, **decided)
        if self._rng.random() < 0.2:
            yield self._event(kinds.RATED, new_id(), at, **of, quantity=self._rng.randrange(1, 6))
        if is_paid:
            payment = Payment(
                **self._at, invoice_id=invoice.id, method="cash", amount_cents=cents, currency="EUR",
                received_on=paid_on,
            )  # fmt: skip
            yield Payment, payment.model_dump()
            yield self._event(kinds.PAID, payment.id, at, **whole)

    def _moment(self, day: date) -> datetime:
        hour, minute = self._rng.choice(HOURS), self._rng.randrange(0, 60, 15)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=_ZONE).astimezone(UTC)

    def _event(
        self, kind: str, subject_id: UUID, at: datetime, **fields: Any
    ) -> tuple[type[SQLModel], dict[str, Any]]:
        local = at.astimezone(_ZONE)
        return AnalyticsEvent, {
            "id": new_id(), "created_at": at, **self._at, "kind": kind, "subject_id": subject_id, "part": "",
            "revision": 0, "sign": 1, "occurred_at": at, "day": local.date(), "hour": local.hour,
            "channel": "", "service_code": "", "technician_id": None, "customer_id": None, "quantity": 1,
            "amount_cents": 0, **fields,
        }  # fmt: skip
