"""Composition of the web application: pages, API, middleware and lifespan."""

import asyncio
import gc
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from anyio import CapacityLimiter, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from carbot_app.api.app import create_api
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
from carbot_app.pages.analytics import analytics_page
from carbot_app.pages.appointment import appointment_page
from carbot_app.pages.automations import automations_page
from carbot_app.pages.booking import booking_page
from carbot_app.pages.calendar import calendar_page
from carbot_app.pages.catalog import catalog_page
from carbot_app.pages.chat import chat_page
from carbot_app.pages.customer_file import customer_file_page
from carbot_app.pages.customers import customers_page
from carbot_app.pages.imprint import imprint_page
from carbot_app.pages.inbox import inbox_page
from carbot_app.pages.not_found import not_found_page
from carbot_app.pages.password import password_page
from carbot_app.pages.privacy import privacy_page
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
from carbot_app.state.auth import AuthState
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.board import BoardState
from carbot_app.state.booking import BookingState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.callbacks import CallbacksState
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_bulk import BulkState
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_import import ImportState
from carbot_app.state.catalog_terms import TermsState
from carbot_app.state.customer_edit import CustomerEditState
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_privacy import CustomerPrivacyState
from carbot_app.state.customers import CustomersState
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.desk import DeskState
from carbot_app.state.inbox import InboxState
from carbot_app.state.season import SeasonState
from carbot_app.state.session import SessionState
from carbot_app.state.settings_place import SettingsState
from carbot_app.state.tasks import TasksState
from carbot_app.state.thread import ThreadState
from carbot_app.state.today import TodayState
from carbot_app.state.today_withdrawals import WithdrawalsState
from carbot_app.state.tyres import TyresState
from carbot_app.state.withdrawal import WithdrawalState

# With thousands of connected browsers the default thresholds make full collections of over half a second;
# measured p99 with 5,000 clients: 623 ms before, 2.4 ms with 10,000 after.
gc.set_threshold(200_000, 50, 1_000)

# Services block in threads: on SQLite one for pages and one for the API. Python runs one at a time and SQLite
# gives the interpreter away at every row, so more only fight for it: 20 readers of the API got 240 answers a
# second from 40 threads, 430 from 2, 630 from 1. Those who wait for PostgreSQL leave it to others meanwhile.
_THREADS_ON_SQLITE, _THREADS_ON_POSTGRES = 1, 8

_HEAD = [
    rx.el.link(rel="manifest", href="/manifest.webmanifest"),
    rx.el.link(rel="icon", href="/favicon.ico", sizes="48x48"),
    rx.el.link(rel="icon", href="/icons/carbot.svg", type="image/svg+xml"),
    rx.el.link(rel="apple-touch-icon", href="/icons/apple-touch-icon.png"),
    rx.el.meta(name="theme-color", content="#f7f6f3", media="(prefers-color-scheme: light)"),
    rx.el.meta(name="theme-color", content="#0c1216", media="(prefers-color-scheme: dark)"),
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
    runtime = Runtime(services) if services.settings.jobs == "inline" else None
    if runtime:
        runtime.start()
    yield
    news.cancel()
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
    api_transformer=[_with_api, *web_layers(STATIC_DIR, _services)],
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
app.add_page(appointment_page, route="/t/[token]", title=_SERVED_TITLE, image="")
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
        *(SessionState.load, CustomerEditState.close, CustomerPrivacyState.close),
        CustomerFileState.load,
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
    tyre_season_page,
    route="/reifenhotel/saison",
    title="Saison · CarBot",
    on_load=[SessionState.load, SeasonState.load],
)
app.add_page(
    analytics_page,
    route="/auswertung",
    title="Auswertung · CarBot",
    on_load=[SessionState.load, DashboardState.load],
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
