"""Writing a document down for good, in one transaction: number, XML, rows and what is owed by it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from carbot_app.db.outbox import emit
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.einvoice_rules import findings_of
from carbot_app.domains.billing.einvoices import FATAL, ZUGFERD, InvoiceWriter
from carbot_app.domains.billing.figures import figure
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Receivable
from carbot_app.domains.billing.net_lines import net_lines
from carbot_app.domains.billing.numbers import take_number
from carbot_app.domains.billing.paper import CREDIT, Paper
from carbot_app.domains.billing.paper_codec import Kept, groups_to_json, kept_to_json
from carbot_app.domains.billing.paper_making import make_paper
from carbot_app.domains.billing.receivables import OPEN, PAID
from carbot_app.domains.billing.sheets import make_sheet
from carbot_app.domains.billing.terms import Biller
from carbot_app.domains.billing.totals import OLD_PART, TaxGroup
from carbot_app.domains.billing.working_out import Worked, revenue_of
from carbot_app.kit.errors import Invalid
from carbot_app.kit.ids import new_id, new_secret


@dataclass(frozen=True, slots=True)
class Issue:
    """A document that is ready but for its number."""

    kind: str
    form: str
    draft: DraftInput
    taxes: tuple[LineTax, ...]
    issued_on: date
    supplied_on: date
    due_on: date
    net_cents: int
    vat_cents: int
    gross_cents: int
    due_cents: int
    groups: tuple[TaxGroup, ...]
    lines: tuple[Mapping[str, Any], ...]
    paper: Callable[[str], Paper]
    original_id: UUID | None = None
    credited: Mapping[str, str] | None = None
    vat_check: Mapping[str, str] | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What is needed to write a document down, within one transaction."""

    session: Session
    biller: Biller
    writer: InvoiceWriter
    now: datetime
    by: str

    def write(self, issue: Issue, event: str = "invoice.issued") -> tuple[Invoice, Receivable]:
        """Number, XML, rows, audit entry and event; what goes wrong leaves nothing behind."""
        biller = self.biller
        formats = biller.terms.number_formats
        number = take_number(self.session, biller.workshop.id, issue.kind, issue.issued_on, formats)
        paper = issue.paper(number)
        _refuse_incomplete(paper, issue.form)
        xml = self.writer.write(paper.document, issue.form).decode()
        invoice = self._invoice(issue, number, paper, xml)
        self.session.add(invoice)
        self.session.flush()
        for line in issue.lines:
            self.session.add(InvoiceLine(workshop_id=biller.workshop.id, invoice_id=invoice.id, **line))
        receivable = self._receivable(issue, invoice)
        self.session.add(receivable)
        self.session.flush()
        self._tell(issue, invoice, receivable, event)
        return invoice, receivable

    def _invoice(self, issue: Issue, number: str, paper: Paper, xml: str) -> Invoice:
        biller = self.biller
        kept = Kept(paper, issue.draft, issue.taxes, biller.terms.logo_file, issue.credited, issue.vat_check)
        return Invoice(
            id=new_id(),
            created_at=self.now,
            workshop_id=biller.workshop.id,
            number=number,
            kind=issue.kind,
            issued_on=issue.issued_on,
            supplied_on=issue.supplied_on,
            keep_until=keep_until(issue.issued_on, biller.country),
            currency=biller.currency,
            net_cents=issue.net_cents,
            vat_cents=issue.vat_cents,
            gross_cents=issue.gross_cents,
            due_cents=issue.due_cents,
            original_id=issue.original_id,
            language=issue.draft.language,
            form=issue.form,
            issued_by=self.by,
            paper=kept_to_json(kept),
            groups=groups_to_json(issue.groups),
            xml=xml,
            request_key=issue.request_key or None,
        )

    def _receivable(self, issue: Issue, invoice: Invoice) -> Receivable:
        draft = issue.draft
        paid = not issue.due_cents
        return Receivable(
            created_at=self.now,
            workshop_id=invoice.workshop_id,
            invoice_id=invoice.id,
            number=invoice.number,
            kind=invoice.kind,
            issued_on=invoice.issued_on,
            due_on=issue.due_on,
            currency=invoice.currency,
            gross_cents=invoice.gross_cents,
            due_cents=invoice.due_cents,
            state=PAID if paid else OPEN,
            paid_on=invoice.issued_on if paid else None,
            customer_id=draft.customer_id,
            vehicle_id=draft.vehicle_id,
            order_id=draft.order_id,
            buyer_name=draft.buyer.name[:160],
            plate=draft.plate[:16],
            search=f"{invoice.number} {draft.buyer.name} {draft.plate}".lower()[:300],
            email=draft.buyer.email[:254],
            is_business=draft.buyer.business,
            token=new_secret(),
        )

    def _tell(self, issue: Issue, invoice: Invoice, receivable: Receivable, event: str) -> None:
        emit(
            self.session,
            invoice.workshop_id,
            event,
            invoice_id=invoice.id,
            order_id=issue.draft.order_id,
            original_id=issue.original_id,
        )
        record(
            self.session,
            invoice.workshop_id,
            self.now,
            event,
            "invoice",
            invoice.id,
            by=self.by,
            number=invoice.number,
            document_kind=invoice.kind,
            gross_cents=invoice.gross_cents,
            due_cents=invoice.due_cents,
            currency=invoice.currency,
            original_id=str(issue.original_id) if issue.original_id else "",
        )


def issue_of(
    session: Session, biller: Biller, worked: Worked, kind: str, *, earlier: Sequence[Any] = (), **more: Any
) -> Issue:
    """A worked-out draft as it will be written; a credit counts against the workshop."""
    totals, draft = worked.totals, worked.draft
    sign = -1 if kind == CREDIT else 1
    sheet = make_sheet(session, biller, draft, kind, "", tuple(earlier))
    return Issue(
        kind=kind,
        form=worked.form,
        draft=draft,
        taxes=tuple(line.tax for line in worked.lines),
        issued_on=worked.issued_on,
        supplied_on=worked.supplied_on,
        due_on=worked.due_on,
        net_cents=sign * totals.net_cents,
        vat_cents=sign * totals.vat_cents,
        gross_cents=sign * totals.gross_cents,
        due_cents=sign * worked.settlement.payable_cents,
        groups=tuple(_signed(group, sign) for group in totals.groups),
        lines=tuple(line_rows(worked, sign)),
        paper=lambda number: make_paper(worked, replace(sheet, number=number)),
        **more,
    )


def line_rows(worked: Worked, sign: int = 1) -> list[dict[str, Any]]:
    """Columns of InvoiceLine for each position."""
    rows = []
    for net in net_lines(worked.lines, worked.totals):
        if net.kind == OLD_PART:
            continue
        told = worked.draft.lines[net.position]
        rows.append(
            {
                "position": net.position + 1,
                "kind": net.kind,
                "text": told.text[:300],
                "service_code": told.service_code,
                "revenue": revenue_of(told),
                "technician_id": told.technician_id,
                "minutes": sign * told.minutes,
                "quantity": sign * net.quantity,
                "unit": told.unit,
                "unit_price": net.unit_price,
                "net_cents": sign * net.net_cents,
                "cost_cents": sign * told.cost_cents,
                "category": net.tax.category,
                "rate": net.tax.rate,
                "exchange": told.exchange,
            }
        )
    return rows


def keep_until(issued_on: date, country: str) -> date:
    """Last day a document has to be kept: so many years from the end of its year (figures.toml)."""
    years = figure("keeping", issued_on, country)["years"]
    return date(issued_on.year + years, 12, 31)


def _signed(group: TaxGroup, sign: int) -> TaxGroup:
    return replace(
        group,
        net_cents=sign * group.net_cents,
        vat_cents=sign * group.vat_cents,
        old_part_cents=sign * group.old_part_cents,
    )


def _refuse_incomplete(paper: Paper, form: str) -> None:
    """What the rules want and the draft did not ask for already is refused in their words."""
    profile = "en16931" if form == ZUGFERD else "xrechnung"
    for finding in findings_of(paper.document, profile):
        if finding.severity == FATAL:
            term = dict(finding.params).get("term", "")
            raise Invalid("invoice_rule_broken", field=term, rule=finding.rule)
