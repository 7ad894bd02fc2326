"""Rows of the customers domain."""

from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.team.models import Workshop
from tests.factories.saving import save


def make_customer(database: Database, workshop: Workshop, **fields: Any) -> Customer:
    """A customer who left name and mobile number."""
    defaults = {"name": "Ayşe Yılmaz", "phone": "+491715550142"}
    return save(database, Customer(workshop_id=workshop.id, **{**defaults, **fields}))


def make_vehicle(
    database: Database, workshop: Workshop, customer: Customer | None = None, **fields: Any
) -> Vehicle:
    """A VW Golf of 2015, of nobody in particular unless a customer is given."""
    defaults: dict[str, Any] = {
        "customer_id": customer.id if customer else None,
        "plate": "DO-AB 123",
        "make": "VW",
        "model": "Golf",
        "year": 2015,
        "vehicle_class": "compact",
    }
    return save(database, Vehicle(workshop_id=workshop.id, **{**defaults, **fields}))
