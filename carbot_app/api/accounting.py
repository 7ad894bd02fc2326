"""Files of accounting: the DATEV batch, the archive for an audit, lists."""

import re
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor
from carbot_app.domains.accounting.schemas import HandedOut
from carbot_app.kit.errors import Invalid

router = APIRouter(prefix="/api/accounting", tags=["accounting"], include_in_schema=False)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@router.get("/datev/{month}.csv")
def datev(
    month: str,
    actor: StaffActor,
    services: CurrentServices,
    payments: bool = True,
    expenses: bool = True,
) -> Response:
    """The booking batch of a month, ``2026-11``; that it was handed out is noted."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Invalid("datev_period_invalid", field="month")
    day = date(int(found[1]), int(found[2]), 1)
    return _attachment(services.accounting.export_datev(actor, day, payments=payments, expenses=expenses))


@router.get("/gobd.zip")
def gobd(
    actor: StaffActor,
    services: CurrentServices,
    first: Annotated[date, Query()],
    last: Annotated[date, Query()],
) -> Response:
    """The archive for an audit."""
    return _attachment(services.accounting.export_gobd(actor, first, last))


@router.get("/lists/{kind}.{form}")
def table(
    kind: str,
    form: str,
    actor: StaffActor,
    services: CurrentServices,
    first: Annotated[date, Query()],
    last: Annotated[date, Query()],
) -> Response:
    """A list as csv or xlsx."""
    return _attachment(services.accounting.export_list(actor, kind, form, first, last))


def _attachment(file: HandedOut) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    # Without a charset of its own a text would be announced as UTF-8, which the DATEV file is not.
    media_type = "application/octet-stream" if file.name.startswith("EXTF") else file.media_type
    return Response(file.content, media_type=media_type, headers=headers)
