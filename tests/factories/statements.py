"""CAMT files as banks write them."""

from xml.sax.saxutils import escape

IBAN = "DE02120300000000202051"


def an_entry(
    amount: str,
    text: str = "",
    *,
    ref: str = "",
    on: str = "2026-11-20",
    credit: bool = True,
    name: str = "Ayşe Yılmaz",
    iban: str = "DE89370400440532013000",
    e2e: str = "NOTPROVIDED",
    returned: str = "",
    charges: str = "",
    status: str = "BOOK",
    version: str = "08",
    parts: tuple[tuple[str, str], ...] = (),
) -> str:
    """A booked entry of one transaction, or of several with ``parts`` as (amount, text)."""
    sign = "CRDT" if credit else "DBIT"
    party = "Dbtr" if credit or returned else "Cdtr"
    pty = f"<Pty><Nm>{escape(name)}</Nm></Pty>" if version == "08" else f"<Nm>{escape(name)}</Nm>"
    sts = f"<Sts><Cd>{status}</Cd></Sts>" if version == "08" else f"<Sts>{status}</Sts>"
    reason = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    fee = f'<Chrgs><Rcrd><Amt Ccy="EUR">{charges}</Amt></Rcrd></Chrgs>' if charges else ""
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>{e2e}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{part}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{fee}'
        f"<RltdPties><{party}>{pty}</{party}><{party}Acct><Id><IBAN>{iban}</IBAN></Id></{party}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{escape(told)}</Ustrd></RmtInf>{reason}</TxDtls>"
        for part, told in (parts or ((amount, text),))
    )
    reference = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{sts}'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>{reference}"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def a_statement(
    *entries: str,
    opening: str = "",
    closing: str = "",
    version: str = "08",
    kind: str = "053",
    head: str = "",
    number: str = "S-1",
) -> bytes:
    """A file with one statement; balances only where given."""
    outer, inner = ("BkToCstmrStmt", "Stmt") if kind == "053" else ("BkToCstmrAcctRpt", "Rpt")
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount.lstrip("-")}</Amt>'
        f"<CdtDbtInd>{'DBIT' if amount.startswith('-') else 'CRDT'}</CdtDbtInd></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", closing))
        if amount
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{outer}>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr><{inner}><Id>{number}</Id>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{''.join(entries)}"
        f"</{inner}></{outer}></Document>"
    ).encode()
