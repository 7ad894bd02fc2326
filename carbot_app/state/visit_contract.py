"""The contract behind a visit, in sentences for staff."""

from uuid import UUID

from carbot_app.bootstrap import get_services
from carbot_app.kit.actor import Actor
from carbot_app.state.steps import Step


async def contract_facts(step: Step, actor: Actor, appointment_id: UUID) -> tuple[str, tuple[str, ...]]:
    """When it was withdrawn from, in words, and what was agreed; both empty for a free request."""
    contract = await step.call(get_services().booking.find_contract, actor, appointment_id)
    if contract is None:
        return "", ()
    lines = [
        step.text("contracts.visit.number", number=contract.number),
        step.text("contracts.visit.agreed", when=contract.concluded, price=contract.total),
    ]
    if contract.early_start:
        lines.append(step.text("contracts.visit.early"))
    if contract.withdrawal_until:
        lines.append(step.text("contracts.visit.period", when=contract.withdrawal_until))
    withdrawn = step.text("contracts.visit.withdrawn", when=contract.withdrawn) if contract.withdrawn else ""
    return withdrawn, tuple(lines)
