"""Two years of visits before the two months history.py tells in detail: how a workshop's year goes."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.demo.history import DAYS, SERVICES, id_at, invent_driver, people_of
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.opening import public_holidays
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.hours import intervals_on
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_secret

SEASON_DAYS = 730
"""Before the detailed months: together about 26 months, two of each season."""
_WEEKDAYS = {1: 1.12, 2: 0.98, 3: 0.96, 4: 0.98, 5: 1.03, 6: 0.62, 7: 0.62}
_YEARLY_GROWTH = 0.05
_TYRES = "TYR-CHG-001"
_TYRE_PEAKS = ((4, 2, 15, 0.42), (10, 29, 17, 0.55))
"""Month and day of the height, days of spread, and how much more work than usual."""
_HOLIDAYS = (((6, 15), (7, 9), 1.1), ((7, 10), (8, 24), 0.85), ((12, 24), (12, 31), 0.45))
"""Before the summer holidays cars are checked, in them they are away; between the years it is calm."""
_BRIDGE = 0.6
"""A working day between two free ones."""
_ENDS = {"done": 93, "no_show": 3, "cancelled": 4}
_NEW_SHARE = 0.16
_GONE_SHARE = 0.1
"""Of visits: by somebody who was never there before, and after which somebody does not come back."""
_FIRST_REGULARS = 240


def season_factor(day: date, is_free: Callable[[date], bool]) -> float:
    """Work on an open day against a usual one: weekday, tyre seasons, holidays, days around free ones."""
    factor = _WEEKDAYS[day.isoweekday()]
    for month, height, spread, more in _TYRE_PEAKS:
        nearest = min(abs((day - date(year, month, height)).days) for year in (day.year - 1, day.year))
        factor *= 1 + more * math.exp(-((nearest / spread) ** 2) / 2)
    for first, last, calm in _HOLIDAYS:
        factor *= calm if first <= (day.month, day.day) <= last else 1
    if all(is_free(day + timedelta(days=step)) for step in (-1, 1)):
        factor *= _BRIDGE
    return factor


def live_through_seasons(services: Services, workshop: Workshop) -> None:
    """Write these visits: on average as many a day as the detailed months have, growing, with chance."""
    actor = services.team.system_actor(workshop.id)
    zone = ZoneInfo(workshop.timezone)
    today = services.clock().astimezone(zone).date()
    quotes = {
        (code, kind): services.catalog.quote(
            actor, code, vehicle=VehicleFacts(vehicle_class=kind), language="de"
        )
        for code in SERVICES
        for kind in ("small", "compact", "mid", "suv", "van")
    }
    catalogue = {view.code: view for view in services.catalog.list_services(actor, language="de")}
    with services.db.writing(workshop.id) as session:
        technicians = session.exec(select(Resource).where(Resource.kind == "technician")).all()
        able = {
            code: [one.id for one in technicians if catalogue[code].skill in one.abilities]
            for code in SERVICES
        }
        years = _Years(workshop, zone, catalogue, quotes, able)
        usual = _visits_a_day(session, years, today)
        rows = list(years.tell(today - timedelta(days=DAYS + SEASON_DAYS), usual))
        for table in (Customer, Vehicle, Appointment):
            session.add_all(row for row in rows if isinstance(row, table))
            session.flush()


def _visits_a_day(session: Session, years: "_Years", today: date) -> float:
    """On a usual day, told from the detailed months and their season."""
    start = datetime.combine(today - timedelta(days=DAYS), time.min, years.zone)
    end = datetime.combine(today, time.min, years.zone)
    seen = session.exec(
        select(func.count(col(Appointment.id))).where(
            Appointment.starts_at >= start, Appointment.starts_at < end
        )
    ).one()
    days = (today - timedelta(days=back) for back in range(1, DAYS + 1))
    return seen / sum(season_factor(day, years.is_free) for day in days if not years.is_free(day))


@dataclass(slots=True)
class _Years:
    """Makes up visits day by day; people come back, new ones come, some stay away."""

    workshop: Workshop
    zone: ZoneInfo
    catalogue: Mapping[str, ServiceView]
    quotes: Mapping[tuple[str, str], Quote]
    able: Mapping[str, list[UUID]]
    rng: Random = field(default_factory=lambda: Random(20240930))  # noqa: S311 - invented, no secret
    _regulars: deque[tuple[Customer, Vehicle]] = field(default_factory=deque)

    def is_free(self, day: date) -> bool:
        """Whether the workshop is closed."""
        holidays = public_holidays(self.workshop.country, self.workshop.region, day.year)
        return day in holidays or not intervals_on(self.workshop.opening_hours, day)

    def tell(self, first: date, usual: float) -> Iterator[Customer | Vehicle | Appointment]:
        """Customers, cars and visits from ``first`` on."""
        opened = datetime.combine(first, time(8), self.zone)
        for back in range(_FIRST_REGULARS):
            yield from self._arrive(opened - timedelta(days=back))
        for offset in range(SEASON_DAYS):
            day = first + timedelta(days=offset)
            if self.is_free(day):
                continue
            growth = 1 - _YEARLY_GROWTH * (SEASON_DAYS - offset) / 365
            expected = usual * growth * season_factor(day, self.is_free)
            for place in range(max(0, round(self.rng.gauss(expected, math.sqrt(expected))))):
                yield from self._visit(day, place)

    def _visit(self, day: date, place: int) -> Iterator[Customer | Vehicle | Appointment]:
        opens, closes = intervals_on(self.workshop.opening_hours, day)[0][0], time(16)
        quarters = (closes.hour - opens.hour) * 4
        start = datetime.combine(day, opens, self.zone) + timedelta(minutes=15 * (place * 5 % quarters))
        called = start - timedelta(days=self.rng.randrange(1, 12), hours=self.rng.randrange(8))
        if self.rng.random() < _NEW_SHARE:
            yield from self._arrive(called)
            customer, vehicle = self._regulars[-1]
        else:
            # Whoever was here longest ago is the likeliest to come
            self._regulars.rotate(-self.rng.randrange(1, 40))
            customer, vehicle = self._regulars[0]
            self._regulars.rotate(-1)
        if self.rng.random() < _GONE_SHARE and len(self._regulars) > _FIRST_REGULARS:
            self._regulars.pop()
        yield self._appointment(day, start, called, customer, vehicle)

    def _appointment(
        self, day: date, start: datetime, called: datetime, customer: Customer, vehicle: Vehicle
    ) -> Appointment:
        seasonal = season_factor(day, lambda _: False) > _WEEKDAYS[day.isoweekday()] * 1.2
        weights = [share * (3 if seasonal and code == _TYRES else 1) for code, share in SERVICES.items()]
        code = self.rng.choices(list(SERVICES), weights)[0]
        service, quote = self.catalogue[code], self.quotes[code, vehicle.vehicle_class]
        state = self.rng.choices(list(_ENDS), list(_ENDS.values()))[0]
        return Appointment(
            id=id_at(called, self.rng),
            workshop_id=self.workshop.id,
            customer_id=customer.id,
            vehicle_id=vehicle.id,
            technician_id=self.rng.choice(self.able[code]),
            service_codes=[code],
            title=service.name,
            starts_at=start,
            ends_at=start + timedelta(minutes=service.minutes),
            state=state,
            price_min_cents=quote.low_cents,
            price_max_cents=quote.high_cents,
            source=self.rng.choices(["staff", "page"], [3, 1])[0],
            language=customer.language,
            manage_token=new_secret(),
            request_key=new_secret(),
            cancelled_at=called + timedelta(hours=5) if state == "cancelled" else None,
            created_at=called,
        )

    def _arrive(self, at: datetime) -> Iterator[Customer | Vehicle]:
        names = {hero.name for hero in HEROES}
        driver = next(one for _ in range(99) if (one := invent_driver(self.rng)).name not in names)
        customer, vehicle = people_of(self.workshop.id, driver, at, self.rng)
        self._regulars.append((customer, vehicle))
        yield from (customer, vehicle)
