"""Reads Cross Industry Invoices (ZUGFeRD, Factur-X, XRechnung CII) of every profile."""

from datetime import date
from decimal import Decimal
from typing import Any

from carbot_app.adapters.einvoice.nodes import (
    attribute,
    cents,
    content,
    day,
    decimal,
    identifier,
    many,
    one,
    terms_and_discounts,
    text,
)
from carbot_app.domains.billing.document import (
    Address,
    Adjustment,
    Attachment,
    CashDiscount,
    Contact,
    Document,
    Earlier,
    Identifier,
    Line,
    Note,
    Party,
    Payment,
    Period,
    References,
    Tax,
    TaxGroup,
    Totals,
)

_DATE = "DateTimeString"
_TENDER, _OBJECT = "50", "130"


def read_cii(root: Any) -> Document:
    """The document of a CrossIndustryInvoice."""
    head, trade = one(root, "ExchangedDocument"), one(root, "SupplyChainTradeTransaction")
    agreement = one(trade, "ApplicableHeaderTradeAgreement")
    delivery = one(trade, "ApplicableHeaderTradeDelivery")
    settlement = one(trade, "ApplicableHeaderTradeSettlement")
    terms, discounts = _terms(settlement)
    ship_to = one(delivery, "ShipToTradeParty")
    return Document(
        number=text(head, "ID"),
        issued_on=day(head, f"IssueDateTime/{_DATE}") or date.min,
        kind=text(head, "TypeCode"),
        currency=text(settlement, "InvoiceCurrencyCode"),
        tax_currency=text(settlement, "TaxCurrencyCode"),
        specification=text(root, "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"),
        process=text(root, "ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID"),
        seller=_party(one(agreement, "SellerTradeParty")) or Party(),
        buyer=_party(one(agreement, "BuyerTradeParty")) or Party(),
        payee=_party(one(settlement, "PayeeTradeParty")),
        tax_representative=_party(one(agreement, "SellerTaxRepresentativeTradeParty")),
        delivery=_party(ship_to),
        lines=tuple(_line(item) for item in many(trade, "IncludedSupplyChainTradeLineItem")),
        tax_groups=tuple(_tax_group(tax) for tax in many(settlement, "ApplicableTradeTax")),
        totals=_totals(settlement),
        due_on=day(settlement, f"SpecifiedTradePaymentTerms/DueDateDateTime/{_DATE}"),
        supplied_on=day(delivery, f"ActualDeliverySupplyChainEvent/OccurrenceDateTime/{_DATE}"),
        period=_period(settlement),
        tax_point=day(settlement, "ApplicableTradeTax/TaxPointDate/DateString"),
        tax_point_code=_TAX_POINTS.get(text(settlement, "ApplicableTradeTax/DueDateTypeCode"), ""),
        adjustments=_adjustments(many(settlement, "SpecifiedTradeAllowanceCharge")),
        payments=_payments(settlement),
        remittance=text(settlement, "PaymentReference"),
        terms=terms,
        discounts=discounts,
        earlier=_earlier(settlement),
        references=_references(agreement, delivery, settlement),
        notes=tuple(
            Note(text(note, "Content"), text(note, "SubjectCode")) for note in many(head, "IncludedNote")
        ),
        attachments=tuple(
            _attachment(other)
            for other in many(agreement, "AdditionalReferencedDocument")
            if text(other, "TypeCode") not in {_TENDER, _OBJECT}
        ),
    )


_TAX_POINTS = {"5": "invoice", "29": "delivery", "72": "payment"}


def _terms(settlement: Any) -> tuple[str, tuple[CashDiscount, ...]]:
    terms = many(settlement, "SpecifiedTradePaymentTerms")
    words, discounts = terms_and_discounts(
        (one(t, "Description").text or "") for t in terms if text(t, "Description")
    )
    extended = []
    for term in many(settlement, "SpecifiedTradePaymentTerms/ApplicableTradePaymentDiscountTerms"):
        days, percent = decimal(term, "BasisPeriodMeasure"), decimal(term, "CalculationPercent")
        if days is not None and percent is not None:
            extended.append(CashDiscount(int(days), percent, cents(term, "BasisAmount")))
    return words, discounts or tuple(extended)


def _party(node: Any) -> Party | None:
    if node is None:
        return None
    where, contact = one(node, "PostalTradeAddress"), one(node, "DefinedTradeContact")
    taxes = {attribute(e, "schemeID"): text(e) for e in many(node, "SpecifiedTaxRegistration/ID")}
    identifiers = [Identifier(text(e)) for e in many(node, "ID") if text(e)]
    identifiers += [Identifier(text(e), attribute(e, "schemeID")) for e in many(node, "GlobalID") if text(e)]
    return Party(
        name=text(node, "Name"),
        trade_name=text(node, "SpecifiedLegalOrganization/TradingBusinessName"),
        address=Address(
            line1=text(where, "LineOne"),
            line2=text(where, "LineTwo"),
            line3=text(where, "LineThree"),
            postcode=text(where, "PostcodeCode"),
            city=text(where, "CityName"),
            region=text(where, "CountrySubDivisionName"),
            country=text(where, "CountryID"),
        ),
        identifiers=tuple(identifiers),
        legal_id=identifier(node, "SpecifiedLegalOrganization/ID"),
        legal_info=text(node, "Description"),
        vat_id=taxes.get("VA", ""),
        tax_number=taxes.get("FC", ""),
        electronic_address=identifier(node, "URIUniversalCommunication/URIID"),
        contact=Contact(
            name=text(contact, "PersonName") or text(contact, "DepartmentName"),
            phone=text(contact, "TelephoneUniversalCommunication/CompleteNumber"),
            email=text(contact, "EmailURIUniversalCommunication/URIID"),
        ),
    )


def _tax(node: Any) -> Tax:
    return Tax(text(node, "CategoryCode"), decimal(node, "RateApplicablePercent") or Decimal(0))


def _tax_group(node: Any) -> TaxGroup:
    return TaxGroup(
        tax=_tax(node),
        base_cents=cents(node, "BasisAmount") or 0,
        tax_cents=cents(node, "CalculatedAmount") or 0,
        reason=text(node, "ExemptionReason"),
        reason_code=text(node, "ExemptionReasonCode"),
    )


def _totals(settlement: Any) -> Totals:
    sums = one(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    currency = text(settlement, "InvoiceCurrencyCode")
    own: int | None = None
    other: int | None = None
    for element in many(sums, "TaxTotalAmount"):
        if own is None and attribute(element, "currencyID") in {"", currency}:
            own = cents(element)
        else:
            other = cents(element)
    net = cents(sums, "TaxBasisTotalAmount") or 0
    return Totals(
        lines_cents=cents(sums, "LineTotalAmount") or 0,
        net_cents=net,
        tax_cents=own or 0,
        gross_cents=cents(sums, "GrandTotalAmount") or 0,
        due_cents=cents(sums, "DuePayableAmount") or 0,
        allowances_cents=cents(sums, "AllowanceTotalAmount") or 0,
        charges_cents=cents(sums, "ChargeTotalAmount") or 0,
        prepaid_cents=cents(sums, "TotalPrepaidAmount") or 0,
        rounding_cents=cents(sums, "RoundingAmount") or 0,
        tax_cents_other_currency=other,
    )


def _period(node: Any) -> Period:
    return Period(
        day(node, f"BillingSpecifiedPeriod/StartDateTime/{_DATE}"),
        day(node, f"BillingSpecifiedPeriod/EndDateTime/{_DATE}"),
    )


def _adjustments(nodes: list[Any]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            cents=cents(node, "ActualAmount") or 0,
            charge=text(node, "ChargeIndicator/Indicator") == "true",
            reason=text(node, "Reason"),
            reason_code=text(node, "ReasonCode"),
            base_cents=cents(node, "BasisAmount"),
            percent=decimal(node, "CalculationPercent"),
            tax=_tax(one(node, "CategoryTradeTax")) if one(node, "CategoryTradeTax") is not None else None,
        )
        for node in nodes
    )


def _payments(settlement: Any) -> tuple[Payment, ...]:
    mandate = text(settlement, "SpecifiedTradePaymentTerms/DirectDebitMandateID")
    creditor = text(settlement, "CreditorReferenceID")
    return tuple(
        Payment(
            means=text(node, "TypeCode"),
            text=text(node, "Information"),
            iban=text(node, "PayeePartyCreditorFinancialAccount/IBANID")
            or text(node, "PayeePartyCreditorFinancialAccount/ProprietaryID"),
            account_name=text(node, "PayeePartyCreditorFinancialAccount/AccountName"),
            bic=text(node, "PayeeSpecifiedCreditorFinancialInstitution/BICID"),
            mandate=mandate,
            creditor_id=creditor,
            debited_iban=text(node, "PayerPartyDebtorFinancialAccount/IBANID"),
            card=text(node, "ApplicableTradeSettlementFinancialCard/ID"),
            card_holder=text(node, "ApplicableTradeSettlementFinancialCard/CardholderName"),
        )
        for node in many(settlement, "SpecifiedTradeSettlementPaymentMeans")
    )


def _earlier(settlement: Any) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(text(node, "IssuerAssignedID"), day(node, f"FormattedIssueDateTime/{_DATE}"))
        for node in many(settlement, "InvoiceReferencedDocument")
    )


def _references(agreement: Any, delivery: Any, settlement: Any) -> References:
    others = {text(d, "TypeCode"): d for d in many(agreement, "AdditionalReferencedDocument")}
    thing = others.get(_OBJECT)
    return References(
        buyer=text(agreement, "BuyerReference"),
        project=text(agreement, "SpecifiedProcuringProject/ID"),
        contract=text(agreement, "ContractReferencedDocument/IssuerAssignedID"),
        purchase_order=text(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        sales_order=text(agreement, "SellerOrderReferencedDocument/IssuerAssignedID"),
        receiving_advice=text(delivery, "ReceivingAdviceReferencedDocument/IssuerAssignedID"),
        despatch_advice=text(delivery, "DespatchAdviceReferencedDocument/IssuerAssignedID"),
        tender=text(others.get(_TENDER), "IssuerAssignedID"),
        object=Identifier(text(thing, "IssuerAssignedID"), text(thing, "ReferenceTypeCode")),
        accounting=text(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
    )


def _attachment(node: Any) -> Attachment:
    inside = one(node, "AttachmentBinaryObject")
    return Attachment(
        reference=text(node, "IssuerAssignedID"),
        description=text(node, "Name"),
        link=text(node, "URIID"),
        content=content(inside),
        mime=attribute(inside, "mimeCode"),
        filename=attribute(inside, "filename"),
    )


def _line(node: Any) -> Line:
    product, agreement = one(node, "SpecifiedTradeProduct"), one(node, "SpecifiedLineTradeAgreement")
    settlement = one(node, "SpecifiedLineTradeSettlement")
    quantity = one(node, "SpecifiedLineTradeDelivery/BilledQuantity")
    price = one(agreement, "NetPriceProductTradePrice")
    notes = many(node, "AssociatedDocumentLineDocument/IncludedNote")
    return Line(
        number=text(node, "AssociatedDocumentLineDocument/LineID"),
        name=text(product, "Name"),
        quantity=decimal(quantity) or Decimal(0),
        unit=attribute(quantity, "unitCode"),
        unit_price=decimal(price, "ChargeAmount") or Decimal(0),
        net_cents=cents(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount") or 0,
        tax=_tax(one(settlement, "ApplicableTradeTax")),
        description=text(product, "Description"),
        note="\n".join(filter(None, (text(note, "Content") for note in notes))),
        price_base=decimal(price, "BasisQuantity") or Decimal(1),
        gross_price=decimal(agreement, "GrossPriceProductTradePrice/ChargeAmount"),
        adjustments=_adjustments(many(settlement, "SpecifiedTradeAllowanceCharge")),
        period=_period(settlement),
        seller_item=text(product, "SellerAssignedID"),
        buyer_item=text(product, "BuyerAssignedID"),
        standard_item=identifier(product, "GlobalID"),
        order_line=text(agreement, "BuyerOrderReferencedDocument/LineID"),
        origin=text(product, "OriginTradeCountry/ID"),
        attributes=tuple(
            (text(a, "Description"), text(a, "Value"))
            for a in many(product, "ApplicableProductCharacteristic")
        ),
    )
