"""All endpoints of v1."""

from fastapi import APIRouter

from carbot_app.api.v1 import (
    analytics,
    appointments,
    calendar,
    callbacks,
    catalog,
    conversations,
    invoices,
    leads,
    orders,
    resources,
    vehicles,
)
from carbot_app.api.v1.answers import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for part in (
    leads,
    conversations,
    callbacks,
    appointments,
    calendar,
    resources,
    catalog,
    analytics,
    orders,
    invoices,
    vehicles,
):
    router.include_router(part.router)
