"""The same figures of several locations, one beside the other, and all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbot_app.domains.analytics.kpis import CENTS, DEFINITIONS, Basis, together
from carbot_app.domains.analytics.schemas import Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.team.locations import LocationService
from carbot_app.domains.team.schemas import LocationView
from carbot_app.kit.actor import Actor

CODES = ("new_leads", "bookings", "revenue", "average_order", "no_show", "rating")


@dataclass(frozen=True, slots=True)
class LocationFigures:
    """A line: ``values`` by code of CODES in the unit of its definition; None where there is nothing to say.

    ``location`` None: all together, with ``currency`` empty where money of several currencies would meet.
    """

    location: LocationView | None
    currency: str
    values: Mapping[str, float | None]


class LocationComparison:
    """Reads each workshop as the person there, with the rights of the membership there."""

    def __init__(self, *, locations: LocationService, analytics: AnalyticsService) -> None:
        self._locations = locations
        self._analytics = analytics

    def compare(self, actor: Actor, span: Span) -> list[LocationFigures]:
        """A line for every workshop whose figures the actor may read, and a last one for all of them.

        Shares and averages of the last line are worked out from what they are shares and averages of.

        Raises:
            Forbidden: without ``analytics.read`` in the present workshop. Invalid: the span.
        """
        actor.require("analytics.read")
        readable = [
            (location, there)
            for location, there in self._locations.list_actors(actor)
            if there.can("analytics.read")
        ]
        found = [self._analytics.basis(there, Question(span), CODES) for _, there in readable]
        lines = [
            LocationFigures(location, location.currency, _measure(basis, location.currency))
            for (location, _), basis in zip(readable, found, strict=True)
        ]
        return [*lines, _all(lines, found)]


def _all(lines: Sequence[LocationFigures], found: Sequence[Basis]) -> LocationFigures:
    currencies = {line.currency for line in lines}
    currency = currencies.pop() if len(currencies) == 1 else ""
    return LocationFigures(None, currency, _measure(together(found), currency))


def _measure(basis: Basis, currency: str) -> dict[str, float | None]:
    asked = {code: DEFINITIONS[code] for code in CODES}
    return {
        code: None if one.unit == CENTS and not currency else one.measure(basis)
        for code, one in asked.items()
    }
