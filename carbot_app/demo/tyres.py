"""Wheel sets in the demo workshop's store: good ones, worn ones and one nobody should drive on."""

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.domains.customers.consents import TYRES
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.condition import POSITIONS
from carbot_app.domains.tyres.schemas import Tyre, WheelSetCreate

# place, season, size, rims, brand, DOT, treads front left to rear right
_SETS = (
    ("R1-1", "winter", "205/55 R16", "steel", "Continental WinterContact", "3623", (68, 67, 71, 70)),
    ("R1-2", "winter", "195/65 R15", "steel", "Nokian WR Snowproof", "4121", (52, 51, 58, 57)),
    ("R1-4", "summer", "225/45 R17", "alloy", "Michelin Primacy 4", "0922", (48, 47, 55, 56)),
    ("R2-1", "winter", "215/60 R16", "alloy", "Goodyear UltraGrip", "3818", (36, 35, 44, 43)),
    ("R2-2", "all_season", "185/65 R15", "steel", "Vredestein Quatrac", "2224", (62, 61, 66, 66)),
    ("R2-3", "winter", "205/60 R16", "steel", "Hankook i*cept", "4015", (31, 30, 38, 38)),
    ("R3-1", "summer", "235/55 R18", "alloy", "Pirelli Scorpion", "1120", (15, 18, 29, 28)),
    ("R3-2", "winter", "195/55 R16", "none", "Dunlop Winter Sport", "3922", (59, 60, 64, 63)),
)
_FEE_CENTS = 4_500
_NOT_ASKED = ("R1-2", "R3-2")
"""Whose owners nobody has asked yet whether they want to be invited to the wheel change."""


def fill_store(services: Services, workshop: Workshop) -> None:
    """A set for each of the demo's regular customers."""
    actor = services.team.system_actor(workshop.id)
    for hero, (place, season, size, rims, brand, dot, treads) in zip(HEROES, _SETS, strict=True):
        tyres = (Tyre(position, brand, dot, tread) for position, tread in zip(POSITIONS, treads, strict=True))
        stored = services.tyres.store(
            actor,
            WheelSetCreate(
                plate=hero.plate,
                name=hero.name,
                phone=hero.phone,
                email=hero.email,
                season=season,
                location=place,
                size=size,
                rims=rims,
                tpms="indirect",
                tyres=tuple(tyres),
                fee_cents=_FEE_CENTS,
            ),
        )
        if stored.customer is not None and place not in _NOT_ASKED:
            services.consents.give(actor, stored.customer.id, TYRES)
