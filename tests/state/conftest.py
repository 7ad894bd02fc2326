"""State tests run on a real SQLite file with a clock that stands still."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.domains.payments.ports import PaymentProvider
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.session import SessionState
from tests.conftest import open_database
from tests.factories import make_workshop
from tests.state.tabs import Tab, open_tab

SETTINGS = (
    "agents",
    *("place", "calendars", "locations", "mailbox", "workshop", "team", "profile"),
    *("seller", "billing", "payments"),
    *("devices", "keys", "outbox", "reminders", "scoring", "notices", "knowledge", "privacy", "wall"),
)
STATE_MODULES = (
    *(
        "session",
        "inbox",
        "suggestion",
        "thread",
        "thread_ways",
        "desk",
        "beside",
        "today",
        "calendar",
        "board",
    ),
    *("dashboard", "dashboard_rows", "dashboard_shares", "dashboard_views", "first_figures"),
    *("outlook", "service_figures", "locations"),
    *("settings_labels", "settings_replies"),
    *("desk_booking", "desk_times", "desk_visit", "day_plan", "plan_visit"),
    *(f"settings_{name}" for name in SETTINGS),
    *(f"catalog{name}" for name in ("", "_editor", "_history", "_links", "_selection", "_shelves")),
    *("automations", "automation_editor", "tasks"),
    *("affected_visits", "settings_places", "settings_place_pane", "settings_absences"),
    *("settings_days", "settings_online", "settings_terms"),
    *("steps", "booking", "booking_car", "booking_visit", "booking_hold", "booking_order"),
    *("booking_photos", "times", "manage", "manage_wait", "visit_rating", "tyres", "inspection", "season"),
    *("check_in", "declined", "invoices", "invoice_buyer", "invoice_draft", "invoice_line"),
    *("vehicle_history", "diagnostics", "diagnosis", "diagnosis_codes", "diagnosis_report", "diagnosis_due"),
    *("vehicle_due", "diagnosis_summary"),
    *("invoice_bulk", "invoice_charts"),
    *("callbacks", "callback_wish", "visit_contract", "today_withdrawals"),
    *("lead_outcome", "customers", "customer_file", "customer_edit", "customer_privacy"),
    *("orders", "order", "order_new", "order_edit", "order_hand_over"),
    *("catalog_bulk", "catalog_terms", "catalog_rules", "catalog_import", "import_previews"),
    *("bank", "bank_assign", "bank_waiting", "debits", "dunning", "payments", "payment_trouble"),
    *("accounting", "accounting_mapping", "accounting_review", "expenses"),
    *("reports", "report_wish", "report_plan"),
)


@pytest.fixture
def provider() -> PaymentProvider | None:
    """Nobody pays online, unless a module of tests says otherwise."""
    return None


@pytest.fixture
def services(
    sqlite_url: str,
    clock: ManualClock,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    provider: PaymentProvider | None,
) -> Iterator[Services]:
    """Services on a fresh SQLite file and the standing clock, seen by every state."""
    with open_database(sqlite_url) as database:
        built = build_services(Settings(data_dir=tmp_path), db=database, clock=clock, stripe=provider)
        for name in STATE_MODULES:
            module = importlib.import_module(f"carbot_app.state.{name}")
            monkeypatch.setattr(module, "get_services", lambda: built)
        yield built


@pytest.fixture
def workshop(services: Services) -> Workshop:
    """The workshop of the signed-in person."""
    return make_workshop(services.db)


@pytest.fixture
async def tab(services: Services, workshop: Workshop) -> Tab:
    """A tab of the owner with the session loaded."""
    opened = open_tab(services, workshop)
    await opened.call(SessionState.load)
    return opened
