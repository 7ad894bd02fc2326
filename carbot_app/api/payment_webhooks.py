"""Where the payment provider reports; each call carries a signature over its very bytes."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from carbot_app.api.dependencies import CurrentServices
from carbot_app.kit.errors import TooLarge

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

_LIMIT = 512 * 1024


@router.post("/stripe")
async def receive(request: Request, services: CurrentServices) -> Response:
    """Stored, and handled afterwards by a job: Stripe waits for seconds only, and repeats what failed."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LIMIT:
            raise TooLarge(limit=_LIMIT)
    headers = {name.lower(): value for name, value in request.headers.items()}
    await run_in_threadpool(services.payments.events.receive, "stripe", headers=headers, body=body)
    return Response(status_code=200)
