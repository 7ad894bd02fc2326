"""Reports to fetch, their previews, and the link by which an address outside the team says yes or no."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, limit_attempts
from carbot_app.api.plain_pages import report_address_page, unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.domains.analytics.reports.schemas import Wish
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.kit.errors import NotFound

router = APIRouter(include_in_schema=False)
_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Filters and comparison in an address."""

    channel: Annotated[str, Query(max_length=20)] = ""
    service_code: Annotated[str, Query(max_length=20)] = ""
    technician_id: UUID | None = None
    weekday: Annotated[int | None, Query(ge=0, le=6)] = None
    hour: Annotated[int | None, Query(ge=0, le=23)] = None
    compare_first: date | None = None
    compare_last: date | None = None
    compares: bool = True

    def as_fields(self) -> dict[str, Any]:
        """As a wish has them."""
        filters = Filters(self.channel, self.service_code, self.technician_id, self.weekday, self.hour)
        first, last = self.compare_first, self.compare_last
        compare = Span(first, last) if first and last else None
        return {"filters": filters, "compare": compare, "compares": self.compares}


@router.get("/api/reports/{run_id}/file")
def file(run_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A report of the archive."""
    found = services.reports.runs.read(actor, run_id)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.get("/api/reports/preview/{template}.png")
def preview(
    template: str,
    actor: StaffActor,
    services: CurrentServices,
    first: Annotated[date, Query()],
    last: Annotated[date, Query()],
    columns: Annotated[str, Query(max_length=400)],
    narrowing: Annotated[Narrowing, Depends()],
) -> Response:
    """The first page of a report as it would be now; ``columns`` parted by commas."""
    asked = tuple(filter(None, columns.split(",")))
    wish = Wish(template, asked, first, last, **narrowing.as_fields())
    picture = services.reports.runs.preview(actor, wish)
    return Response(picture, media_type="image/png", headers={"cache-control": "private, max-age=60"})


@router.get("/berichte/{token}", dependencies=[Depends(limit_attempts)])
async def ask(token: str, request: Request, services: CurrentServices) -> Response:
    """What the link is about and a button; programs that look through mails open every link in them."""
    try:
        found = await run_in_threadpool(services.reports.schedules.get_by_link, token)
    except NotFound:
        return _page(unknown_link_page(language_of(request)[0]), 404)
    return _page(report_address_page(found), 200)


@router.post("/berichte/{token}", dependencies=[Depends(limit_attempts)])
async def answer(
    token: str, request: Request, services: CurrentServices, wanted: Annotated[str, Form(max_length=3)]
) -> Response:
    """The address says yes or no."""
    try:
        found = await run_in_threadpool(
            services.reports.schedules.answer_by_link, token, wanted=wanted == "yes"
        )
    except NotFound:
        return _page(unknown_link_page(language_of(request)[0]), 404)
    return _page(report_address_page(found), 200)


def _page(html: str, status: int) -> Response:
    return HTMLResponse(html, status_code=status, headers=_SECRET)
