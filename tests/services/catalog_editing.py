"""What the tests of the catalogue's editor share."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from carbot_app.domains.catalog.editing import CatalogEditing
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.kit.actor import Actor

NBSP = "\u00a0"
GOLF = VehicleFacts(make="VW", model="Golf 7")


def price(catalog: CatalogService, actor: Actor, code: str, **known: Any) -> str:
    quote = catalog.quote(actor, code, vehicle=known.pop("vehicle", GOLF), language="de", **known)
    return quote.text.replace(NBSP, " ")


def changed(editing: CatalogEditing, actor: Actor, code: str, **fields: Any) -> UUID | None:
    return editing.save(actor, replace(editing.get_draft(actor, code), **fields)).change_id


def order(editing: CatalogEditing, actor: Actor, key: str) -> list[str]:
    return [
        card.code for card in editing.overview(actor).services if key in (card.category, card.subcategory)
    ]
