"""What Stripe's objects mean in the words of payments.ports.

Written against API version 2026-10-28 and tolerant of what older and simpler servers leave out.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from carbot_app.domains.billing.receivables import CARD, DIRECT_DEBIT, PAYPAL, WALLET
from carbot_app.domains.payments.ports import (
    CANCELLED,
    CHARGE,
    EXPIRED,
    FAILED,
    LOST,
    MISSING,
    OPEN,
    OTHER,
    PAID,
    PENDING,
    PROCESSING,
    SUCCEEDED,
    TAKEN_BACK,
    WON,
    PayoutPart,
    Seen,
    SeenAccount,
    SeenDispute,
    SeenPayment,
    SeenPayout,
    SeenRefund,
    SignedEvent,
    UntrustedEvent,
)

_PERSONAL = frozenset(
    {
        *("billing_details", "customer_details", "customer_email", "receipt_email", "shipping", "email"),
        *(
            "shipping_details",
            "collected_information",
            "evidence",
            "payment_method_details",
            "owner",
            "source",
        ),
        *("client_secret", "receipt_url", "individual", "company", "external_accounts", "business_profile"),
        *(
            "custom_fields",
            "customer_account",
            "requirements",
            "future_requirements",
            "payment_method_options",
        ),
    }
)
"""Parts of objects that name people or open doors: not kept."""
_INTENTS = {"succeeded": PAID, "processing": PROCESSING, "canceled": CANCELLED}
_METHODS = {
    "sepa_debit": DIRECT_DEBIT,
    "paypal": PAYPAL,
    "link": WALLET,
    "amazon_pay": WALLET,
    "twint": WALLET,
}
_REQUIREMENTS = {
    "tos_acceptance": "terms",
    "company": "company",
    "business_type": "company",
    "business_profile": "business",
    "external_account": "bank",
    **dict.fromkeys(("individual", "representative", "owners", "directors", "executives"), "person"),
}
_DISPUTES = {"won": WON, "warning_closed": WON, "lost": LOST}
_PARTS = {"charge": CHARGE, "payment": CHARGE, "refund": TAKEN_BACK, "payment_refund": TAKEN_BACK}
_TIME = re.compile(r"t=(\d+)")


def event_of(body: bytes, signature: str) -> SignedEvent:
    """A verified call; an event without a name is called by its content."""
    try:
        event = orjson.loads(body)
        kind, thing = str(event["type"]), event["data"]["object"]
    except (ValueError, KeyError, TypeError) as error:
        raise UntrustedEvent from error
    created = event.get("created") or int((_TIME.search(signature) or ["", "0"])[1])
    kept = {"type": kind, "created": created, "data": {"object": without_people(thing)}}
    return SignedEvent(
        event_id=str(event.get("id") or f"sha256:{hashlib.sha256(body).hexdigest()}")[:120],
        kind=kind,
        at=_instant(created),
        account_id=str(event.get("account") or ""),
        payload=kept,
    )


def without_people(thing: Any) -> Any:
    """An object without what names people."""
    if isinstance(thing, Mapping):
        return {key: without_people(value) for key, value in thing.items() if key not in _PERSONAL}
    return [without_people(item) for item in thing] if isinstance(thing, list) else thing


def seen_in(event: Mapping[str, Any]) -> Seen | None:
    """What an event tells; None: nothing we act on."""
    kind, at = str(event["type"]), _instant(event["created"])
    thing = event["data"]["object"]
    family = thing.get("object", "")
    if family == "checkout.session" or (family == "payment_intent" and kind.startswith("payment_intent.")):
        seen = seen_payment(thing, at=at)
        if kind == "checkout.session.async_payment_failed":
            return SeenPayment(FAILED, seen.amount_cents, seen.currency, at, seen.request_id, seen.intent_id,
                               seen.checkout_id)  # fmt: skip
        return None if seen.state == OPEN else seen
    if family == "refund":
        return seen_refund(thing, at=at)
    if family == "dispute":
        return _seen_dispute(thing, at)
    if family == "payout":
        return _seen_payout(thing, at)
    return seen_account(thing) if kind == "account.updated" else None


def seen_payment(thing: Mapping[str, Any], *, at: datetime | None = None) -> SeenPayment:
    """A PaymentIntent or a Checkout Session, with its charge where it came along."""
    if thing["object"] == "checkout.session":
        return _seen_session(thing, at)
    state = _INTENTS.get(thing["status"], OPEN)
    problem = thing.get("last_payment_error") or {}
    if state == OPEN and problem and thing["status"] == "requires_payment_method":
        state = FAILED
    charge = thing.get("latest_charge")
    details = charge if isinstance(charge, Mapping) else {}
    received = thing.get("amount_received") or thing["amount"]
    return SeenPayment(
        state=state,
        amount_cents=received if state == PAID else thing["amount"],
        currency=str(thing["currency"]).upper(),
        at=at or _instant(details.get("created") or thing["created"]),
        request_id=str((thing.get("metadata") or {}).get("request_id", "")),
        intent_id=thing["id"],
        charge_id=str(details.get("id") or charge or ""),
        method=_method(details),
        fee_cents=thing.get("application_fee_amount") or 0,
        error=str(problem.get("message") or problem.get("code") or "")[:200],
    )


def seen_refund(thing: Mapping[str, Any], *, at: datetime | None = None) -> SeenRefund:
    """A Refund."""
    state = {"succeeded": SUCCEEDED, "failed": FAILED, "canceled": FAILED}.get(
        thing.get("status") or "", PENDING
    )
    return SeenRefund(
        refund_id=thing["id"],
        state=state,
        amount_cents=thing["amount"],
        currency=str(thing["currency"]).upper(),
        at=at or _instant(thing["created"]),
        intent_id=_name(thing.get("payment_intent")),
        charge_id=_name(thing.get("charge")),
    )


def seen_account(thing: Mapping[str, Any]) -> SeenAccount:
    """An Account; its requirements are the fields Stripe wants next, by their names in its API."""
    flags = (bool(thing.get(name)) for name in ("charges_enabled", "payouts_enabled", "details_submitted"))
    told = thing.get("requirements") or {}
    wanted = {_kind_of(name) for part in ("past_due", "currently_due") for name in told.get(part) or ()}
    return SeenAccount(thing["id"], *flags, missing=tuple(kind for kind in MISSING if kind in wanted))


def _kind_of(requirement: str) -> str:
    first = requirement.partition(".")[0]
    return "person" if first.startswith("person_") else _REQUIREMENTS.get(first, "other")


def payout_part(thing: Mapping[str, Any]) -> PayoutPart:
    """A balance transaction with its source, of the account the money was for."""
    source = thing.get("source")
    source = source if isinstance(source, Mapping) else {}
    kind = _PARTS.get(str(thing["type"]), OTHER)
    charge = source.get("id") if source.get("object") == "charge" else source.get("charge")
    transfer = source.get("source_transfer")
    if isinstance(transfer, Mapping):
        charge = transfer.get("source_transaction")
    return PayoutPart(
        kind=kind,
        charge_id=_name(charge),
        amount_cents=thing["amount"],
        fee_cents=thing.get("fee") or 0,
        currency=str(thing["currency"]).upper(),
    )


def _seen_session(thing: Mapping[str, Any], at: datetime | None) -> SeenPayment:
    intent = thing.get("payment_intent")
    inner = seen_payment(intent) if isinstance(intent, Mapping) else None
    state = OPEN
    if thing.get("payment_status") == "paid":
        state = PAID
    elif thing.get("status") == "expired":
        state = EXPIRED
    elif thing.get("status") == "complete":
        state = inner.state if inner and inner.state != OPEN else PROCESSING
    total = thing.get("amount_total")
    return SeenPayment(
        state=state,
        amount_cents=inner.amount_cents if inner else int(total or 0),
        currency=inner.currency if inner else str(thing.get("currency") or "").upper(),
        at=at or _instant(thing["created"]),
        request_id=str((thing.get("metadata") or {}).get("request_id", "")),
        intent_id=inner.intent_id if inner else _name(intent),
        checkout_id=thing["id"],
        charge_id=inner.charge_id if inner else "",
        method=inner.method if inner else "",
        fee_cents=inner.fee_cents if inner else 0,
    )


def _seen_dispute(thing: Mapping[str, Any], at: datetime) -> SeenDispute:
    status = str(thing["status"])
    until = (thing.get("evidence_details") or {}).get("due_by")
    return SeenDispute(
        dispute_id=thing["id"],
        state=_DISPUTES.get(status, OPEN),
        amount_cents=thing["amount"],
        currency=str(thing["currency"]).upper(),
        at=at,
        intent_id=_name(thing.get("payment_intent")),
        charge_id=_name(thing.get("charge")),
        reason=str(thing.get("reason") or ""),
        # An inquiry takes nothing from the account
        withdrawn=not status.startswith("warning_"),
        answer_until=_instant(until) if until else None,
    )


def _seen_payout(thing: Mapping[str, Any], at: datetime) -> SeenPayout:
    state = {"paid": "paid", "failed": "failed", "canceled": "failed"}.get(str(thing["status"]), "pending")
    return SeenPayout(
        payout_id=thing["id"],
        state=state,
        amount_cents=thing["amount"],
        currency=str(thing["currency"]).upper(),
        arrives_on=_instant(thing["arrival_date"]).date(),
        at=at,
    )


def _method(charge: Mapping[str, Any]) -> str:
    details = charge.get("payment_method_details") or {}
    kind = str(details.get("type") or "")
    if not kind:
        return ""
    if (details.get("card") or {}).get("wallet"):
        return WALLET
    return _METHODS.get(kind, CARD)


def _name(thing: Any) -> str:
    return str(thing.get("id") or "") if isinstance(thing, Mapping) else str(thing or "")


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
