"""A process of its own that issues drafts as fast as it can: ``python -m tests.services.invoice_crowd``.

Reads a job as JSON from standard input, says ``ready``, waits for a line, and answers with its numbers.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.factories import staff_of
from tests.services.billing_desk import open_invoices

THREADS = 6


def main() -> None:
    """Issue every draft of the job."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    database = Database(job["url"], pool_size=THREADS)
    invoices = open_invoices(database, ManualClock(datetime.fromisoformat(job["now"])))
    with database.reading(SYSTEM) as session:
        actor = staff_of(session.get_one(Workshop, UUID(job["workshop_id"])))
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        issued = pool.map(lambda one: invoices.issue(actor, UUID(one), request_key=one), job["drafts"])
        numbers = [invoice.number for invoice in issued]
    database.close()
    print(json.dumps(numbers), flush=True)


if __name__ == "__main__":
    main()
