"""What of orders, inspections and reports a history tells (rows in, plain facts out)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.models import CheckIn, OrderJob, WorkOrder
from carbot_app.domains.orders.reckoning import DECLINED
from carbot_app.domains.orders.states import BILLED, PAID, PICKED_UP
from carbot_app.domains.vehicle_history.entries import (
    INSPECTION,
    READING,
    REPORT,
    SUMMARY,
    VISIT,
    WORKS,
    Happening,
)
from carbot_app.domains.vehicle_history.mileage import CHECK_IN, DIAGNOSTICS, MOST_KM, ORDER
from carbot_app.kit.text import several_lines

HANDED_OVER = (PICKED_UP, BILLED, PAID)
"""Before that the work may still change."""
_MOST_TEXT = 2_000
_SHA256 = 64


def check_in_reading(check_in: CheckIn, on: date) -> Happening | None:
    """The kilometres somebody signed for."""
    if check_in.km is None or check_in.signed_at is None:
        return None
    facts = {"km": check_in.km, "km_from": CHECK_IN}
    return Happening(READING, f"check_in:{check_in.id}", on, facts, {})


def visit(
    order: WorkOrder, jobs: Sequence[OrderJob], names: Mapping[str, Mapping[str, str]], on: date
) -> Happening | None:
    """What was done to a car that was handed over; ``names``: code → names of a service.

    Services are told by the names of the catalogue, which name nobody; what people wrote is words.
    """
    if order.state not in HANDED_OVER:
        return None
    done = [job for job in jobs if job.decision != DECLINED]
    codes = dict.fromkeys(job.service_code for job in done if job.service_code in names)
    facts: dict[str, Any] = {
        "jobs": len(done),
        "services": [{"code": code, "names": dict(names[code])} for code in codes],
    }
    if order.km is not None:
        facts |= {"km": order.km, "km_from": ORDER}
    listed = {name for code in codes for name in names[code].values()}
    titles = [job.title for job in done]
    words: dict[str, str | list[str]] = {} if set(titles) <= listed else {WORKS: titles}
    return Happening(VISIT, f"order:{order.id}", on, facts, words)


def inspection(vehicle: Vehicle) -> Happening | None:
    """The last main inspection and when the next one is due."""
    if vehicle.inspected_on is None:
        return None
    due = vehicle.inspection_due
    facts = {"inspected_on": vehicle.inspected_on.isoformat(), "due": due.isoformat() if due else None}
    return Happening(INSPECTION, f"inspection:{facts['inspected_on']}", vehicle.inspected_on, facts, {})


def report(payload: Mapping[str, Any], on: date) -> Happening:
    """A diagnostic report that was issued.

    Args:
        payload: ``report_id`` and ``sha256`` of the PDF; ``summary`` in plain words and ``km`` may be there.
        on: the day it was issued.

    Raises:
        ValueError, KeyError: not a report.
    """
    facts: dict[str, Any] = {"report": str(UUID(payload["report_id"])), "sha256": payload["sha256"].lower()}
    if len(facts["sha256"]) != _SHA256 or int(facts["sha256"], 16) < 0:
        raise ValueError("sha256 of a PDF has 64 hexadecimal digits")
    km = payload.get("km")
    if km is not None and 0 <= int(km) <= MOST_KM:
        facts |= {"km": int(km), "km_from": DIAGNOSTICS}
    summary = several_lines(str(payload.get("summary") or "")[:_MOST_TEXT], field="summary", limit=_MOST_TEXT)
    return Happening(REPORT, f"report:{facts['report']}", on, facts, {SUMMARY: summary} if summary else {})
