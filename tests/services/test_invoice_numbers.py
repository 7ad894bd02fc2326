"""Numbers of invoices while two processes issue at the same moment, on both engines."""

import json
import subprocess
import sys

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.models import Invoice, InvoiceDraft, Receivable
from carbot_app.kit.clock import ManualClock
from tests.services.billing_desk import MAX, line, open_billing_desk

pytestmark = pytest.mark.engines

AT_ONCE = 100


def test_two_processes_that_issue_a_hundred_at_once_leave_no_gap_and_no_double(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    desk = open_billing_desk(database, clock)
    drafts = [
        str(desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX)).id)
        for _ in range(AT_ONCE)
    ]
    job = {"url": database_url, "workshop_id": str(desk.workshop.id), "now": clock().isoformat()}
    # Both get some of the same drafts, as when two people press the button of one
    halves = (drafts[: AT_ONCE // 2 + 10], drafts[AT_ONCE // 2 - 10 :])
    processes = [_start({**job, "drafts": half}) for half in halves]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]

    wanted = [f"RE-2026-{at:05}" for at in range(1, AT_ONCE + 1)]
    assert sorted({number for numbers in answers for number in numbers}) == wanted
    assert all(len(numbers) == len(set(numbers)) for numbers in answers), "no process got one twice"
    with database.reading(SYSTEM) as session:
        assert sorted(session.exec(select(Invoice.number))) == wanted
        assert sorted(session.exec(select(Receivable.number))) == wanted
        assert session.exec(select(InvoiceDraft)).all() == []
        told = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "invoice.issued")).all()
        assert len(told) == AT_ONCE
    with database.reading(desk.workshop.id) as session:
        assert find_broken(session) is None


def _start(job: dict[str, object]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.services.invoice_crowd"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    return process
