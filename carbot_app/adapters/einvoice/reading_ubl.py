"""Reads UBL 2.1 invoices and credit notes (XRechnung, Peppol, any other use of EN 16931)."""

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
    note_of,
    one,
    terms_and_discounts,
    text,
)
from carbot_app.domains.billing.document import (
    Address,
    Adjustment,
    Attachment,
    Contact,
    Document,
    Earlier,
    Identifier,
    Line,
    Party,
    Payment,
    Period,
    References,
    Tax,
    TaxGroup,
    Totals,
)

_OBJECT, _PROJECT = "130", "50"
_SEPA = "SEPA"
_TAX_POINTS = {"3": "invoice", "35": "delivery", "432": "payment"}


def read_ubl(root: Any) -> Document:
    """The document of an Invoice or CreditNote."""
    terms, discounts = terms_and_discounts((note.text or "") for note in many(root, "PaymentTerms/Note"))
    payment = one(root, "PaymentMeans")
    seller = one(root, "AccountingSupplierParty/Party")
    return Document(
        number=text(root, "ID"),
        issued_on=day(root, "IssueDate") or date.min,
        kind=text(root, "InvoiceTypeCode") or text(root, "CreditNoteTypeCode"),
        currency=text(root, "DocumentCurrencyCode"),
        tax_currency=text(root, "TaxCurrencyCode"),
        specification=text(root, "CustomizationID"),
        process=text(root, "ProfileID"),
        seller=_party(seller) or Party(),
        buyer=_party(one(root, "AccountingCustomerParty/Party")) or Party(),
        payee=_payee(one(root, "PayeeParty")),
        tax_representative=_party(one(root, "TaxRepresentativeParty")),
        delivery=_place(one(root, "Delivery")),
        lines=tuple(_line(node) for node in many(root, "InvoiceLine") or many(root, "CreditNoteLine")),
        tax_groups=_tax_groups(root),
        totals=_totals(root),
        due_on=day(root, "DueDate") or day(payment, "PaymentDueDate"),
        supplied_on=day(root, "Delivery/ActualDeliveryDate"),
        period=_period(root),
        tax_point=day(root, "TaxPointDate"),
        tax_point_code=_TAX_POINTS.get(text(root, "InvoicePeriod/DescriptionCode"), ""),
        adjustments=_adjustments(many(root, "AllowanceCharge")),
        payments=_payments(root, seller),
        remittance=text(payment, "PaymentID"),
        terms=terms,
        discounts=discounts,
        earlier=tuple(
            Earlier(text(node, "ID"), day(node, "IssueDate"))
            for node in many(root, "BillingReference/InvoiceDocumentReference")
        ),
        references=_references(root),
        notes=tuple(note_of(text(note)) for note in many(root, "Note") if text(note)),
        attachments=tuple(
            _attachment(node)
            for node in many(root, "AdditionalDocumentReference")
            if text(node, "DocumentTypeCode") not in {_OBJECT, _PROJECT}
        ),
    )


def _address(node: Any) -> Address:
    return Address(
        line1=text(node, "StreetName"),
        line2=text(node, "AdditionalStreetName"),
        line3=text(node, "AddressLine/Line"),
        postcode=text(node, "PostalZone"),
        city=text(node, "CityName"),
        region=text(node, "CountrySubentity"),
        country=text(node, "Country/IdentificationCode"),
    )


def _party(node: Any) -> Party | None:
    if node is None:
        return None
    legal, name = one(node, "PartyLegalEntity"), text(node, "PartyName/Name")
    taxes = {text(t, "TaxScheme/ID") == "VAT": text(t, "CompanyID") for t in many(node, "PartyTaxScheme")}
    registered = text(legal, "RegistrationName")
    return Party(
        name=registered or name,
        trade_name=name if registered else "",
        address=_address(one(node, "PostalAddress")),
        identifiers=_identifiers(node),
        legal_id=identifier(legal, "CompanyID"),
        legal_info=text(legal, "CompanyLegalForm"),
        vat_id=taxes.get(True, ""),
        tax_number=taxes.get(False, ""),
        electronic_address=identifier(node, "EndpointID"),
        contact=Contact(
            name=text(node, "Contact/Name"),
            phone=text(node, "Contact/Telephone"),
            email=text(node, "Contact/ElectronicMail"),
        ),
    )


def _identifiers(node: Any) -> tuple[Identifier, ...]:
    """The creditor identifier of SEPA stands among them and belongs to the payment."""
    return tuple(
        Identifier(text(e), attribute(e, "schemeID"))
        for e in many(node, "PartyIdentification/ID")
        if attribute(e, "schemeID") != _SEPA
    )


def _payee(node: Any) -> Party | None:
    if node is None or not text(node, "PartyName/Name"):
        return None
    return _party(node)


def _place(node: Any) -> Party | None:
    location, name = one(node, "DeliveryLocation"), text(node, "DeliveryParty/PartyName/Name")
    if location is None and not name:
        return None
    number = identifier(location, "ID")
    return Party(
        name=name,
        address=_address(one(location, "Address")),
        identifiers=(number,) if number.value else (),
    )


def _tax(node: Any) -> Tax:
    return Tax(text(node, "ID"), decimal(node, "Percent") or Decimal(0))


def _tax_groups(root: Any) -> tuple[TaxGroup, ...]:
    return tuple(
        TaxGroup(
            tax=_tax(one(node, "TaxCategory")),
            base_cents=cents(node, "TaxableAmount") or 0,
            tax_cents=cents(node, "TaxAmount") or 0,
            reason=text(node, "TaxCategory/TaxExemptionReason"),
            reason_code=text(node, "TaxCategory/TaxExemptionReasonCode"),
        )
        for node in many(root, "TaxTotal/TaxSubtotal")
    )


def _totals(root: Any) -> Totals:
    sums = one(root, "LegalMonetaryTotal")
    currency = text(root, "DocumentCurrencyCode")
    own: int | None = None
    other: int | None = None
    for element in many(root, "TaxTotal/TaxAmount"):
        if own is None and attribute(element, "currencyID") in {"", currency}:
            own = cents(element)
        else:
            other = cents(element)
    return Totals(
        lines_cents=cents(sums, "LineExtensionAmount") or 0,
        net_cents=cents(sums, "TaxExclusiveAmount") or 0,
        tax_cents=own or 0,
        gross_cents=cents(sums, "TaxInclusiveAmount") or 0,
        due_cents=cents(sums, "PayableAmount") or 0,
        allowances_cents=cents(sums, "AllowanceTotalAmount") or 0,
        charges_cents=cents(sums, "ChargeTotalAmount") or 0,
        prepaid_cents=cents(sums, "PrepaidAmount") or 0,
        rounding_cents=cents(sums, "PayableRoundingAmount") or 0,
        tax_cents_other_currency=other,
    )


def _period(node: Any) -> Period:
    return Period(day(node, "InvoicePeriod/StartDate"), day(node, "InvoicePeriod/EndDate"))


def _adjustments(nodes: list[Any]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            cents=cents(node, "Amount") or 0,
            charge=text(node, "ChargeIndicator") == "true",
            reason=text(node, "AllowanceChargeReason"),
            reason_code=text(node, "AllowanceChargeReasonCode"),
            base_cents=cents(node, "BaseAmount"),
            percent=decimal(node, "MultiplierFactorNumeric"),
            tax=_tax(one(node, "TaxCategory")) if one(node, "TaxCategory") is not None else None,
        )
        for node in nodes
    )


def _payments(root: Any, seller: Any) -> tuple[Payment, ...]:
    parties = many(seller, "PartyIdentification/ID") + many(root, "PayeeParty/PartyIdentification/ID")
    creditor = next((text(e) for e in parties if attribute(e, "schemeID") == _SEPA), "")
    return tuple(
        Payment(
            means=text(node, "PaymentMeansCode"),
            text=attribute(one(node, "PaymentMeansCode"), "name"),
            iban=text(node, "PayeeFinancialAccount/ID"),
            account_name=text(node, "PayeeFinancialAccount/Name"),
            bic=text(node, "PayeeFinancialAccount/FinancialInstitutionBranch/ID"),
            mandate=text(node, "PaymentMandate/ID"),
            creditor_id=creditor,
            debited_iban=text(node, "PaymentMandate/PayerFinancialAccount/ID"),
            card=text(node, "CardAccount/PrimaryAccountNumberID"),
            card_holder=text(node, "CardAccount/HolderName"),
        )
        for node in many(root, "PaymentMeans")
    )


def _references(root: Any) -> References:
    others = many(root, "AdditionalDocumentReference")
    by_type = {text(node, "DocumentTypeCode"): node for node in others}
    return References(
        buyer=text(root, "BuyerReference"),
        project=text(root, "ProjectReference/ID") or text(by_type.get(_PROJECT), "ID"),
        contract=text(root, "ContractDocumentReference/ID"),
        purchase_order=text(root, "OrderReference/ID"),
        sales_order=text(root, "OrderReference/SalesOrderID"),
        receiving_advice=text(root, "ReceiptDocumentReference/ID"),
        despatch_advice=text(root, "DespatchDocumentReference/ID"),
        tender=text(root, "OriginatorDocumentReference/ID"),
        object=identifier(by_type.get(_OBJECT), "ID"),
        accounting=text(root, "AccountingCost"),
    )


def _attachment(node: Any) -> Attachment:
    inside = one(node, "Attachment/EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=text(node, "ID"),
        description=text(node, "DocumentDescription"),
        link=text(node, "Attachment/ExternalReference/URI"),
        content=content(inside),
        mime=attribute(inside, "mimeCode"),
        filename=attribute(inside, "filename"),
    )


def _line(node: Any) -> Line:
    item, price = one(node, "Item"), one(node, "Price")
    quantity = one(node, "InvoicedQuantity")
    if quantity is None:
        quantity = one(node, "CreditedQuantity")
    return Line(
        number=text(node, "ID"),
        name=text(item, "Name"),
        quantity=decimal(quantity) or Decimal(0),
        unit=attribute(quantity, "unitCode"),
        unit_price=decimal(price, "PriceAmount") or Decimal(0),
        net_cents=cents(node, "LineExtensionAmount") or 0,
        tax=_tax(one(item, "ClassifiedTaxCategory")),
        description=text(item, "Description"),
        note="\n".join(filter(None, (text(note) for note in many(node, "Note")))),
        price_base=decimal(price, "BaseQuantity") or Decimal(1),
        gross_price=decimal(price, "AllowanceCharge/BaseAmount"),
        adjustments=_adjustments(many(node, "AllowanceCharge")),
        period=_period(node),
        seller_item=text(item, "SellersItemIdentification/ID"),
        buyer_item=text(item, "BuyersItemIdentification/ID"),
        standard_item=identifier(item, "StandardItemIdentification/ID"),
        order_line=text(node, "OrderLineReference/LineID"),
        origin=text(item, "OriginCountry/IdentificationCode"),
        attributes=tuple((text(p, "Name"), text(p, "Value")) for p in many(item, "AdditionalItemProperty")),
    )
