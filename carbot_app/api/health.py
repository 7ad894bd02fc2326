"""For operators: is the process alive, is it ready, what does it count."""

import secrets

import structlog
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select
from starlette.responses import JSONResponse, Response

from carbot_app.api.dependencies import CurrentServices
from carbot_app.api.rate_limits import is_local
from carbot_app.bootstrap import Services
from carbot_app.db.migrate import is_at_head
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM
from carbot_app.kit.errors import NotFound
from carbot_app.kit.metrics import OUTBOX_LAG_SECONDS, OUTBOX_WAITING

router = APIRouter(tags=["operations"])
log = structlog.get_logger()


class Health(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """Which of the things a request needs are there."""

    status: str
    database: bool
    migrations: bool
    live: bool


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the process runs; asks nobody else."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Readiness}})
def readyz(services: CurrentServices) -> Response:
    """Whether requests can be served: database reachable, migrations at head, Redis there if configured."""
    database, migrations = _database_state(services)
    live = services.live.is_reachable()
    ready = database and migrations and live
    state = Readiness(
        status="ready" if ready else "not ready", database=database, migrations=migrations, live=live
    )
    return JSONResponse(state.model_dump(), status_code=200 if ready else 503)


@router.get("/metrics", response_class=Response)
def metrics(request: Request, services: CurrentServices) -> Response:
    """Counters for Prometheus; needs ``metrics_token`` as bearer or, without one, this very machine."""
    if not _may_read_metrics(request, services):
        raise NotFound
    _measure_outbox(services)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _database_state(services: Services) -> tuple[bool, bool]:
    try:
        return True, is_at_head(services.db.engine)
    except SQLAlchemyError as error:
        log.warning("readiness.database", error=type(error).__name__)
        return False, False


def _may_read_metrics(request: Request, services: Services) -> bool:
    token = services.settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {token}".encode())
    # A forwarded request only looks local: the proxy is.
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return not forwarded and request.client is not None and is_local(request.client.host)


def _measure_outbox(services: Services) -> None:
    waiting = select(func.count(), func.min(OutboxEvent.created_at)).where(
        col(OutboxEvent.delivered_at).is_(None)
    )
    with services.db.reading(SYSTEM) as session:
        count, oldest = session.exec(waiting).one()
    OUTBOX_WAITING.set(count)
    OUTBOX_LAG_SECONDS.set((services.clock() - oldest).total_seconds() if oldest else 0)
