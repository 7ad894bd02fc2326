"""The FastAPI application: auth, REST v1, live channel, operations. Mounted in front of the pages."""

from functools import cache
from typing import Any

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match

from carbot_app.api import (
    accounting,
    approvals,
    auth,
    banking,
    billing_logo,
    calendars,
    catalog_files,
    check_ins,
    diagnostics_agent,
    diagnostics_live,
    docs,
    documents,
    dunning,
    expenses,
    health,
    invoice_files,
    live,
    maintenance_links,
    message_files,
    message_webhooks,
    pay_links,
    payment_webhooks,
    photos,
    privacy,
    push,
    report_links,
    reports,
    season_links,
    tyre_labels,
    unsubscribing,
    vehicle_histories,
    wall,
    widget,
    widget_media,
    withdrawals,
)
from carbot_app.api.diagnostics_hub import DiagnosticHub
from carbot_app.api.problems import add_problem_handlers
from carbot_app.api.rate_limits import RateLimits
from carbot_app.api.recording import Recording
from carbot_app.api.v1.description import describe
from carbot_app.api.v1.routes import router as v1
from carbot_app.bootstrap import Services
from carbot_app.kit.errors import NotFound

_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@cache
def _description() -> dict[str, Any]:
    return describe(v1)


@cache
def _routes() -> list[BaseRoute]:
    # What an endpoint takes and returns is worked out when its router is first asked: 0.1 to 0.4 s for all of
    # them. Applications share it.
    home = APIRouter()
    routers = (  # asked in this order: those with the most requests come first
        payment_webhooks.router,  # before the paths of any provider
        message_webhooks.router,  # two paths only, and nobody else comes fifty times a second
        *(v1, widget.router, live.router, auth.router, auth.reading),
        *(widget_media.router, widget_media.dictation),
        *(
            push.router,
            push.reading,
            catalog_files.router,
            tyre_labels.router,
            invoice_files.router,
            calendars.router,
        ),
        *(
            photos.router,
            message_files.router,
            unsubscribing.router,
            withdrawals.router,
        ),
        *(
            report_links.router,
            season_links.router,
            maintenance_links.router,
            pay_links.router,
            privacy.router,
            approvals.router,
            check_ins.router,
        ),
        *(health.router, docs.router, documents.router, banking.router, dunning.router),
        *(accounting.router, expenses.router, billing_logo.router, vehicle_histories.router, wall.router),
        reports.router,
        *(diagnostics_agent.router, diagnostics_live.router),
    )
    for router in routers:
        home.include_router(router)

    @home.get("/api/v1/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        return _description()

    @home.api_route("/api/{path:path}", methods=_EVERY_METHOD, include_in_schema=False)
    async def unknown(request: Request) -> None:
        # This route matches every method, so the router itself never finds out that only the method is wrong.
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in home.routes):
            raise HTTPException(405)
        raise NotFound

    return home.routes


def create_api(services: Services) -> FastAPI:
    """An application over these services; it holds no state of its own besides rate limits.

    Foreign websites reach the chat only through ``WidgetCors`` around everything (carbot_app.py).

    Mount the pages behind it with ``app.mount("", pages)``: unknown paths below ``/api/`` are answered here.
    """
    app = FastAPI(title="CarBot API", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.limits = RateLimits(services.settings.redis_url)
    app.state.message_slots = CapacityLimiter(message_webhooks.AT_ONCE)
    app.state.photo_slots = CapacityLimiter(photos.AT_ONCE)
    app.state.voice_slots = CapacityLimiter(widget_media.LISTENING)
    app.state.payment_slots = CapacityLimiter(pay_links.AT_ONCE)
    app.state.live_ping_seconds = live.PING_SECONDS
    app.state.diagnostics = DiagnosticHub(services)
    add_problem_handlers(app)
    app.add_middleware(Recording)
    app.router.routes.extend(_routes())
    return app
