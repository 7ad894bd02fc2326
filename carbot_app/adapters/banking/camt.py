"""CAMT.053 and CAMT.052 in the versions banks send: .02 and .08, and what lies between."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from carbot_app.adapters import strange_xml
from carbot_app.domains.banking.ports import MAX_BYTES, Statement, StatementLine
from carbot_app.kit.errors import Invalid, TooLarge

MOST_LINES = 50_000
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.05([23])\.001\.(\d\d)\}Document")
_VERSIONS = frozenset({"02", "03", "04", "05", "06", "07", "08"})
_NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NONE", "0"})
_BOOKED = "BOOK"
_CENTS = Decimal("0.01")
_MOST = Decimal(10) ** 13


class CamtReader:
    """A StatementReader. The XML is a stranger's: no document type, no entities, nothing from elsewhere."""

    def read(self, content: bytes) -> tuple[Statement, ...]:
        """See StatementReader."""
        root = _open(content)
        version = _NAMESPACE.fullmatch(str(root.tag))
        if version is None:
            raise Invalid("bank_file_type", field="file")
        if version[2] not in _VERSIONS:
            raise Invalid("bank_file_version", field="file", version=f"camt.05{version[1]}.001.{version[2]}")
        name = "Stmt" if version[1] == "3" else "Rpt"
        found = root.findall(f"{{*}}*/{{*}}{name}")
        if not found:
            raise Invalid("bank_file_empty", field="file")
        statements = tuple(_statement(node) for node in found)
        if sum(len(statement.lines) for statement in statements) > MOST_LINES:
            raise TooLarge("bank_file_too_large", limit=MAX_BYTES // 1024 // 1024)
        return statements


def _open(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise TooLarge("bank_file_too_large", limit=MAX_BYTES // 1024 // 1024)
    try:
        return strange_xml.parse(content)
    except strange_xml.DocumentTypeRefused as error:
        raise Invalid("bank_file_type", field="file") from error
    except (strange_xml.XmlBroken, ValueError) as error:
        raise Invalid("bank_file_broken", field="file") from error


def _statement(node: Any) -> Statement:
    iban = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    if not iban:
        raise Invalid("bank_file_broken", field="file")
    lines = tuple(line for entry in node.findall("{*}Ntry") for line in _entry(entry))
    balances = {kind: _balance(node, kind) for kind in ("OPBD", "PRCD", "CLBD")}
    opening = balances["OPBD"] or balances["PRCD"]
    closing = balances["CLBD"]
    currency = _text(node, "Acct/Ccy") or (lines[0].currency if lines else "EUR")
    booked = [line.booked_on for line in lines]
    return Statement(
        iban=iban.replace(" ", "").upper()[:34],
        currency=currency[:3],
        lines=lines,
        number=(_text(node, "ElctrncSeqNb") or _text(node, "Id"))[:40],
        from_on=_day(_text(node, "FrToDt/FrDtTm")) or min(booked, default=None),
        to_on=_day(_text(node, "FrToDt/ToDtTm")) or max(booked, default=None),
        opening_cents=opening and opening[0],
        closing_cents=closing and closing[0],
    )


def _balance(node: Any, kind: str) -> tuple[int] | None:
    for balance in node.findall("{*}Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") == kind:
            return (_signed(balance, _amount(_text(balance, "Amt"))),)
    return None


def _entry(entry: Any) -> Iterator[StatementLine]:
    if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != _BOOKED:
        return  # announced only; it comes again when it is booked
    amount = entry.find("{*}Amt")
    if amount is None:
        raise Invalid("bank_file_broken", field="file")
    currency, total = amount.get("Ccy", ""), _signed(entry, _amount(amount.text))
    parts = entry.findall("{*}NtryDtls/{*}TxDtls")
    sums = [_part_cents(part, entry, currency) for part in parts]
    known = [cents for cents in sums if cents is not None]
    if len(parts) > 1 and len(known) == len(parts) and sum(known) == total:
        for position, (part, cents) in enumerate(zip(parts, known, strict=True)):
            yield _line(entry, part, cents, currency, position)
    else:
        yield _line(entry, parts[0] if len(parts) == 1 else None, total, currency, 0)


def _part_cents(part: Any, entry: Any, currency: str) -> int | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        amount = _find(part, path)
        if amount is not None and amount.get("Ccy", currency) == currency:
            sign = part if _text(part, "CdtDbtInd") else entry
            return _signed(sign, _amount(amount.text))
    return None


def _line(entry: Any, part: Any, cents: int, currency: str, position: int) -> StatementLine:
    # Without details of its own a collected entry is told as a whole: its texts together.
    of = entry.find("{*}NtryDtls") if part is None else part
    of = entry if of is None else of
    booked = _day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))
    valued = _day(_text(entry, "ValDt/Dt") or _text(entry, "ValDt/DtTm"))
    day = booked or valued
    if day is None:
        raise Invalid("bank_file_broken", field="file")
    returned = _text(of, "RtrInf/Rsn/Cd")[:4]
    party = "Dbtr" if cents > 0 or returned else "Cdtr"
    told = " ".join(_texts(of, "RmtInf/Ustrd")) or _text(entry, "AddtlNtryInf")
    reference = _text(entry, "AcctSvcrRef") or _text(of, "Refs/AcctSvcrRef")
    family = "/".join(
        filter(None, (_text(entry, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")))
    )
    return StatementLine(
        cents=cents,
        currency=currency[:3],
        booked_on=day,
        valued_on=valued,
        bank_reference="" if reference.upper() in _NO_REFERENCE else reference[:35],
        part=position,
        end_to_end_id=_text(of, "Refs/EndToEndId")[:35],
        mandate=_text(of, "Refs/MndtId")[:35],
        remittance=told[:1000],
        reference=_text(of, "RmtInf/Strd/CdtrRefInf/Ref")[:35],
        counterparty=(
            _text(of, f"RltdPties/{party}/Pty/Nm")
            or _text(of, f"RltdPties/{party}/Nm")
            or _text(of, f"RltdPties/Ultmt{party}/Nm")
        )[:140],
        counterparty_iban=_text(of, f"RltdPties/{party}Acct/Id/IBAN").replace(" ", "").upper()[:34],
        code=(family or _text(entry, "BkTxCd/Prtry/Cd"))[:40],
        return_reason=returned,
        charges_cents=_charges(of, currency),
    )


def _charges(of: Any, currency: str) -> int:
    total = 0
    for path in ("Chrgs/Rcrd/Amt", "Chrgs/Amt"):
        for amount in _all(of, path):
            if amount.get("Ccy", currency) == currency:
                total += _amount(amount.text)
    return total


def _signed(node: Any, cents: int) -> int:
    sign = _text(node, "CdtDbtInd")
    if sign not in {"CRDT", "DBIT"}:
        raise Invalid("bank_file_broken", field="file")
    return cents if sign == "CRDT" else -cents


def _amount(text: str | None) -> int:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        raise Invalid("bank_file_broken", field="file") from None
    # More than two places are no amount of a currency we book; cutting them would hide money.
    if not value.is_finite() or not 0 <= value < _MOST or value != value.quantize(_CENTS):
        raise Invalid("bank_file_broken", field="file")
    return int(value * 100)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise Invalid("bank_file_broken", field="file") from None


def _path(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def _find(node: Any, path: str) -> Any:
    return node.find(_path(path))


def _all(node: Any, path: str) -> list[Any]:
    return node.findall(_path(path))


def _text(node: Any, path: str) -> str:
    found = _find(node, path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _texts(node: Any, path: str) -> list[str]:
    # An entry without details per transaction holds its texts one level deeper.
    nodes = _all(node, path) or _all(node, f"TxDtls/{path}")
    return [" ".join((found.text or "").split()) for found in nodes]
