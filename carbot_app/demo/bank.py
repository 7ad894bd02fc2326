"""A month of the demo workshop's bank account: payments of its invoices, and what else an account does."""

from datetime import timedelta
from xml.sax.saxutils import escape

from carbot_app.bootstrap import Services
from carbot_app.kit.actor import Actor

_ACCOUNT = "DE02120300000000202051"
_EVERY = 3
"""Of so many open invoices one is paid, one with a difference, one not yet."""
_OTHERS = (
    ("Stadtwerke Dortmund", "Abschlag Strom 4711", -38_400),
    ("Vermietung Rheinische Straße", "Miete Halle", -240_000),
    ("Teile Nord GmbH", "Rechnung 88213", -61_235),
    ("Piotr Nowak", "Vielen Dank", 4_500),
)


def load_bank(services: Services, owner: Actor) -> int:
    """Read a statement in which some of the open invoices are paid; returns the new transactions.

    Without invoices there is nothing to pay, and the account stays empty.
    """
    waiting = services.bank.list_open_invoices(owner)
    if not waiting:
        return 0
    today = services.clock().date()
    entries = []
    for at, invoice in enumerate(waiting):
        if at % _EVERY == _EVERY - 1:
            continue
        cents = invoice.open_cents if at % _EVERY == 0 else invoice.open_cents - invoice.open_cents // 50
        entries.append((invoice.buyer_name, f"Rechnung {invoice.number}", cents))
    entries += _OTHERS
    lines = [
        _entry(name, text, cents, (today - timedelta(days=at % 28)).isoformat(), f"DEMO{at}")
        for at, (name, text, cents) in enumerate(entries)
    ]
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>'
        f"<Acct><Id><IBAN>{_ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(lines)}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    return services.bank.import_file(owner, "auszug.xml", content.encode()).new


def _entry(name: str, text: str, cents: int, day: str, reference: str) -> str:
    sign, party = ("CRDT", "Dbtr") if cents > 0 else ("DBIT", "Cdtr")
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02}"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><{party}><Pty><Nm>{escape(name)}</Nm></Pty></{party}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
