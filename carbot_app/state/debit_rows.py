"""Direct debits and mandates as rows of the page (pure)."""

from dataclasses import dataclass

from carbot_app.domains.banking.booking import RETURNED
from carbot_app.domains.banking.debit_schemas import Collectable, NamedMandate, RunSheet
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import Reader

_EUR = "EUR"
"""Direct debits of the SEPA rulebooks are in euros only."""
RETURN_REASONS = ("AC01", "AC04", "AC06", "AM04", "MD01", "MD06", "MD07", "MS02", "MS03", "SL01")
"""Codes of ISO 20022 that banks use most; others are shown as they are."""


@dataclass(frozen=True, slots=True)
class CollectRow:
    """An open invoice that may be debited."""

    id: str = ""
    number: str = ""
    holder: str = ""
    detail: str = ""
    amount: str = ""
    cents: int = 0


@dataclass(frozen=True, slots=True)
class DebitRow:
    """One debit of a file."""

    id: str = ""
    number: str = ""
    holder: str = ""
    amount: str = ""
    state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A file for the bank."""

    id: str = ""
    day: str = ""
    detail: str = ""
    total: str = ""
    returned: int = 0
    debits: tuple[DebitRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A permission."""

    id: str = ""
    name: str = ""
    holder: str = ""
    """Where it is somebody else's account."""
    detail: str = ""
    sign: str = ""
    """usable, revoked or lapsed."""
    note: str = ""
    """When it was revoked or used last."""
    can_revoke: bool = False


@dataclass(frozen=True, slots=True)
class PayerRow:
    """A customer to choose."""

    id: str = ""
    name: str = ""
    contact: str = ""


def collect_row(view: Collectable, reader: Reader) -> CollectRow:
    """An open invoice as the person reads it."""
    words = {"day": reader.short_date(view.due_on), "mandate": view.mandate}
    return CollectRow(
        str(view.invoice_id),
        view.number,
        view.holder,
        translate(reader.language, f"paydesk.debit.detail_{view.sequence.lower()}", **words),
        format_cents(view.cents, _EUR, reader.language),
        view.cents,
    )


def run_row(sheet: RunSheet, reader: Reader) -> RunRow:
    """A file with its debits."""
    debits = tuple(
        DebitRow(
            str(debit.invoice_id),
            debit.number,
            debit.holder,
            format_cents(debit.cents, _EUR, reader.language),
            debit.state,
            _reason(debit.reason, reader.language),
        )
        for debit in sheet.debits
    )
    run = sheet.run
    return RunRow(
        id=str(run.id),
        day=reader.short_date(run.collect_on),
        detail=translate(reader.language, "paydesk.debit.run", count=run.count, scheme=run.scheme),
        total=format_cents(run.total_cents, _EUR, reader.language),
        returned=sum(debit.state == RETURNED for debit in sheet.debits),
        debits=debits,
    )


def mandate_row(named: NamedMandate, reader: Reader) -> MandateRow:
    """A permission; of the account only its end is shown."""
    view, language = named.mandate, reader.language
    sign = "revoked" if view.revoked_on else "usable" if named.usable else "lapsed"
    words = {
        "reference": view.reference,
        "day": reader.short_date(view.signed_on),
        "account": f"{view.iban[:4]} … {view.iban[-4:]}",
    }
    day = view.revoked_on or view.last_used_on
    note = "revoked_on" if view.revoked_on else "used_on"
    return MandateRow(
        id=str(view.id),
        name=named.customer or view.holder,
        holder=view.holder if named.customer and view.holder != named.customer else "",
        detail=translate(language, "paydesk.mandate.detail", **words),
        sign=sign,
        note=translate(language, f"paydesk.mandate.{note}", day=reader.short_date(day)) if day else "",
        can_revoke=not view.revoked_on,
    )


def _reason(code: str, language: str) -> str:
    if code not in RETURN_REASONS:
        return code
    return translate(language, f"paydesk.debit.returned.{code}")
