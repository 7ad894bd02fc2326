"""Withdrawals from contracts, sent by the form on ``/w/<slug>/widerruf/``: without a login, at any time."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from carbot_app.api.dependencies import CurrentServices, limits_of, same_origin_json
from carbot_app.api.rate_limits import client_address
from carbot_app.domains.booking.contract_schemas import Declaration
from carbot_app.kit.languages import best_language

router = APIRouter(
    prefix="/api/withdrawals", include_in_schema=False, dependencies=[Depends(same_origin_json)]
)
ATTEMPTS_PER_MINUTE = 20
"""Each new one sends a mail to an address the sender chooses."""


class WithdrawalInput(BaseModel):
    """What somebody types; checked by the service."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=500)
    contract: str = Field(default="", max_length=500)
    email: str = Field(default="", max_length=500)


class Receipt(BaseModel):
    """That and when it has arrived."""

    received_at: datetime
    received: str
    email: str


async def limit_withdrawals(request: Request) -> None:
    """Count a declaration against the sender's address.

    Raises:
        TooMany: more than ATTEMPTS_PER_MINUTE.
    """
    await limits_of(request).spend(request, "withdrawal", client_address(request), ATTEMPTS_PER_MINUTE)


@router.post("/{slug}", status_code=201, dependencies=[Depends(limit_withdrawals)])
def withdraw(slug: str, body: WithdrawalInput, request: Request, services: CurrentServices) -> Receipt:
    """Receive a declaration of withdrawal; sent again it is the same one."""
    language = best_language(request.headers.get("accept-language", ""))
    workshop = services.team.get_public_workshop(slug)
    receipt = services.withdrawals.withdraw(
        services.team.public_actor(workshop, language=language),
        Declaration(name=body.name, contract=body.contract, email=body.email, language=language),
    )
    return Receipt(received_at=receipt.received_at, received=receipt.received, email=receipt.email)
