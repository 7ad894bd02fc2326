"""Direct debits as pain.008.001.08, written and checked against its schema by sepaxml."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sepaxml import SepaDD
from sepaxml.validation import ValidationError

from carbot_app.domains.banking.ports import Creditor, Debit
from carbot_app.kit.errors import Invalid

SCHEMA = "pain.008.001.08"
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
"""As banks write them; everything else loses its marks."""


class PainWriter:
    """A DebitWriter."""

    def write(
        self, file_id: str, creditor: Creditor, debits: Sequence[Debit], *, scheme: str, at: datetime
    ) -> bytes:
        """See DebitWriter. Raises Invalid ``bank_debit_refused`` for what no bank would take."""
        config = {
            "name": creditor.name.translate(_GERMAN)[:70],
            "IBAN": creditor.iban,
            "batch": True,
            "creditor_id": creditor.creditor_id,
            "currency": "EUR",
            "instrument": scheme,
            **({"BIC": creditor.bic} if creditor.bic else {}),
        }
        file = SepaDD(config, schema=SCHEMA, clean=True)
        # The library names files by chance and by the clock of the machine.
        root: Any = file._xml
        head = root.find("CstmrDrctDbtInitn/GrpHdr")
        head.find("MsgId").text = file_id
        head.find("CreDtTm").text = f"{at:%Y-%m-%dT%H:%M:%S}"
        for debit in debits:
            file.add_payment(
                {
                    "name": debit.holder.translate(_GERMAN),
                    "IBAN": debit.iban,
                    **({"BIC": debit.bic} if debit.bic else {}),
                    "amount": debit.cents,
                    "type": debit.sequence,
                    "collection_date": debit.collect_on,
                    "mandate_id": debit.mandate,
                    "mandate_date": debit.signed_on,
                    "description": debit.text.translate(_GERMAN),
                    "endtoend_id": debit.end_to_end_id,
                }
            )
        try:
            return file.export(validate=True)
        except ValidationError as error:
            raise Invalid("bank_debit_refused") from error
