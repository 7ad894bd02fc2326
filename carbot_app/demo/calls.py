"""Customers of the demo workshop who want to be called."""

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.domains.calls.schemas import SOON, CallbackRequest
from carbot_app.domains.team.models import Workshop

_WISHES = (
    (5, 0, "Lohnt sich die Reparatur noch?"),
    (6, 2, ""),
)
"""Which of the heroes, which of the windows offered, and about what."""


def wish_calls(services: Services, workshop: Workshop) -> None:
    """One as soon as possible and one later."""
    actor = services.team.system_actor(workshop.id)
    offered = [window.key for window in services.calls.offer_windows(actor)] or [SOON]
    for number, choice, note in _WISHES:
        hero = HEROES[number]
        services.calls.request(
            actor,
            CallbackRequest(
                name=hero.name,
                phone=hero.phone,
                window=offered[min(choice, len(offered) - 1)],
                note=note,
                language=hero.language,
            ),
        )
