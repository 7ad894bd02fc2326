"""``/bericht/<token>``: what was found at a customer's car, to approve line by line and to come with.

Opening the link changes nothing but that it was opened. Every page is complete without a script.
"""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, is_same_origin, limits_of
from carbot_app.api.plain_pages import unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.api.rate_limits import client_address
from carbot_app.api.report_page import report_page
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics.report_schemas import ISSUED
from carbot_app.kit.errors import AppError, Forbidden, Gone, NotFound
from carbot_app.kit.i18n import translate

router = APIRouter(include_in_schema=False)
_PRESSES_PER_MINUTE = 20
_FIELD_LIMIT = 400
_SECRET = {
    "cache-control": "private, no-store",
    # With "no-referrer" browsers would not say either that a form came from this very page
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
_POLICY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}


@router.get("/bericht/{token}")
@router.get("/bericht/{token}/")
async def show(token: str, request: Request, services: CurrentServices) -> Response:
    """The report, or that it is over."""
    await _spend(request, "report", services.settings.public_rate_per_minute)
    # Staff looks at it without having the customer open it
    seen = "vorschau" not in request.query_params
    show_page = partial(_show, services, token, language_of(request)[0], opened=seen)
    return await run_in_threadpool(show_page)


@router.post("/bericht/{token}/freigeben")
async def approve(token: str, request: Request, services: CurrentServices) -> Response:
    """Order the work of one line; the page shows it as approved then."""
    form = await _pressed(request)

    def press() -> str:
        link = services.diagnostics.report_links.approve(token, form["line"], signed_name=form["name"])
        page = services.diagnostics.report_links.get_by_token(token)
        # A price that has risen is a question of its own
        return f"/bericht/{token}#costs" if form["line"] in page.approved else link

    return await run_in_threadpool(_press, services, token, language_of(request)[0], press)


@router.post("/bericht/{token}/termin")
async def book(token: str, request: Request, services: CurrentServices) -> Response:
    """Take a time and go on to the visit's own page."""
    form = await _pressed(request)
    press = partial(services.diagnostics.report_links.book, token, form["slot"])
    return await run_in_threadpool(_press, services, token, language_of(request)[0], press)


@router.get("/bericht/{token}/pdf")
async def pdf(token: str, request: Request, services: CurrentServices) -> Response:
    """The report to keep."""
    await _spend(request, "report", services.settings.public_rate_per_minute)
    try:
        content = await run_in_threadpool(services.diagnostics.report_links.pdf, token)
    except (NotFound, Gone):
        return await run_in_threadpool(_show, services, token, language_of(request)[0])
    headers = {**_SECRET, "content-disposition": 'inline; filename="diagnosebericht.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _spend(request: Request, what: str, most: int) -> None:
    await limits_of(request).spend(request, what, client_address(request), most)


async def _pressed(request: Request) -> dict[str, str]:
    """Fields of a form of ours; Forbidden ``cross_site`` from anywhere else."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")
    await _spend(request, "report-press", _PRESSES_PER_MINUTE)
    form = await request.form(max_files=0, max_fields=4)
    return {name: str(form.get(name, ""))[:_FIELD_LIMIT] for name in ("line", "name", "slot")}


def _press(services: Services, token: str, language: str, press: Callable[[], str]) -> Response:
    try:
        return RedirectResponse(press(), 303, _SECRET)
    except AppError as problem:
        return _show(services, token, language, problem)


def _show(
    services: Services, token: str, language: str, problem: AppError | None = None, *, opened: bool = False
) -> Response:
    """``problem``: why a button did nothing."""
    try:
        page = services.diagnostics.report_links.get_by_token(token, opened=opened)
    except NotFound:
        return _page(unknown_link_page(language), 404)
    if page.state != ISSUED:
        return _page(report_page(page, token), 410)
    if problem is None:
        return _page(report_page(page, token), 200)
    told = translate(page.content.language, f"errors.{problem.code}", **problem.params)
    return _page(report_page(page, token, problem=told), problem.status)


def _page(text: str, status: int) -> Response:
    return HTMLResponse(text, status_code=status, headers={**_SECRET, **_POLICY})
