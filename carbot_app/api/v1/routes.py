"""All endpoints of v1."""

from fastapi import APIRouter

from carbot_app.api.v1 import appointments, calendar, callbacks, catalog, conversations, leads, resources
from carbot_app.api.v1.answers import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for part in (leads, conversations, callbacks, appointments, calendar, resources, catalog):
    router.include_router(part.router)
