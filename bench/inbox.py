"""Opening, filtering and searching an inbox of 50,000 conversations, on SQLite and PostgreSQL."""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, or_, text
from sqlmodel import col, select

from bench.harness import machine, milliseconds, postgres_url, record
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.desk_models import Label, ThreadLabel
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.inbox_list import VIEWS
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id

CONVERSATIONS, MESSAGES, OPEN_SHARE, BATCH = 50_000, 2, 0.4, 5_000
LABELS = 5
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FIRST = ("Sabine", "Mehmet", "Jürgen", "Katarzyna", "Işık", "Hannah", "Łucja", "Thomas", "Ayşe", "Björn")
LAST = ("Krause", "Demir", "Schäfer", "Wójcik", "Öztürk", "Vogel", "Müller", "Weiß", "Yıldız", "Groß")
TALK = (
    "Termin Bremsen quietschen Auto Werkstatt bitte morgen Montag Ölwechsel Räder Inspektion Klima Kupplung "
    "Batterie Motor Geräusch vorne hinten links rechts kosten Angebot Rechnung abholen bringen danke Reifen"
)
WORDS = TALK.split()
SEARCHES = (
    *(
        "Krause",
        "Müller",
        "mueller",
        "Isik",
        "Łucja Wójcik",
        "Sabine Krause 1234",
        "DO-AA 1100",
        "DO AA",
        "AA1100",
    ),
    *(
        "0171 5550142",
        "4917155",
        "Termin",
        "termin montag",
        "Brems",
        "Seltenheit",
        "Seltenheit Krause",
        "ö",
        "s",
    ),
)
ROUNDS = 12


def inbox() -> None:
    """In-process, as the page calls it: rows, counts, labels and the clock of one page."""
    setting = machine()
    results = {}
    for engine, opened in opened_databases():
        with opened() as db:
            results[engine] = _measure(db)
    record(
        "inbox_50k",
        load=f"{CONVERSATIONS} conversations ({OPEN_SHARE:.0%} open) with {MESSAGES} messages each in one "
        f"workshop, {len(VIEWS)} filters and {len(SEARCHES)} searches {ROUNDS} times, in one process",
        target="open, filter and search p95 <= 100 ms",
        baseline="result.baseline: the same list filtered with LIKE over texts, names and plates",
        result=results,
        setting=setting,
    )


def _measure(db: Database) -> dict[str, Any]:
    service, actor, labels = _fill(db)
    rng = random.Random(7)
    page = service.list_inbox(actor)
    opened = [took(lambda: service.list_inbox(actor)) for _ in range(ROUNDS * 4)]
    filtered = [
        took(lambda v=view: service.list_inbox(actor, view=v)) for _ in range(ROUNDS) for view in VIEWS
    ]
    asked = [(search, view) for _ in range(ROUNDS) for search in SEARCHES for view in ("open", "all")]
    rng.shuffle(asked)
    by_search: dict[str, list[float]] = {}
    for search, view in asked:
        seconds = took(lambda s=search, v=view: service.list_inbox(actor, view=v, search=s))
        by_search.setdefault(search, []).append(seconds)
    searched = [took for each in by_search.values() for took in each]
    paged = [took(lambda: service.list_inbox(actor, before=page.next_before)) for _ in range(ROUNDS)]
    rows = rng.sample(page.rows, ROUNDS)
    threads = [took(lambda r=row: service.get_thread(actor, r.conversation_id)) for row in rows]
    labelled = [
        took(lambda i=each.id: service.list_inbox(actor, view="all", label_id=i))
        for _ in range(ROUNDS)
        for each in labels
    ]
    slowest = max(by_search, key=lambda search: milliseconds(by_search[search])["p95_ms"])
    return {
        "open": milliseconds(opened),
        "filter": milliseconds(filtered),
        "search": milliseconds(searched),
        "slowest_search": {slowest: milliseconds(by_search[slowest])},
        "next_page": milliseconds(paged),
        "label": milliseconds(labelled),
        "open_thread": milliseconds(threads),
        "baseline": {
            word: milliseconds([took(lambda w=word: _look_through(db, actor, w)) for _ in range(3)])
            for word in ("Seltenheit", "Krause", "stehtnirgends")
        },
        "load_average_after": [round(value, 1) for value in os.getloadavg()],
    }


def _look_through(db: Database, actor: Actor, word: str) -> None:
    """What the inbox did before there was an index: every text, name and plate is read."""
    ours = Conversation.workshop_id == actor.workshop_id
    texts = select(Message.conversation_id).where(col(Message.text).icontains(word))
    names = select(Customer.id).where(col(Customer.name).icontains(word))
    owners = select(Vehicle.customer_id).where(col(Vehicle.plate).icontains(word))
    customer = col(Conversation.customer_id)
    wanted = or_(col(Conversation.id).in_(texts), customer.in_(names), customer.in_(owners))
    query = select(Conversation.id).where(ours, wanted)
    with db.reading(actor.workshop_id) as session:
        session.exec(query.order_by(col(Conversation.last_message_at).desc()).limit(51)).all()


def took(call: Callable[[], object]) -> float:
    """Seconds a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def opened_databases() -> tuple[tuple[str, Callable[[], AbstractContextManager[Database]]], ...]:
    """Engine → an empty database while the context is open."""
    return ("sqlite", _sqlite), ("postgres", _postgres)


@contextmanager
def _sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        yield db
        db.close()


@contextmanager
def _postgres() -> Iterator[Database]:
    with postgres_url() as url:
        db = Database(url)
        yield db
        db.close()


def _fill(db: Database) -> tuple[InboxService, Actor, list[Label]]:
    migrate(db.engine)
    hours = {str(day): [["07:30", "17:30"]] for day in range(1, 6)}
    with db.writing(SYSTEM) as session:
        workshop = Workshop(slug="bench", name="Bench", opening_hours=hours)
        people = [Person(email=f"{number}@bench.example", name=f"Person {number}") for number in range(6)]
        labels = [Label(workshop_id=workshop.id, name=f"Label {number}") for number in range(LABELS)]
        session.add_all([workshop, *people])
        session.flush()
        session.add_all(labels)
    rng = random.Random(20261123)
    for first in range(0, CONVERSATIONS, BATCH):
        rows = [_conversation(rng, workshop, people, number) for number in range(first, first + BATCH)]
        with db.writing(SYSTEM) as session:
            for table in (Customer, Vehicle, Conversation, Message, Lead):
                found = [row for each in rows for row in each[table]]
                session.connection().execute(insert(table.__table__), found)  # pyright: ignore[reportAttributeAccessIssue]
            marks = [
                ThreadLabel(
                    workshop_id=workshop.id, conversation_id=row["id"], label_id=rng.choice(labels).id
                ).model_dump()
                for each in rows
                for row in each[Conversation]
            ]
            session.connection().execute(insert(ThreadLabel.__table__), marks)  # pyright: ignore[reportAttributeAccessIssue]
    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    customers = CustomerService(db=db)
    clock = ManualClock(NOW)
    leads = LeadService(db=db, clock=clock, customers=customers)
    actor = Actor(
        kind="person", workshop_id=workshop.id, subject_id=people[0].id, permissions=PERMISSIONS["front_desk"]
    )
    return InboxService(db=db, clock=clock, customers=customers, leads=leads), actor, labels


def _conversation(
    rng: random.Random, workshop: Workshop, people: list[Person], number: int
) -> dict[type, Any]:
    at = NOW - timedelta(minutes=7 * (CONVERSATIONS - number))
    ours = {"workshop_id": workshop.id}
    customer = Customer(
        **ours,
        name=f"{rng.choice(FIRST)} {rng.choice(LAST)}",
        phone=f"+49171{5_500_000 + number}",
        email=f"kunde{number}@example.org",
    )
    plate = f"DO-{chr(65 + number % 26)}{chr(65 + number // 26 % 26)} {1 + number % 9999}"
    vehicle = Vehicle(**ours, customer_id=customer.id, plate=plate, make="VW", model="Golf")
    is_open, human = rng.random() < OPEN_SHARE, rng.random() < 0.3
    assigned = rng.choice(people).id if rng.random() < 0.3 else None
    conversation = Conversation(
        **ours,
        channel="chat",
        customer_id=customer.id,
        state="open" if is_open else "done",
        mode="human" if human else "assistant",
        assigned_to=assigned,
        snoozed_until=NOW + timedelta(days=2) if is_open and rng.random() < 0.03 else None,
        waiting_since=at if is_open and human else None,
        token_fingerprint=new_id().hex,
        last_seq=MESSAGES,
        last_message_at=at,
        last_text="Bremsen quietschen",
        last_author=rng.choice(("customer", "assistant", "staff")),
        staff_seen_seq=rng.choice((0, MESSAGES)),
        created_at=at,
    )
    messages = [
        Message(
            **ours,
            conversation_id=conversation.id,
            seq=seq,
            author="customer" if seq % 2 else "assistant",
            text=_said(rng, number),
            created_at=at,
        )
        for seq in range(1, MESSAGES + 1)
    ]
    lead = Lead(
        **ours,
        conversation_id=conversation.id,
        customer_id=customer.id,
        vehicle_id=vehicle.id,
        channel="chat",
        score=rng.randrange(100),
    )
    made = {Customer: [customer], Vehicle: [vehicle], Conversation: [conversation], Lead: [lead]}
    return {table: [row.model_dump() for row in rows] for table, rows in {**made, Message: messages}.items()}


def _said(rng: random.Random, number: int) -> str:
    rare = " Seltenheit" if number % 997 == 0 else ""
    return " ".join(rng.choices(WORDS, weights=range(len(WORDS), 0, -1), k=18)) + rare
