"""Two customers of one workshop who left something in every table that can hold something of a customer."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from carbot_app.adapters.documents.typst_disclosure import TypstDisclosurePrinter
from carbot_app.adapters.privacy.erasure_list import FileErasureList
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.base import Row
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.automations.models import Automation, AutomationRun
from carbot_app.domains.banking.models import BankEntry, BankStatement, DebitItem, DebitRun, SepaMandate
from carbot_app.domains.billing.dunning_models import DunningClaim, DunningNotice
from carbot_app.domains.billing.models import InvoiceDraft
from carbot_app.domains.booking.models import (
    Allocation,
    Appointment,
    BookingContract,
    Claim,
    OccupiedCell,
    Resource,
    WaitlistEntry,
    WaitlistOffer,
    Withdrawal,
)
from carbot_app.domains.calendars.models import SyncedEvent
from carbot_app.domains.compliance.erasures import ErasureService
from carbot_app.domains.compliance.exports import PrivacyExports
from carbot_app.domains.compliance.models import PrivacyExport
from carbot_app.domains.compliance.service import RetentionService
from carbot_app.domains.conversations.desk_models import Label, ThreadDraft, ThreadLabel, ThreadNote
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.domains.conversations.suggestion_models import SuggestedReply
from carbot_app.domains.customers.models import Consent, ContactChange, ContactPoint, Customer, Vehicle
from carbot_app.domains.diagnostics.models import (
    AdapterClaim,
    CodeClearing,
    CodeFinding,
    CodeReading,
    DiagnosticAdapter,
    DiagnosticBlock,
    DiagnosticMark,
    DiagnosticReport,
    DiagnosticSession,
    DiagnosticSummary,
    MaintenanceOffer,
)
from carbot_app.domains.diagnostics.recording import pack
from carbot_app.domains.mailbox.models import ReceivedMail
from carbot_app.domains.messaging.models import (
    AppointmentAnswer,
    ContactPreference,
    Escalation,
    OutgoingMessage,
)
from carbot_app.domains.orders.models import (
    CheckIn,
    DeclinedJob,
    OrderApproval,
    OrderJob,
    OrderLine,
    WorkOrder,
)
from carbot_app.domains.payments.models import Dispute, PaymentRequest
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation
from carbot_app.domains.vehicle_history.models import HistoryText, VehicleChain
from carbot_app.domains.visit_access.models import VisitProof
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import fingerprint, new_id, new_secret
from tests.factories import (
    make_appointment,
    make_callback,
    make_conversation,
    make_customer,
    make_lead,
    make_message,
    make_person,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
)
from tests.factories.billing import make_invoice, make_payment, make_receivable
from tests.factories.calendars import make_calendar_link
from tests.factories.saving import save

PAST = datetime(2026, 9, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """What a person is called and reached by; nobody else shares a letter of it."""

    name: str
    phone: str
    email: str
    plate: str
    vin: str
    secret: str
    """A word that stands in everything that was written."""


AYSE = Known("Ayşe Yılmaz", "+491715550142", "ayse@example.org", "DO-AB 123", "WVWZZZ1KZAW000001", "Krokodil")
PIOTR = Known(
    "Piotr Nowak", "+491729990777", "piotr@example.net", "EN-XY 789", "WBAZZZ8V5KA000999", "Pinguin"
)


@dataclass(frozen=True)
class PrivacyDesk:
    """The services of privacy over a real file store."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    store: FolderFileStore
    exports_store: FolderFileStore
    erasure_file: Path
    retention: RetentionService
    exports: PrivacyExports
    erasures: ErasureService

    def count(self, table: type[Row], *conditions: Any) -> int:
        """Rows there are."""
        with self.database.reading(SYSTEM) as session:
            return len(session.execute(select(table.id).where(*conditions)).all())  # type: ignore[arg-type]


def open_privacy_desk(
    database: Database, clock: ManualClock, workshop: Workshop | None = None
) -> PrivacyDesk:
    """A workshop and its services of privacy."""
    folder = Path(tempfile.mkdtemp(prefix="carbot-privacy-"))
    shared: dict[str, Any] = {
        "db": database,
        "clock": clock,
        "store": FolderFileStore(folder / "files"),
        "exports": FolderFileStore(folder / "disclosures"),
    }
    return PrivacyDesk(
        database,
        clock,
        workshop or make_workshop(database),
        shared["store"],
        shared["exports"],
        folder / "erasures.jsonl",
        retention=RetentionService(**shared),
        exports=PrivacyExports(
            printer=TypstDisclosurePrinter(),
            public_url="https://carbot.example",
            external_model=False,
            **shared,
        ),
        erasures=ErasureService(forgotten=FileErasureList(folder / "erasures.jsonl"), **shared),
    )


def fill(desk: PrivacyDesk, known: Known, *, documents: bool = True) -> Customer:
    """A customer with a row in every table of ``holdings``: one finished order, one talk about nothing."""
    database, workshop = desk.database, desk.workshop
    customer = make_customer(
        database, workshop, name=known.name, phone=known.phone, email=known.email, created_at=PAST
    )
    vehicle = make_vehicle(database, workshop, customer, plate=known.plate, vin=known.vin)
    visit, thread, message = _fill_order(desk, known, customer, vehicle)
    _fill_visit(desk, known, visit)
    _fill_thread(desk, known, customer, vehicle, thread, message)
    _fill_contacts(desk, known, customer, vehicle)
    order = _fill_work(desk, known, customer, vehicle)
    _fill_diagnosis(desk, known, order)
    if documents:
        _fill_documents(desk, known, customer, order)
    EventCollector(db=database, clock=desk.clock).collect(workshop.id)
    return customer


def _fill_order(
    desk: PrivacyDesk, known: Known, customer: Customer, vehicle: Vehicle
) -> tuple[Appointment, Conversation, Message]:
    database, workshop = desk.database, desk.workshop
    thread = make_conversation(
        database, workshop, customer_id=customer.id, last_text=f"{known.name} {known.secret}",
        last_address=known.email, dialogue={"name": known.name}, last_message_at=PAST, last_seq=1,
    )  # fmt: skip
    message = make_message(
        database, thread, text=f"Hier ist {known.name}, {known.phone}, {known.plate}: {known.secret}",
        address=known.email, created_at=PAST, parts=[{"kind": "contact", "name": known.name}],
    )  # fmt: skip
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    visit = make_appointment(
        database, workshop, customer, technician, bay, starts_at=PAST, state="done", vehicle_id=vehicle.id,
        conversation_id=thread.id, note=f"{known.name} bringt den Schlüssel, {known.secret}",
    )  # fmt: skip
    return visit, thread, message


def _fill_visit(desk: PrivacyDesk, known: Known, visit: Appointment) -> None:
    at = {"workshop_id": visit.workshop_id, "appointment_id": visit.id}
    claim = save(desk.database, Claim(**at))
    assert visit.technician_id
    taken = {"workshop_id": visit.workshop_id, "claim_id": claim.id, "resource_id": visit.technician_id}
    entry = save(desk.database, WaitlistEntry(**at, wish_from=PAST, wish_until=PAST))
    technician = _resource(desk, visit.technician_id)
    link = make_calendar_link(desk.database, technician)
    basket = PhotoBasket(**at, token_fingerprint=fingerprint(new_secret()))
    for row in (
        Allocation(**taken, starts_at=PAST, ends_at=PAST + timedelta(hours=1)),
        OccupiedCell(**taken, cell_at=PAST),
        WaitlistOffer(
            workshop_id=visit.workshop_id, entry_id=entry.id, starts_at=PAST, ends_at=PAST, expires_at=PAST,
            state="expired",
        ),
        BookingContract(
            **at, number=known.secret, concluded_at=PAST, text_version="2026-11", language="de",
            gross_cents=12_900, currency="EUR", starts_at=PAST, early_start=False,
        ),
        Withdrawal(
            **at, sent={"name": known.name, "email": known.email, "contract": known.secret[:4]},
            content_key=new_id().hex, language="de", received_at=PAST, outcome="unknown",
        ),
        VisitRating(**at, stars=2, comment=f"{known.name}: {known.secret}", rated_at=PAST),
        AppointmentAnswer(**at, moved_count=0, answer="yes", channel="sms", answered_at=PAST),
        OutgoingMessage(
            **at, kind="appointment.booked", to_address=known.email, subject=f"Termin für {known.name}",
            text=f"Guten Tag {known.name}, {known.secret}", html=f"<p>{known.name}</p>",
            calendar=f"ATTENDEE:{known.email}", parameters=[known.name],
            dedupe_key=new_id().hex, state="sent",
        ),
        basket,
        SyncedEvent(
            workshop_id=visit.workshop_id, link_id=link.id, appointment_id=visit.id, event_id=new_id().hex,
            etag="1", fingerprint="x", starts_at=PAST, ends_at=PAST,
        ),
    ):  # fmt: skip
        save(desk.database, row)
    _photo(desk, appointment_id=visit.id)
    _photo(desk, basket_id=basket.id)


def _fill_thread(
    desk: PrivacyDesk,
    known: Known,
    customer: Customer,
    vehicle: Vehicle,
    thread: Conversation,
    message: Message,
) -> None:
    database, workshop = desk.database, desk.workshop
    person = make_person(database, email=f"{new_id().hex}@mueller.de")
    label = save(database, Label(workshop_id=workshop.id, name=new_id().hex[:20], tone="info"))
    automation = save(
        database, Automation(workshop_id=workshop.id, name="Nachfassen", enabled=True, trigger="lead.quiet")
    )
    of = {"workshop_id": workshop.id, "conversation_id": thread.id}
    small_talk = make_conversation(database, workshop, customer_id=customer.id, last_message_at=PAST)
    make_message(database, small_talk, text=f"Wann habt ihr auf? {known.secret}")
    make_lead(database, thread, vehicle_id=vehicle.id, wish=f"{known.secret} reparieren", created_at=PAST)
    file = MessageFile(
        workshop_id=workshop.id, message_id=message.id, position=0, kind="file", name=f"{known.secret}.pdf",
        media_type="application/pdf", size=3, sha256="x", created_at=PAST,
    )  # fmt: skip
    desk.store.put(workshop.id, str(file.id), known.secret.encode())
    for row in (
        file,
        ThreadNote(**of, author_id=person.id, author_name="Jana", text=f"{known.name}: {known.secret}"),
        ThreadDraft(**of, person_id=person.id, text=f"Hallo {known.name}", written_at=PAST),
        ThreadLabel(**of, label_id=label.id),
        SuggestedReply(**of, seq=1, text=f"Guten Tag {known.name}"),
        VisitProof(**of, customer_id=customer.id, expires_at=PAST),
        Escalation(**of, seq=1, step=1),
        AutomationRun(
            **of, automation_id=automation.id, occurrence=new_id().hex, event_id=new_id(), version=1,
            state="done", customer_id=customer.id, created_at=desk.clock(),
        ),
        Task(**of, customer_id=customer.id, title=f"{known.name} anrufen", due_at=PAST, done_at=PAST),
        OutgoingMessage(
            workshop_id=workshop.id, message_id=message.id, kind="thread.reply", to_address=known.email,
            subject="Re:", text=f"Hallo {known.name}", dedupe_key=new_id().hex, state="sent",
        ),
        ReceivedMail(
            workshop_id=workshop.id, fingerprint=new_id().hex, message_id=f"<{known.email}>",
            from_address=known.email, from_name=known.name, subject=known.secret, sent_at=PAST,
            original=f"{known.secret} {known.name}", kind="letter", state="taken",
            thread_message_id=message.id,
        ),
    ):  # fmt: skip
        save(database, row)


def _fill_contacts(desk: PrivacyDesk, known: Known, customer: Customer, vehicle: Vehicle) -> None:
    database, workshop = desk.database, desk.workshop
    part = make_customer(database, workshop, name="", phone="", merged_into_id=customer.id, created_at=PAST)
    wheels = make_wheel_set(
        database, workshop, vehicle, taken_on=date(2026, 10, 1), remarks=f"{known.name}: {known.secret}",
        code=f"R{known.secret[:5]}",
    )  # fmt: skip
    campaign = SeasonCampaign(
        workshop_id=workshop.id, season="winter", service_code="TYR-CHG-001", starts_on=PAST.date(),
        ends_on=PAST.date(), per_day=10, state="over",
    )  # fmt: skip
    save(database, campaign)
    of = {"workshop_id": workshop.id, "customer_id": customer.id}
    make_callback(database, workshop, name=known.name, phone=known.phone, note=known.secret, state="done")
    _photo(desk, wheel_set_id=wheels.id)
    for row in (
        ContactPoint(**of, kind="phone", value=known.phone, verified_at=PAST, verified_by="staff"),
        ContactPoint(**of, kind="email", value=known.email, verified_at=PAST, verified_by="wrote_from"),
        ContactPreference(**of, stopped=["sms"]),
        ContactChange(
            workshop_id=workshop.id, kind="merge", from_id=part.id, to_id=customer.id,
            before={"fields": {str(part.id): {"name": [f"{known.name}-Alt", ""]}}},
        ),
        Consent(**of, kind="tyres", text_version="2026-11", source="desk", given_at=PAST, token=new_secret()),
        SeasonInvitation(
            **of, campaign_id=campaign.id, vehicle_id=vehicle.id, token=new_secret(), slot_id="s",
            starts_at=PAST, held_until=PAST,
        ),
        OutgoingMessage(
            workshop_id=workshop.id, kind="season.invitation", to_address=known.email, subject="Winterreifen",
            text=f"Guten Tag {known.name}", dedupe_key=new_id().hex, state="queued",
        ),
        PrivacyExport(**of, checked_by="known", state="ready", expires_at=desk.clock() + timedelta(days=7)),
    ):  # fmt: skip
        save(database, row)
    _fill_money(desk, known, of)


def _fill_money(desk: PrivacyDesk, known: Known, of: dict[str, Any]) -> None:
    day, at = PAST.date(), {"workshop_id": desk.workshop.id}
    account = {"iban": "DE02120300000000202051", "currency": "EUR"}
    statement = BankStatement(**at, **account, sha256=new_id().hex)
    mandate = SepaMandate(**of, reference=new_id().hex, holder=known.name, iban="DE8937", signed_on=day)
    notice = DunningNotice(
        **of, level=1, name="reminder", sent_on=day, deadline=day, way="mail", email=known.email,
        recipient=known.name, open_cents=100, currency="EUR", letter={"buyer": {"name": known.name}},
    )  # fmt: skip
    for row in (statement, mandate, notice):
        save(desk.database, row)
    entry = BankEntry(
        **of, **account, statement_id=statement.id, key=new_id().hex, amount_cents=100, booked_on=day,
        counterparty=known.name, remittance=f"{known.name} {known.secret}",
    )  # fmt: skip
    save(desk.database, entry)


def _fill_work(desk: PrivacyDesk, known: Known, customer: Customer, vehicle: Vehicle) -> WorkOrder:
    database, workshop = desk.database, desk.workshop
    of = {"workshop_id": workshop.id, "customer_id": customer.id, "vehicle_id": vehicle.id}
    order = save(
        database,
        WorkOrder(
            **of, number=f"AU-{new_id().hex[-12:]}", state="done", request_key=new_id().hex, created_at=PAST,
            title=f"Bremsen {known.name}", complaint=known.secret, note=f"{known.name}, {known.phone}",
            payers=[{"payer": "customer", "name": known.name}],
        ),
    )  # fmt: skip
    at = {"workshop_id": workshop.id, "order_id": order.id}
    job = save(database, OrderJob(**at, position=1, title=f"Bremse {known.name}", finding=known.secret))
    for row in (
        OrderLine(
            workshop_id=workshop.id, job_id=job.id, position=1, kind="labour", text=f"Arbeit {known.name}",
            unit_price=Decimal(100),
        ),
        OrderApproval(
            **at, token=new_secret(), asked_at=PAST, expires_at=PAST, signed_name=known.name,
            asked=[{"title": f"Bremse {known.name}"}],
        ),
        CheckIn(**at, belongings=f"Tasche von {known.name}", remark=known.secret, signed_name=known.name),
        DeclinedJob(
            **of, job_id=job.id, title=f"Lack {known.name}", gross_cents=9_900, declined_on=PAST.date(),
            follow_up_on=PAST.date(),
        ),
        InvoiceDraft(**of, buyer={"name": known.name}, plate=known.plate),
        VehicleChain(workshop_id=workshop.id, vehicle_id=vehicle.id),
        HistoryText(
            workshop_id=workshop.id, entry_id=new_id(), name="vin", salt=new_secret(), value=known.vin,
            vehicle_id=vehicle.id,
        ),
        HistoryText(
            workshop_id=workshop.id, entry_id=new_id(), name="works", salt=new_secret(),
            value=[f"Bremse {known.name}", known.secret], customer_id=customer.id,
        ),
    ):  # fmt: skip
        save(database, row)
    return order


def _fill_diagnosis(desk: PrivacyDesk, known: Known, order: WorkOrder) -> None:
    """The car was read, marked and cleared."""
    at = {"workshop_id": desk.workshop.id}
    session = DiagnosticSession(
        **at, car_key=new_id().hex, way="agent", state="ended", vin=known.vin, vehicle_id=order.vehicle_id,
        customer_id=order.customer_id, order_id=order.id, started_at=PAST, heard_at=PAST, ended_at=PAST,
    )  # fmt: skip
    save(desk.database, session)
    of = {**at, "session_id": session.id}
    reading = CodeReading(**of, read_at=PAST, mil=True)
    adapter = DiagnosticAdapter(**at, name="Grube", address=f"socket://{session.car_key}:1")
    rows = [(0, 0x0C, 800.0)]
    for row in (
        DiagnosticBlock(
            **of, first_seq=1, last_seq=1, starts_at=PAST, span_ms=0, sample_count=1, packed=pack(rows)
        ),
        DiagnosticMark(**of, at=PAST, text=f"{known.name} ruckelt, {known.secret}"),
        reading,
        CodeFinding(**at, reading_id=reading.id, ecu="7E8", code="P0301", kind="stored"),
        CodeClearing(
            **of, command=new_id().hex, reason=f"Wunsch von {known.name}", role="owner", by="Sabine",
            asked_at=PAST,
        ),
        DiagnosticReport(
            **of, vehicle_id=order.vehicle_id, customer_id=order.customer_id, token=new_secret(),
            content={"plate": known.plate, "note": f"{known.name}, {known.secret}"}, pdf=b"%PDF", sha256="0",
            issued_at=PAST, expires_at=PAST,
        ),
        DiagnosticSummary(
            **of, reading_id=reading.id, audience="customer", language="de", written_at=PAST,
            text=f"{known.name}, Ihr {known.plate} ruckelt: {known.secret}",
        ),
        adapter,
        AdapterClaim(**of, adapter_id=adapter.id),
        MaintenanceOffer(
            **at, vehicle_id=order.vehicle_id, customer_id=order.customer_id, work="oil",
            service_code="ENG-OIL-001", token=new_secret(), slot_id="0", starts_at=PAST, held_until=PAST,
        ),
    ):  # fmt: skip
        save(desk.database, row)


def _fill_documents(desk: PrivacyDesk, known: Known, customer: Customer, order: WorkOrder) -> None:
    database, workshop = desk.database, desk.workshop
    invoice = make_invoice(database, workshop, paper={"buyer": known.name}, issued_on=PAST.date())
    make_receivable(
        database, invoice, customer_id=customer.id, vehicle_id=order.vehicle_id, order_id=order.id,
        state="paid",
        buyer_name=known.name, plate=known.plate, email=known.email, settled_cents=11_900,
        search=f"{invoice.number} {known.name} {known.plate}".lower(),
    )  # fmt: skip
    make_payment(database, invoice, reference=known.name)
    request = PaymentRequest(
        workshop_id=workshop.id, token=new_secret(), request_key=new_id().hex, purpose="deposit",
        customer_id=customer.id, text=f"{known.secret} reparieren", amount_cents=5_000, currency="EUR",
        state="paid", changed_at=PAST, note=known.name, checkout_url=f"https://pay.example/{known.secret}",
    )  # fmt: skip
    save(database, request)
    dispute = Dispute(
        workshop_id=workshop.id, request_id=request.id, dispute_id=new_id().hex, state="open",
        amount_cents=5_000, currency="EUR", seen_at=PAST,
    )  # fmt: skip
    save(database, dispute)
    _fill_claims(desk, customer, invoice.id)


def _fill_claims(desk: PrivacyDesk, customer: Customer, invoice_id: UUID) -> None:
    """The invoice was collected and reminded of."""
    day, at = PAST.date(), {"workshop_id": desk.workshop.id, "invoice_id": invoice_id}
    with desk.database.reading(SYSTEM) as session:
        mandate, notice = (
            session.execute(select(table).where(table.customer_id == customer.id)).scalars().one()
            for table in (SepaMandate, DunningNotice)
        )
    run = DebitRun(
        workshop_id=desk.workshop.id, file_id=new_id().hex, collect_on=day, count=1, total_cents=100
    )
    save(desk.database, run)
    item = DebitItem(
        **at, run_id=run.id, mandate_id=mandate.id, end_to_end_id="E1", amount_cents=100, sequence="OOFF",
        collect_on=day,
    )  # fmt: skip
    claim = DunningClaim(
        **at, notice_id=notice.id, level=1, number="RE-1", issued_on=day, due_on=day, days_late=3,
        open_cents=100,
    )  # fmt: skip
    for row in (item, claim):
        save(desk.database, row)


def _photo(desk: PrivacyDesk, **owner: UUID | None) -> None:
    row = Photo(
        workshop_id=desk.workshop.id, position=0, media_type="image/jpeg", width=1, height=1, size=3,
        sha256="x", created_at=PAST, **owner,
    )  # fmt: skip
    for name in (str(row.id), f"{row.id}.small"):
        desk.store.put(desk.workshop.id, name, b"jpg")
    save(desk.database, row)


def _resource(desk: PrivacyDesk, resource_id: UUID) -> Resource:
    with desk.database.reading(SYSTEM) as session:
        return session.get_one(Resource, resource_id)


DOCUMENTS = ("invoice", "invoice_line", "payment")
"""What tax law keeps as it was."""


def traces(desk: PrivacyDesk, known: Known) -> list[str]:
    """``table.column`` of everything that may change in the database and still names the person."""
    number = known.phone[-8:]
    words = [*known.name.lower().split(), number, known.email, known.plate.lower(), known.vin.lower()]
    found = []
    with desk.database.reading(SYSTEM) as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in DOCUMENTS:
                continue
            for row in session.execute(select(table)).mappings():
                for name, value in row.items():
                    if any(word in str(value).lower() for word in words):
                        found.append(f"{table.name}.{name}: {value}")
    return found
