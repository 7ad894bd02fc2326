"""Issuing an invoice through the service: number, rows and audit entry in the database, XML, and the PDF."""

import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.harness import machine, milliseconds, record
from bench.inbox import opened_databases
from carbot_app.bootstrap import build_services
from carbot_app.config import Settings
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import OWNER, PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.memory import collect_rarely

ROUNDS, LINES = 60, 12
_BUYER = BuyerInput("Max Mustermann", "Hafenstr. 12", "44147", "Dortmund", email="max@example.org")


def invoices() -> None:
    """One draft after the other is issued and printed; no two have the same content."""
    setting = machine()
    collect_rarely()
    results = {}
    for engine, opened in opened_databases():
        with opened() as database:
            results[engine] = _measure(database)
    record(
        "invoices",
        load=f"{ROUNDS} invoices of {LINES} lines, one after the other, on disk",
        target="p95 <= 400 ms for number, rows, XML and PDF together, on each database",
        baseline="bench einvoice: XML and PDF alone, without the database",
        result=results,
        setting=setting,
    )


def _measure(database: Database) -> dict[str, Any]:
    migrate(database.engine)
    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        clock = ManualClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
        services = build_services(Settings(data_dir=Path(folder)), db=database, clock=clock)
        actor = _actor(database)
        issued, printed, size = [], [], 0
        for number in range(ROUNDS + 1):
            draft = services.invoices.save_draft(actor, _draft(number))
            start = time.perf_counter()
            view = services.invoices.issue(actor, draft.id, request_key=str(draft.id))
            middle = time.perf_counter()
            size = len(services.invoices.pdf(actor, view.id))
            if number:
                issued.append(middle - start)
                printed.append(time.perf_counter() - start)
    return {**milliseconds(printed), "issue_alone": milliseconds(issued), "bytes": size}


def _actor(database: Database) -> Actor:
    with database.writing(SYSTEM) as session:
        workshop = Workshop(
            slug="bench",
            name="Kfz-Meisterbetrieb Muster",
            street="Werkstattweg 1",
            postal_code="10115",
            city="Berlin",
            vat_id="DE136695976",
            email="office@kfz-muster.example",
        )
        session.add(workshop)
        session.flush()
        session.add(BillingTerms(workshop_id=workshop.id, iban="DE02120300000000202051"))
    return Actor("person", workshop.id, name="Bench", role=OWNER, permissions=PERMISSIONS[OWNER])


def _draft(number: int) -> DraftInput:
    lines = tuple(
        LineInput("labour", f"Work {number}-{at}", Decimal(10 + at), Decimal(2), gross=False)
        for at in range(LINES - 1)
    )
    part = LineInput("part", f"Alternator {number}", Decimal(320), gross=False, exchange=True)
    return DraftInput((*lines, part), buyer=_BUYER, plate="DO-AB 123", km=84_000 + number)
