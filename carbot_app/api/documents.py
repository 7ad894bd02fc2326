"""``/d/<token>.pdf``: the document a customer was sent, behind a secret link."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, limits_of
from carbot_app.api.rate_limits import client_address

router = APIRouter(include_in_schema=False)
ATTEMPTS_PER_MINUTE = 30


async def limit_documents(request: Request) -> None:
    """Count a look-up against the sender's address: nobody tries secrets one after the other.

    Raises:
        TooMany: more than ATTEMPTS_PER_MINUTE.
    """
    await limits_of(request).spend(request, "document", client_address(request), ATTEMPTS_PER_MINUTE)


@router.get("/d/{token}.pdf", dependencies=[Depends(limit_documents)])
async def document(token: str, services: CurrentServices) -> Response:
    """The printed document, shown in the browser."""
    number, content = await run_in_threadpool(services.invoices.pdf_by_token, token)
    headers = {
        "content-disposition": f"inline; filename*=UTF-8''{quote(number, safe='')}.pdf",
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)
