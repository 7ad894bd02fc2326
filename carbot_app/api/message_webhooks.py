"""Where SMS and WhatsApp providers report deliveries and replies; each call carries a signature."""

import hmac
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from carbot_app.api.dependencies import CurrentServices
from carbot_app.kit.errors import Forbidden, TooLarge

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

AT_ONCE = 16
"""Calls in one process that wait for their turn or for files of customers, in threads of their own."""
_LIMIT = 256 * 1024


@router.get("/whatsapp")
def confirm_whatsapp(request: Request, services: CurrentServices) -> PlainTextResponse:
    """Meta asks once whether this address is ours, with the token the operator chose."""
    wanted = services.settings.whatsapp_verify_token.get_secret_value()
    asked = request.query_params
    if not wanted or not hmac.compare_digest(wanted.encode(), asked.get("hub.verify_token", "").encode()):
        raise Forbidden("webhook_untrusted")
    return PlainTextResponse(asked.get("hub.challenge", ""))


@router.post("/{provider}")
async def receive(provider: str, request: Request, services: CurrentServices) -> Response:
    """Reports and replies; the signature covers our public address, not the one behind a proxy."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LIMIT:
            raise TooLarge(limit=_LIMIT)
    query = f"?{request.url.query}" if request.url.query else ""
    take_in = partial(
        services.answers.receive,
        provider,
        method="POST",
        url=f"{services.settings.effective_public_url}{request.url.path}{query}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )
    await to_thread.run_sync(take_in, limiter=request.app.state.message_slots)
    # Twilio reads the answer as TwiML; an empty one sends nothing back.
    return Response("<Response/>", media_type="text/xml")
