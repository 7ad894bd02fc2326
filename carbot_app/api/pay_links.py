"""``/zahlen/<token>``: what is to be paid and how; nothing is asked of anybody else before the button.

The button opens the provider's form on this page where there is one, else the provider's own page. Whoever
comes back sees the state the provider has told us, and the page asks again by itself until it has.
"""

from functools import partial
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, is_same_origin, limits_of
from carbot_app.api.http_headers import script_hash
from carbot_app.api.pay_page import FORM_SCRIPT, pay_page
from carbot_app.api.plain_pages import unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.api.rate_limits import client_address
from carbot_app.bootstrap import Services
from carbot_app.domains.payments.ports import OPEN
from carbot_app.kit.errors import AppError, Forbidden, Gone, NotFound
from carbot_app.kit.i18n import translate

router = APIRouter(include_in_schema=False)
AT_ONCE = 16
"""Payments that may wait for the provider. The few threads of services never do: everybody else would wait as
well, also the provider, which may call us before it answers."""
_TRIES_PER_MINUTE = 12
"""Opening a page of the provider costs it and us something."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self' https://*.stripe.com{more}; frame-ancestors 'none'"
)
_FORM_POLICY = (
    "; script-src '{script}' https://js.stripe.com https://*.js.stripe.com{more}"
    "; connect-src 'self' https://api.stripe.com{more}"
    "; frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com{more}"
)
"""What Stripe's form needs (docs.stripe.com/security/guide), on pages that have it only."""
_FORM_HEADERS = {
    "permissions-policy": 'camera=(), microphone=(), geolocation=(), payment=(self "https://js.stripe.com")',
    # Wallets and banks ask their owner in a window of their own
    "cross-origin-opener-policy": "same-origin-allow-popups",
}


@router.get("/zahlen/{token}")
async def show(token: str, request: Request, services: CurrentServices) -> Response:
    """What is to be paid, or what became of it."""
    who = client_address(request)
    await limits_of(request).spend(request, "pay", who, services.settings.public_rate_per_minute)
    language, _ = language_of(request)
    told = request.query_params
    failed = told.get("redirect_status") == "failed"
    came_back = told.get("zurueck") == "1" and not failed
    return await run_in_threadpool(_show, services, token, language, came_back=came_back, failed=failed)


@router.post("/zahlen/{token}")
async def pay(token: str, request: Request, services: CurrentServices) -> Response:
    """On to the provider's page."""
    await limits_of(request).spend(request, "pay-online", client_address(request), _TRIES_PER_MINUTE)
    work = partial(_pay, services, token, language_of(request)[0])
    return await to_thread.run_sync(work, limiter=request.app.state.payment_slots)


@router.post("/zahlen/{token}/intent")
async def begin(token: str, request: Request, services: CurrentServices) -> dict[str, str]:
    """What the provider's form on the page needs to begin; raises like PaymentRequests.start_intent."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")
    await limits_of(request).spend(request, "pay-online", client_address(request), _TRIES_PER_MINUTE)
    language = language_of(request)[0]
    intent = await run_in_threadpool(services.payments.requests.start_intent, token, language=language)
    return {"client_secret": intent.client_secret}


def _show(
    services: Services,
    token: str,
    language: str,
    *,
    came_back: bool = False,
    failed: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    try:
        page = services.payments.requests.get_by_token(token, language=language)
    except NotFound:
        return _page(services, unknown_link_page(language), 404)
    if failed and page.state == OPEN:
        problem = translate(page.language, "payments.state_failed")
    text = pay_page(page, came_back=came_back, problem=problem)
    return _page(services, text, status, form=FORM_SCRIPT in text)


def _pay(services: Services, token: str, language: str) -> Response:
    try:
        url = services.payments.requests.start_checkout(token, language=language)
    except NotFound:
        return _page(services, unknown_link_page(language), 404)
    except Gone:
        return _show(services, token, language, status=410)
    except AppError as error:
        problem = translate(language, f"errors.{error.code}")
        return _show(services, token, language, problem=problem, status=error.status)
    return RedirectResponse(url, 303, _headers(services))


def _page(services: Services, html: str, status: int, *, form: bool = False) -> Response:
    return HTMLResponse(html, status_code=status, headers=_headers(services, form=form))


def _headers(services: Services, *, form: bool = False) -> dict[str, str]:
    # A form may only lead where the policy of its page allows, redirects included
    base = urlsplit(services.settings.stripe_api_base)
    more = f" {base.scheme}://{base.netloc}" if base.netloc else ""
    policy = _POLICY + _FORM_POLICY if form else _POLICY
    return {
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "content-security-policy": policy.format(more=more, script=script_hash(FORM_SCRIPT)),
        **(_FORM_HEADERS if form else {}),
    }
