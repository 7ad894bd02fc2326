"""Opening, filtering, searching and turning the list of 100,000 invoices, on SQLite and PostgreSQL."""

import os
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import col, select

from bench.harness import machine, milliseconds, record
from bench.inbox import FIRST, LAST, opened_databases, took
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.listing import InvoiceList
from carbot_app.domains.billing.listing_schemas import FILTERS, SORTS, InvoiceQuery
from carbot_app.domains.billing.models import Invoice, Payment, Receivable
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock

INVOICES, BATCH, PER_DAY = 100_000, 5_000, 60
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SEARCHES = (
    *("Krause", "Müller", "mueller", "Isik", "Sabine Krause", "99418", "RE-2026-0994", "DO-AA 1100"),
    *("AA1100", "Hensel KG 4711", "s", "do", "stehtnirgends"),
)
ROUNDS = 12


def invoice_list() -> None:
    """In-process, as the page calls it: rows, counts of every filter, sums; the head of the page apart."""
    setting = machine()
    results = {}
    for engine, opened in opened_databases():
        with opened() as db:
            results[engine] = _measure(db)
    record(
        "invoice_list_100k",
        load=f"{INVOICES} invoices in one workshop; {len(FILTERS)} filters, all time and 90 days, "
        f"{len(SORTS)} orders and {len(SEARCHES)} searches {ROUNDS} times, in one process",
        target="list, filter and search p95 <= 100 ms",
        baseline="result.baseline: the same search with LIKE over the searched column",
        result=results,
        setting=setting,
    )


def _measure(db: Database) -> dict[str, Any]:
    listing, actor = _fill(db)
    quarter = NOW.date() - timedelta(days=89)
    queries = {
        "open_90_days": [InvoiceQuery(since=quarter)],
        "filter_90_days": [InvoiceQuery(view=view, since=quarter) for view in FILTERS],
        "filter_all_time": [InvoiceQuery(view=view) for view in FILTERS],
        "order_all_time": [InvoiceQuery(sort=sort) for sort in SORTS],
        "buyer_and_amount": [InvoiceQuery(buyer="business", least_cents=50_000)],
        "search": [InvoiceQuery(search=search) for search in SEARCHES],
    }
    result: dict[str, Any] = {}
    for name, asked in queries.items():
        times = {query: [_list(listing, actor, query) for _ in range(ROUNDS)] for query in asked}
        result[name] = milliseconds([each for some in times.values() for each in some])
        if name == "search":
            slowest = max(times, key=lambda query: milliseconds(times[query])["p95_ms"])
            result["slowest_search"] = {slowest.search: milliseconds(times[slowest])}
    after = listing.list_invoices(actor, InvoiceQuery()).next_after
    result["next_page"] = milliseconds(
        [took(lambda: listing.list_invoices(actor, InvoiceQuery(), after=after)) for _ in range(ROUNDS)]
    )
    result["head"] = milliseconds([took(lambda: listing.figures(actor)) for _ in range(ROUNDS)])
    result["baseline"] = {
        word: milliseconds([took(lambda w=word: _look_through(db, actor, w)) for _ in range(3)])
        for word in ("Hensel", "stehtnirgends")
    }
    result["load_average_after"] = [round(value, 1) for value in os.getloadavg()]
    return result


def _list(listing: InvoiceList, actor: Actor, query: InvoiceQuery) -> float:
    return took(lambda: listing.list_invoices(actor, query))


def _look_through(db: Database, actor: Actor, word: str) -> None:
    query = select(Receivable.id).where(col(Receivable.search).contains(word.lower()))
    with db.reading(actor.workshop_id) as session:
        session.exec(query.order_by(col(Receivable.issued_on).desc()).limit(51)).all()


def _fill(db: Database) -> tuple[InvoiceList, Actor]:
    migrate(db.engine)
    with db.writing(SYSTEM) as session:
        workshop, person = Workshop(slug="bench", name="Bench"), Person(email="b@bench.example", name="B")
        session.add_all([workshop, person])
    rng = random.Random(20261123)
    for first in range(0, INVOICES, BATCH):
        rows = [_document(rng, workshop, number) for number in range(first, first + BATCH)]
        with db.writing(SYSTEM) as session:
            for place, table in enumerate((Invoice, Receivable, Payment)):
                found = [each[place].model_dump() for each in rows if each[place] is not None]
                session.connection().execute(insert(table.__table__), found)  # pyright: ignore[reportAttributeAccessIssue]
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As the server's own autovacuum does after so many new rows
        connection.execute(text("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    permissions = PERMISSIONS["front_desk"]
    actor = Actor(kind="person", workshop_id=workshop.id, subject_id=person.id, permissions=permissions)
    return InvoiceList(db=db, clock=ManualClock(NOW)), actor


def _document(rng: random.Random, workshop: Workshop, number: int) -> tuple[Any, Any, Any]:
    issued = NOW.date() - timedelta(days=(INVOICES - 1 - number) // PER_DAY)
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    if number % 97 == 0:
        name = f"Bau Hensel KG {number}"
    plate = f"DO-{chr(65 + number % 26)}{chr(65 + number // 26 % 26)} {1 + number % 9999}"
    gross, label = rng.randrange(3_000, 250_000), f"RE-{issued.year}-{number:05}"
    state = _state(rng, issued)
    shared = {"workshop_id": workshop.id, "number": label, "issued_on": issued, "currency": "EUR"}
    shared |= {"kind": "invoice", "gross_cents": gross, "due_cents": gross}
    invoice = Invoice(
        **shared,
        supplied_on=issued,
        keep_until=date(issued.year + 8, 12, 31),
        net_cents=gross,
        vat_cents=0,
        language="de",
        form="zugferd",
    )
    settled = {"open": 0, "partial": gross // 2}.get(state, gross)
    receivable = Receivable(
        **shared,
        invoice_id=invoice.id,
        due_on=issued + timedelta(days=14),
        settled_cents=settled,
        state=state,
        buyer_name=name,
        plate=plate,
        search=f"{label} {name} {plate}".lower(),
        is_business=rng.random() < 0.3,
        token=invoice.id.hex,
        checked=rng.random() < 0.98,
    )
    payment = Payment(
        workshop_id=workshop.id,
        invoice_id=invoice.id,
        method=rng.choice(("cash", "transfer", "card_terminal")),
        amount_cents=settled,
        currency="EUR",
        received_on=issued,
    )
    return invoice, receivable, payment if settled else None


def _state(rng: random.Random, issued: date) -> str:
    age = (NOW.date() - issued).days
    if rng.random() < (0.6 if age < 14 else 0.05 if age < 60 else 0.002):
        return rng.choice(("open", "open", "partial"))
    return "cancelled" if rng.random() < 0.02 else "paid"
