"""Composition of the web application: pages, API, middleware and lifespan."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from anyio import CapacityLimiter, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from carbot_app.api.app import create_api
from carbot_app.api.diagnostics_keeper import AdapterKeeper
from carbot_app.api.web import web_layers, with_headers
from carbot_app.api.widget import WidgetCors
from carbot_app.bootstrap import get_services
from carbot_app.build.frontend import STATIC_DIR
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import stylesheets
from carbot_app.jobs.catalog_news import follow_catalogues
from carbot_app.jobs.runtime import Runtime
from carbot_app.logging import configure_logging
from carbot_app.pages.accessibility import accessibility_page
from carbot_app.pages.accounting import accounting_page
from carbot_app.pages.analytics import analytics_page
from carbot_app.pages.appointment import appointment_page
from carbot_app.pages.approval import approval_page
from carbot_app.pages.automations import automations_page
from carbot_app.pages.bank import bank_page
from carbot_app.pages.booking import booking_page
from carbot_app.pages.calendar import calendar_page
from carbot_app.pages.catalog import catalog_page
from carbot_app.pages.chat import chat_page
from carbot_app.pages.check_in import check_in_page
from carbot_app.pages.customer_file import customer_file_page
from carbot_app.pages.customers import customers_page
from carbot_app.pages.debits import debits_page
from carbot_app.pages.diagnosis import diagnosis_page
from carbot_app.pages.diagnostics import diagnostics_page
from carbot_app.pages.dunning import dunning_page
from carbot_app.pages.imprint import imprint_page
from carbot_app.pages.inbox import inbox_page
from carbot_app.pages.invoice_draft import invoice_draft_page
from carbot_app.pages.invoices import invoices_page
from carbot_app.pages.not_found import not_found_page
from carbot_app.pages.order import order_page
from carbot_app.pages.orders import orders_page
from carbot_app.pages.password import password_page
from carbot_app.pages.payments import payments_page
from carbot_app.pages.privacy import privacy_page
from carbot_app.pages.reports import reports_page
from carbot_app.pages.service_figures import service_figures_page
from carbot_app.pages.settings import settings_page
from carbot_app.pages.sign_in import sign_in_page
from carbot_app.pages.sign_up import sign_up_page
from carbot_app.pages.styleguide import styleguide_page
from carbot_app.pages.today import today_page
from carbot_app.pages.tyre_season import tyre_season_page
from carbot_app.pages.tyres import tyres_page
from carbot_app.pages.withdrawal import withdrawal_page
from carbot_app.pages.withdrawal_info import withdrawal_info_page
from carbot_app.pages.workshop import workshop_page
from carbot_app.state.accounting import AccountingState
from carbot_app.state.accounting_review import AuditState, RevenueState
from carbot_app.state.auth import AuthState
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.bank import BankState
from carbot_app.state.bank_assign import BankAssignState
from carbot_app.state.board import BoardState
from carbot_app.state.booking import BookingState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.callbacks import CallbacksState
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_bulk import BulkState
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_import import ImportState
from carbot_app.state.catalog_terms import TermsState
from carbot_app.state.check_in import CheckInState
from carbot_app.state.customer_edit import CustomerEditState
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_privacy import CustomerPrivacyState
from carbot_app.state.customers import CustomersState
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.debits import DebitsState, MandatesState
from carbot_app.state.declined import DeclinedState
from carbot_app.state.desk import DeskState
from carbot_app.state.diagnosis import DiagnosisState
from carbot_app.state.diagnosis_codes import DiagnosisCodesState
from carbot_app.state.diagnosis_due import DiagnosisDueState
from carbot_app.state.diagnosis_report import DiagnosisReportState
from carbot_app.state.diagnosis_summary import DiagnosisSummaryState
from carbot_app.state.diagnostics import DiagnosticsState
from carbot_app.state.dunning import DunningState
from carbot_app.state.expenses import ExpensesState
from carbot_app.state.first_figures import first_figures
from carbot_app.state.inbox import InboxState
from carbot_app.state.invoice_bulk import InvoiceBulkState
from carbot_app.state.invoice_buyer import InvoiceBuyerState
from carbot_app.state.invoice_charts import InvoiceChartsState
from carbot_app.state.invoice_draft import InvoiceDraftState
from carbot_app.state.invoice_line import InvoiceLineState
from carbot_app.state.invoices import InvoiceFileState, InvoicesState
from carbot_app.state.manage import ManageState
from carbot_app.state.manage_wait import WaitState
from carbot_app.state.order import OrderState
from carbot_app.state.order_edit import OrderEditState
from carbot_app.state.order_hand_over import OrderHandOverState
from carbot_app.state.order_new import NewOrderState
from carbot_app.state.orders import OrdersState
from carbot_app.state.payment_trouble import PaymentTroubleState
from carbot_app.state.payments import PaymentFileState, PaymentsState
from carbot_app.state.report_plan import ReportPlanState
from carbot_app.state.report_wish import ReportWishState
from carbot_app.state.reports import ReportsState
from carbot_app.state.season import SeasonState
from carbot_app.state.service_figures import ServiceFiguresState
from carbot_app.state.session import SessionState
from carbot_app.state.settings_place import SettingsState
from carbot_app.state.tasks import TasksState
from carbot_app.state.thread import ThreadState
from carbot_app.state.today import TodayState
from carbot_app.state.today_withdrawals import WithdrawalsState
from carbot_app.state.tyres import TyresState
from carbot_app.state.vehicle_due import VehicleDueState
from carbot_app.state.visit_rating import VisitRatingState
from carbot_app.state.withdrawal import WithdrawalState

# Services block in threads: on SQLite one for pages and one for the API. Python runs one at a time and SQLite
# gives the interpreter away at every row, so more only fight for it: 20 readers of the API got 240 answers a
# second from 40 threads, 430 from 2, 630 from 1. Those who wait for PostgreSQL leave it to others meanwhile.
_THREADS_ON_SQLITE, _THREADS_ON_POSTGRES = 1, 8

_HEAD = [
    rx.el.link(rel="manifest", href="/manifest.webmanifest"),
    rx.el.link(rel="icon", href="/favicon.ico", sizes="48x48"),
    rx.el.link(rel="icon", href="/icons/carbot.svg", type="image/svg+xml"),
    rx.el.link(rel="apple-touch-icon", href="/icons/apple-touch-icon.png"),
    rx.el.meta(
        name="theme-color", content="#f7f6f3", custom_attrs={"media": "(prefers-color-scheme: light)"}
    ),
    rx.el.meta(name="theme-color", content="#0c1216", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
]


_services = get_services()
_api = create_api(_services)


def _with_api(pages: ASGIApp) -> ASGIApp:
    _api.mount("", pages)
    return _api


@asynccontextmanager
async def _lifespan() -> AsyncIterator[None]:
    services = get_services()
    threads = _THREADS_ON_SQLITE if services.db.is_sqlite else _THREADS_ON_POSTGRES
    executor = ThreadPoolExecutor(threads, thread_name_prefix="service")
    asyncio.get_running_loop().set_default_executor(executor)
    to_thread.current_default_thread_limiter().total_tokens = threads
    services.live.start()
    warm_up = asyncio.create_task(to_thread.run_sync(services.assistant.warm_up, limiter=CapacityLimiter(1)))
    news = asyncio.create_task(follow_catalogues(services.live, services.catalog.forget))
    keeper = asyncio.create_task(AdapterKeeper(services, _api.state.diagnostics).run())
    runtime = Runtime(services) if services.settings.jobs == "inline" else None
    if runtime:
        runtime.start()
    yield
    news.cancel()
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    await warm_up
    await services.assistant.close()
    if runtime:
        await asyncio.to_thread(runtime.stop)


class CarBot(rx.App):
    """Reflex's application, open to the chat on every website."""

    def __call__(self) -> ASGIApp:
        """The server's entry. Reflex refuses foreign preflights in its outermost layer; ours is around it.

        The API is reached without the layers that are there for pages: they cost a tenth of a request.
        """
        pages: ASGIApp = super().__call__()
        api = with_headers(_api, STATIC_DIR, _services.settings)

        async def entry(scope: Scope, receive: Receive, send: Send) -> None:
            is_api = scope["type"] == "http" and scope["path"].startswith("/api/")
            await (api if is_api else pages)(scope, receive, send)

        return WidgetCors(entry)


configure_logging(_services.settings)
# The last transformer is the outermost: it sees a request first and its answer last.
app = CarBot(
    html_lang="de",
    toaster=None,
    stylesheets=stylesheets(),
    head_components=_HEAD,
    api_transformer=[_with_api, *web_layers(STATIC_DIR, _services, first_figures)],
)
# The frames tell about a lost connection themselves (components/ui/surfaces.py: offline_bar).
app.app_wraps.pop((5, "Overlay"))
app.register_lifespan_task(_lifespan)

_SERVED_TITLE: Any = public_fact("title")
# An image or a description given here would stand beside those the server fills in (docs/adr/0002).
app.add_page(booking_page, route="/w/[slug]/termin", title=_SERVED_TITLE, image="", on_load=BookingState.open)
app.add_page(workshop_page, route="/w/[slug]", title=_SERVED_TITLE, image="")
app.add_page(chat_page, route="/w/[slug]/chat", title=_SERVED_TITLE, image="")
app.add_page(privacy_page, route="/w/[slug]/datenschutz", title=_SERVED_TITLE, image="")
app.add_page(imprint_page, route="/w/[slug]/impressum", title=_SERVED_TITLE, image="")
app.add_page(withdrawal_info_page, route="/w/[slug]/widerrufsbelehrung", title=_SERVED_TITLE, image="")
app.add_page(
    withdrawal_page,
    route="/w/[slug]/widerruf",
    title=_SERVED_TITLE,
    image="",
    on_load=WithdrawalState.open,
)
app.add_page(
    appointment_page,
    route="/t/[token]",
    title=_SERVED_TITLE,
    image="",
    on_load=[ManageState.begin, WaitState.begin, VisitRatingState.begin],
)
app.add_page(approval_page, route="/freigabe/[token]", title=_SERVED_TITLE, image="")
app.add_page(accessibility_page, route="/barrierefreiheit", title="Barrierefreiheit · CarBot")

app.add_page(not_found_page, route="404", title="CarBot")
app.add_page(sign_in_page, route="/anmelden", title="Anmelden · CarBot", on_load=AuthState.load)
app.add_page(sign_up_page, route="/registrieren", title="Registrieren · CarBot", on_load=AuthState.load)
app.add_page(password_page, route="/passwort", title="Passwort · CarBot", on_load=AuthState.load)
app.add_page(styleguide_page, route="/bausteine", title="Bausteine")
app.add_page(
    today_page,
    route="/heute",
    title="Heute · CarBot",
    on_load=[SessionState.load, TodayState.load, CallbacksState.load, TasksState.load, WithdrawalsState.load],
)
app.add_page(
    inbox_page,
    route="/posteingang",
    title="Posteingang · CarBot",
    on_load=[SessionState.load, DeskState.load, InboxState.load, ThreadState.load, TasksState.load],
)
app.add_page(
    calendar_page,
    route="/kalender",
    title="Kalender · CarBot",
    on_load=[SessionState.load, CalendarState.load, BoardState.load],
)
app.add_page(
    orders_page,
    route="/auftraege",
    title="Aufträge · CarBot",
    on_load=[SessionState.load, NewOrderState.close, OrdersState.load, DeclinedState.load],
)
app.add_page(
    order_page,
    route="/auftraege/auftrag",
    title="Auftrag · CarBot",
    on_load=[SessionState.load, OrderEditState.close, OrderHandOverState.close, OrderState.load],
)
app.add_page(
    invoices_page,
    route="/rechnungen",
    title="Rechnungen · CarBot",
    on_load=[
        *(SessionState.load, InvoiceChartsState.load, InvoiceBulkState.clear),
        *(InvoicesState.load, InvoiceFileState.load),
    ],
)
app.add_page(
    invoice_draft_page,
    route="/rechnungen/entwurf",
    title="Rechnung schreiben · CarBot",
    on_load=[SessionState.load, InvoiceBuyerState.load, InvoiceLineState.close, InvoiceDraftState.load],
)
app.add_page(
    customers_page,
    route="/kunden",
    title="Kunden · CarBot",
    on_load=[SessionState.load, CustomersState.load],
)
app.add_page(
    customer_file_page,
    route="/kunden/akte",
    title="Kundenakte · CarBot",
    on_load=[
        *(SessionState.load, CustomerEditState.close, CustomerPrivacyState.close, VehicleDueState.close),
        CustomerFileState.load,
        DeclinedState.load,
    ],
)
app.add_page(
    catalog_page,
    route="/leistungen",
    title="Leistungen · CarBot",
    # A pane left open would else come up again after a reload
    on_load=[
        *(SessionState.load, CatalogState.load, EditorState.load),
        *(BulkState.close, TermsState.close, ImportState.close),
    ],
)
app.add_page(
    tyres_page,
    route="/reifenhotel",
    title="Reifenhotel · CarBot",
    on_load=[SessionState.load, TyresState.load],
)
app.add_page(
    accounting_page,
    route="/buchhaltung",
    title="Buchhaltung · CarBot",
    on_load=[
        SessionState.load,
        AccountingState.load,
        ExpensesState.load,
        RevenueState.load,
        AuditState.load,
    ],
)
app.add_page(
    tyre_season_page,
    route="/reifenhotel/saison",
    title="Saison · CarBot",
    on_load=[SessionState.load, SeasonState.load],
)
app.add_page(
    check_in_page,
    route="/auftraege/annahme",
    title="Annahme · CarBot",
    on_load=[SessionState.load, CheckInState.load],
)
app.add_page(
    diagnostics_page,
    route="/diagnose",
    title="Diagnose · CarBot",
    on_load=[SessionState.load, DiagnosticsState.load],
)
app.add_page(
    diagnosis_page,
    route="/diagnose/auto",
    title="Diagnose · CarBot",
    on_load=[
        SessionState.load,
        DiagnosisState.load,
        DiagnosisCodesState.load,
        DiagnosisSummaryState.load,
        DiagnosisReportState.load,
        DiagnosisDueState.load,
    ],
)
app.add_page(
    bank_page,
    route="/rechnungen/bank",
    title="Bank · CarBot",
    on_load=[SessionState.load, BankAssignState.close, BankState.load],
)
app.add_page(
    payments_page,
    route="/rechnungen/zahlungen",
    title="Zahlungen · CarBot",
    on_load=[SessionState.load, PaymentFileState.close, PaymentsState.load, PaymentTroubleState.load],
)
app.add_page(
    debits_page,
    route="/rechnungen/lastschriften",
    title="Lastschriften · CarBot",
    on_load=[SessionState.load, DebitsState.load, MandatesState.load],
)
app.add_page(
    dunning_page,
    route="/rechnungen/mahnen",
    title="Mahnen · CarBot",
    on_load=[SessionState.load, DunningState.load],
)
app.add_page(
    analytics_page,
    route="/auswertung",
    title="Auswertung · CarBot",
    on_load=[SessionState.load, DashboardState.load, DashboardRowsState.load],
)
app.add_page(
    service_figures_page,
    route="/auswertung/leistungen",
    title="Leistungen im Einzelnen · CarBot",
    on_load=[SessionState.load, ServiceFiguresState.load],
)
app.add_page(
    reports_page,
    route="/auswertung/berichte",
    title="Berichte · CarBot",
    on_load=[SessionState.load, ReportsState.load, ReportWishState.close, ReportPlanState.close],
)
app.add_page(
    automations_page,
    route="/automationen",
    title="Automationen · CarBot",
    on_load=[SessionState.load, AutomationEditorState.close],
)
app.add_page(
    settings_page,
    route="/einstellungen",
    title="Einstellungen · CarBot",
    on_load=[SessionState.load, SettingsState.load],
)
