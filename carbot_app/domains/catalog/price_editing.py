"""Use cases that move many prices: bulk edits, the terms every price rests on, surcharges and discounts."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.catalog.bulk import check_bulk, edited, new_rates, stated_prices
from carbot_app.domains.catalog.catalogue import Catalogue, in_language, read_catalogue
from carbot_app.domains.catalog.changes import RULE, SERVICE, TERMS, Edit, apply_edits
from carbot_app.domains.catalog.editing_schemas import (
    BulkEdit,
    BulkPreview,
    BulkRow,
    RuleDraft,
    TermsDraft,
)
from carbot_app.domains.catalog.models import PriceRule
from carbot_app.domains.catalog.pricing import DIVISIONS, PER_UNIT, RATES
from carbot_app.domains.catalog.rules import FUELS
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES
from carbot_app.domains.catalog.wording import Wording
from carbot_app.domains.tax.vat import REGIMES, standard_percent
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock, system_clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from carbot_app.kit.text import single_line

MAX_RULES = 50
_NAME_LENGTH = 60
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_CONDITIONS = ("classes", "min_age", "max_age", "fuels", "weekdays", "season", "fleet")


class PriceEditing:
    """Reads need ``catalog.read``, writes ``catalog.manage``; a write is one change that can be undone."""

    def __init__(self, *, db: Database, catalog: CatalogService, clock: Clock = system_clock) -> None:
        self._db = db
        self._catalog = catalog
        self._clock = clock

    def preview_bulk(self, actor: Actor, edit: BulkEdit) -> BulkPreview:
        """Every price the edit would change, before anything is stored."""
        actor.require("catalog.read")
        return self._preview_bulk(self._catalog.read(actor), edit, actor.language)

    def apply_bulk(self, actor: Actor, edit: BulkEdit, token: str) -> UUID | None:
        """Do what was previewed; the id of the change.

        Raises:
            Conflict: ``catalog_preview_outdated`` when prices changed since. Invalid: its problems.
        """
        with self.writing(actor) as (session, catalogue):
            preview = self._preview_bulk(catalogue, edit, actor.language)
            for problem in preview.problems:
                raise Invalid(problem.code, field=problem.field, **problem.params)
            if preview.token != token:
                raise Conflict("catalog_preview_outdated")
            prices, rates = self._bulk(catalogue, edit)
            edits = [Edit(SERVICE, code, fields) for code, fields in prices.items()]
            if rates is not None:
                edits.append(
                    Edit(TERMS, str(actor.workshop_id), {**_terms_fields(catalogue), "rates": rates})
                )
            return change_id(apply_edits(session, actor, "bulk", edits))

    def get_terms(self, actor: Actor) -> TermsDraft:
        """Rates, markups, factors as they are, defaults filled in."""
        actor.require("catalog.read")
        fields = _terms_fields(self._catalog.read(actor))
        return TermsDraft(**{**fields, "markups": tuple((upto, rate) for upto, rate in fields["markups"])})

    def save_terms(self, actor: Actor, terms: TermsDraft) -> UUID | None:
        """Store them. Invalid naming the field."""
        _check_terms(terms)
        fields = {name: getattr(terms, name) for name in TermsDraft.__slots__}
        fields["markups"] = [list(band) for band in terms.markups]
        fields["rates"], fields["class_factors"] = dict(terms.rates), dict(terms.class_factors)
        with self.writing(actor) as (session, catalogue):
            if fields == _terms_fields(catalogue):
                return None
            return change_id(
                apply_edits(session, actor, "terms", [Edit(TERMS, str(actor.workshop_id), fields)])
            )

    def list_rules(self, actor: Actor) -> list[RuleDraft]:
        """Surcharges and discounts in their order, switched off ones included."""
        actor.require("catalog.read")
        with self._db.reading(actor.workshop_id) as session:
            return [_rule_draft(row) for row in _rules(session)]

    def save_rule(self, actor: Actor, rule: RuleDraft) -> UUID | None:
        """Store a new or existing rule. Invalid naming the field."""
        with self.writing(actor) as (session, catalogue):
            rows = _rules(session)
            fields = _rule_fields(rule, catalogue)
            if rule.id is None:
                if len(rows) >= MAX_RULES:
                    raise Invalid("catalog_rule_condition", field="names")
                fields["sort_order"] = max((row.sort_order for row in rows), default=0) + 1
            elif all(row.id != rule.id for row in rows):
                raise NotFound
            edit = Edit(RULE, str(rule.id or new_id()), fields)
            return change_id(apply_edits(session, actor, "rule", [edit]))

    def remove_rule(self, actor: Actor, rule_id: UUID) -> UUID | None:
        """Remove a rule; undo brings it back."""
        with self.writing(actor) as (session, _):
            return change_id(apply_edits(session, actor, "rule", [Edit(RULE, str(rule_id), None)]))

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[tuple[Session, Catalogue]]:
        """A transaction with the catalogue as it is now; afterwards everybody here reads it anew."""
        actor.require("catalog.manage")
        with self._db.writing(actor.workshop_id) as session:
            yield session, read_catalogue(session, actor.workshop_id)
        self._catalog.forget(actor.workshop_id)

    def _bulk(
        self, catalogue: Catalogue, edit: BulkEdit
    ) -> tuple[dict[str, dict[str, int]], dict[str, int] | None]:
        percent = standard_percent(catalogue.country, catalogue.day_of(self._clock()))
        return stated_prices(catalogue, edit, percent), new_rates(catalogue, edit)

    def _preview_bulk(self, catalogue: Catalogue, edit: BulkEdit, language: str) -> BulkPreview:
        problems = check_bulk(edit)
        if problems:
            return BulkPreview((), len(catalogue.offered), tuple(problems), "")
        after = edited(catalogue, *self._bulk(catalogue, edit))
        wording, today = Wording(catalogue, language), catalogue.day_of(self._clock())
        rows, digest, looked_at = [], hashlib.sha256(repr(edit).encode()), 0
        for service in catalogue.services:
            if edit.only_active and not service.active:
                continue
            looked_at += 1
            old = catalogue.plain_price(service, today)
            new = after.plain_price(after.by_code[service.code], today)
            if old == new:
                continue
            digest.update(repr((service.code, old, new)).encode())
            unit = service.unit if service.price_model == PER_UNIT else ""
            rows.append(
                BulkRow(
                    code=service.code,
                    name=in_language(service.names, language),
                    before=wording.price(old, unit),
                    after=wording.price(new, unit),
                    difference_cents=new.low_cents - old.low_cents,
                )
            )
        return BulkPreview(tuple(rows), looked_at - len(rows), (), digest.hexdigest())


def change_id(change: Any) -> UUID | None:
    """Id of a change, None where nothing was different."""
    return change.id if change else None


def _terms_fields(catalogue: Catalogue) -> dict[str, Any]:
    terms = catalogue.terms
    return {
        "rates": dict(terms.rates),
        "units_per_hour": terms.units_per_hour,
        "markups": [list(band) for band in terms.markups],
        "small_parts_percent": terms.small_parts_percent,
        "small_parts_min_cents": terms.small_parts_min_cents,
        "small_parts_max_cents": terms.small_parts_max_cents,
        "class_factors": dict(terms.factors),
        "vat_regime": terms.regime,
    }


def _check_terms(terms: TermsDraft) -> None:
    _require(
        terms.rates.keys() == set(RATES) and all(100 <= cents <= 100_000 for cents in terms.rates.values()),
        "rates",
        "catalog_rate",
    )
    _require(terms.units_per_hour in DIVISIONS, "units_per_hour", "catalog_units_per_hour")
    limits = [up_to for up_to, _ in terms.markups]
    rising = limits == sorted(set(limits)) and all(limit >= 0 for limit in limits)
    fair = all(0 <= percent <= 500 for _, percent in terms.markups)
    _require(rising and fair and 1 <= len(limits) <= 10, "markups", "catalog_markups")
    least, most = terms.small_parts_min_cents, terms.small_parts_max_cents
    small = 0 <= terms.small_parts_percent <= 20 and 0 <= least <= most <= 100_000
    _require(small, "small_parts_percent", "catalog_small_parts")
    _require(
        terms.class_factors.keys() == set(VEHICLE_CLASSES)
        and all(10 <= percent <= 500 for percent in terms.class_factors.values()),
        "class_factors",
        "catalog_factor",
    )
    _require(terms.vat_regime in REGIMES, "vat_regime", "catalog_rule_condition")


def _require(fine: bool, field: str, code: str) -> None:
    if not fine:
        raise Invalid(code, field=field)


def _rules(session: Session) -> list[PriceRule]:
    query = select(PriceRule).order_by(col(PriceRule.sort_order), col(PriceRule.id))
    return list(session.exec(query))


def _rule_draft(row: PriceRule) -> RuleDraft:
    known: Mapping[str, Any] = row.conditions
    season = known.get("season")
    return RuleDraft(
        id=row.id,
        names=row.names,
        percent=row.percent,
        amount_cents=row.amount_cents,
        categories=tuple(row.categories),
        classes=tuple(known.get("classes", ())),
        min_age=known.get("min_age"),
        max_age=known.get("max_age"),
        fuels=tuple(known.get("fuels", ())),
        weekdays=tuple(known.get("weekdays", ())),
        season=(season[0], season[1]) if season else None,
        fleet=bool(known.get("fleet")),
        active=row.active,
    )


def _rule_fields(rule: RuleDraft, catalogue: Catalogue) -> dict[str, Any]:
    names = {
        language: single_line(text, field="names", limit=_NAME_LENGTH)
        for language, text in rule.names.items()
        if text.strip()
    }
    _require(bool(names), "names", "catalog_rule_name")
    one = (rule.percent != 0) != (rule.amount_cents != 0)
    within = -90 <= rule.percent <= 200 and abs(rule.amount_cents) <= 1_000_000
    _require(one and within, "percent", "catalog_rule_amount")
    keys = {row.key for row in catalogue.categories} | catalogue.by_code.keys()
    for name, values, allowed in (
        ("categories", rule.categories, keys),
        ("classes", rule.classes, VEHICLE_CLASSES),
        ("fuels", rule.fuels, FUELS),
        ("weekdays", rule.weekdays, range(1, 8)),
    ):
        _require(all(value in allowed for value in values), name, "catalog_rule_condition")
    ages = [age for age in (rule.min_age, rule.max_age) if age is not None]
    _require(
        all(0 <= age <= 100 for age in ages) and ages == sorted(ages), "min_age", "catalog_rule_condition"
    )
    days = rule.season or ()
    _require(all(_DAY.fullmatch(day) for day in days), "season", "catalog_rule_condition")
    conditions = {name: getattr(rule, name) for name in _CONDITIONS}
    return {
        "names": names,
        "percent": rule.percent,
        "amount_cents": rule.amount_cents,
        "categories": list(rule.categories),
        "conditions": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in conditions.items()
            if value not in (None, (), False)
        },
        "active": rule.active,
    }
