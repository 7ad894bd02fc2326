"""From a draft to what would be issued: the register of VAT numbers is asked, the rest is worked out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from carbot_app.domains.billing.deposits import Deposit
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.einvoice_rules import findings_of
from carbot_app.domains.billing.einvoices import ZUGFERD
from carbot_app.domains.billing.invoice_schemas import DraftPreview, Problem
from carbot_app.domains.billing.paper_making import make_document
from carbot_app.domains.billing.ports import RegisterAnswer, VatRegister
from carbot_app.domains.billing.sheets import make_sheet, rules_of
from carbot_app.domains.billing.terms import Biller
from carbot_app.domains.billing.vat_id import INVALID, check_vat_id, normal_vat_id, well_formed
from carbot_app.domains.billing.working_out import Worked, work_out
from carbot_app.kit.i18n import supported
from carbot_app.kit.text import several_lines, single_line

_BUYER = {
    **{"name": 160, "street": 120, "postal_code": 10, "city": 80, "country": 2},
    **{"email": 254, "vat_id": 20, "buyer_reference": 60},
}
_PREVIEWED = "?"
"""Number of a document that has none yet."""


class DraftReader:
    """Works drafts out."""

    def __init__(self, register: VatRegister) -> None:
        self._register = register

    def ask(self, draft: DraftInput, biller: Biller) -> RegisterAnswer:
        """What the register says of the buyer's number; nothing is asked where it decides nothing."""
        number = normal_vat_id(draft.buyer.vat_id)
        country = draft.buyer.country or biller.country
        if not draft.buyer.business or country == biller.country or not well_formed(number):
            return RegisterAnswer(None)
        return self._register.ask(number, own_number=biller.vat_id)

    def proof(self, draft: DraftInput, answer: RegisterAnswer) -> dict[str, str]:
        """What is kept of the register's answer with the document."""
        if not draft.buyer.vat_id.strip():
            return {}
        state = _state(draft, answer)
        asked = answer.asked_at.isoformat() if answer.asked_at else ""
        return {"state": state, "request_id": answer.request_id, "asked_at": asked}

    def work_out(
        self,
        draft: DraftInput,
        biller: Biller,
        on: date,
        answer: RegisterAnswer,
        deposits: Sequence[Deposit],
    ) -> Worked:
        """See working_out.work_out."""
        state = _state(draft, answer) if draft.buyer.vat_id else INVALID
        return work_out(draft, rules_of(biller), on, vat_id_state=state, deposits=deposits)

    def preview(
        self, session: Session, biller: Biller, worked: Worked, answer: RegisterAnswer
    ) -> DraftPreview:
        """What would be issued."""
        draft, problems = worked.draft, list(worked.problems)
        problems += [Problem("billing_seller_incomplete", name) for name in biller.missing]
        kind = draft.kind if draft.kind != "credit" else "invoice"
        document = make_document(worked, make_sheet(session, biller, draft, kind, _PREVIEWED))
        profile = "en16931" if worked.form == ZUGFERD else "xrechnung"
        return DraftPreview(
            totals=worked.totals,
            choice=worked.choice,
            duty=worked.duty,
            due_cents=worked.settlement.payable_cents,
            deposit_cents=worked.settlement.deposit_cents,
            supplied_on=worked.supplied_on,
            due_on=worked.due_on,
            currency=biller.currency,
            form=worked.form,
            simplified=worked.simplified,
            vat_id_state=_state(draft, answer) if draft.buyer.vat_id.strip() else "",
            findings=findings_of(document, profile),
            problems=tuple(problems),
        )


def checked_draft(draft: DraftInput) -> DraftInput:
    """The draft with its texts in normal form. Raises Invalid ``too_long`` with the field."""
    return replace(
        draft,
        buyer=_checked_buyer(draft.buyer),
        lines=tuple(_checked_line(at, line) for at, line in enumerate(draft.lines, 1)),
        language=supported(draft.language),
        plate=single_line(draft.plate, field="plate", limit=16),
        order_number=single_line(draft.order_number, field="order_number", limit=40),
        intro=several_lines(draft.intro, field="intro", limit=1000),
        closing=several_lines(draft.closing, field="closing", limit=1000),
    )


def _checked_buyer(buyer: BuyerInput) -> BuyerInput:
    told = {
        name: single_line(getattr(buyer, name), field=f"buyer.{name}", limit=limit)
        for name, limit in _BUYER.items()
    }
    return replace(buyer, **{**told, "country": told["country"].upper()})


def _checked_line(at: int, line: LineInput) -> LineInput:
    return replace(line, text=single_line(line.text, field=f"lines.{at}.text", limit=300))


def _state(draft: DraftInput, answer: RegisterAnswer) -> str:
    return check_vat_id(draft.buyer.vat_id, registered=answer.registered)
