"""The numbers of the tax adviser and the accounts of the workshop."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.accounting.schemas import DatevTerms
from carbot_app.kit.errors import Invalid
from carbot_app.state.accounting import AccountingState
from carbot_app.state.accounting_rows import AccountField, describe_account
from carbot_app.state.feedback import toast
from carbot_app.state.steps import staff_step

_PREFIX = "account:"


class MappingState(rx.State):
    """The pane over the month."""

    open: bool = False
    consultant: str = ""
    client: str = ""
    chart: str = "03"
    length: str = "4"
    year_begins: str = "1"
    accounts: list[AccountField] = []
    problem: str = ""
    busy: bool = False

    @rx.event
    async def ask(self):
        """Open the pane."""
        async with staff_step(self) as step:
            actor = await step.actor()
            found = await step.call(get_services().accounting.get_mapping, actor)
            terms = found.terms
            self.consultant = str(terms.consultant or "")
            self.client = str(terms.client or "")
            self.chart, self.length = terms.chart, str(terms.account_length)
            self.year_begins = str(terms.year_begins)
            fields = [describe_account(line, actor.language) for line in found.lines]
            self.accounts = [field for field in fields if field is not None]
            self.problem, self.open = "", True
        return step.outcome

    @rx.event
    async def close(self):
        """Leave everything as it is."""
        self.open, self.problem, self.busy = False, "", False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep what was filled in, and look at the month again."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().accounting.save_mapping, actor, _terms(form))
            self.open = False
            step.outcome = [toast("ok", step.text("accounting.mapping.saved")), AccountingState.refresh]
        self.busy = False
        if step.error and step.error.field:
            self.problem = step.text(step.error.message_key, **step.error.params)
            step.outcome = None
        yield step.outcome


def _terms(form: dict[str, Any]) -> DatevTerms:
    accounts = {
        name.removeprefix(_PREFIX): _number(text, "accounts")
        for name, text in form.items()
        if name.startswith(_PREFIX) and str(text).strip()
    }
    return DatevTerms(
        _number(form.get("consultant", ""), "consultant"),
        _number(form.get("client", ""), "client"),
        str(form.get("chart", "")),
        _number(form.get("length", ""), "length"),
        _number(form.get("year_begins", ""), "year_begins"),
        accounts,
    )


def _number(text: object, field: str) -> int:
    digits = str(text).strip()
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise Invalid("datev_number_invalid", field=field)
    return int(digits)
