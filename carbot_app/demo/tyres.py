"""Wheel sets in the demo workshop's store: good ones, worn ones and one nobody should drive on."""

from zoneinfo import ZoneInfo

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.domains.customers.consents import TYRES
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.condition import ALL_SEASON, POSITIONS, SUMMER, WINTER
from carbot_app.domains.tyres.schemas import Tyre, WheelSetCreate
from carbot_app.domains.tyres.waves import coming_season

_NEXT, _OTHER, _ALL = "next", "other", "all_season"
# place, season, size, rims, brand, DOT, treads front left to rear right
_SETS = (
    ("R1-1", _NEXT, "205/55 R16", "steel", "Continental", "3623", (68, 67, 71, 70)),
    ("R1-2", _NEXT, "195/65 R15", "steel", "Nokian", "4121", (52, 51, 58, 57)),
    ("R1-4", _OTHER, "225/45 R17", "alloy", "Michelin", "0922", (48, 47, 55, 56)),
    ("R2-1", _NEXT, "215/60 R16", "alloy", "Goodyear", "3818", (36, 35, 44, 43)),
    ("R2-2", _ALL, "185/65 R15", "steel", "Vredestein", "2224", (62, 61, 66, 66)),
    ("R2-3", _NEXT, "205/60 R16", "steel", "Hankook", "4015", (31, 30, 38, 38)),
    ("R3-1", _NEXT, "235/55 R18", "alloy", "Pirelli", "1120", (15, 18, 29, 28)),
    ("R3-2", _NEXT, "195/55 R16", "none", "Dunlop", "3922", (59, 60, 64, 63)),
)
"""Most are of the coming season, as in every tyre hotel: the others are on the cars."""
_FEE_CENTS = 4_500
_NOT_ASKED = ("R1-2", "R3-2")
"""Whose owners nobody has asked yet whether they want to be invited to the wheel change."""


def fill_store(services: Services, workshop: Workshop) -> None:
    """A set for each of the demo's regular customers, most of whom agreed to be invited."""
    actor = services.team.system_actor(workshop.id)
    coming = coming_season(services.clock().astimezone(ZoneInfo(workshop.timezone)).date()).season
    seasons = {_NEXT: coming, _OTHER: SUMMER if coming == WINTER else WINTER, _ALL: ALL_SEASON}
    for hero, (place, when, size, rims, brand, dot, treads) in zip(HEROES, _SETS, strict=True):
        tyres = (Tyre(position, brand, dot, tread) for position, tread in zip(POSITIONS, treads, strict=True))
        stored = services.tyres.store(
            actor,
            WheelSetCreate(
                plate=hero.plate,
                name=hero.name,
                phone=hero.phone,
                email=hero.email,
                season=seasons[when],
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
