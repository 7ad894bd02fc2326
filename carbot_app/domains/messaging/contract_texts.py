"""A contract on a durable medium (§ 312f BGB): what was ordered, from whom, and how to withdraw from it."""

from dataclasses import dataclass

from carbot_app.domains.booking.contract_schemas import ContractView
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate

_RIGHT = (
    *("right_title", "right", "how", "online", "in_time"),
    *("effects_title", "effects", "early", "end_title", "end"),
)
_MODEL = ("model_to", "model_declare", "model_ordered", "model_name", "model_address", "model_sign")


@dataclass(frozen=True, slots=True)
class Seller:
    """The workshop as a party to contracts."""

    legal_name: str
    address: str
    phone: str
    email: str
    withdrawal_link: str


def seller_of(workshop: Workshop, public_url: str) -> Seller:
    """Who owes the service."""
    return Seller(
        legal_name=workshop.legal_form or workshop.name,
        address=f"{workshop.street}, {workshop.postal_code} {workshop.city}",
        phone=workshop.phone,
        email=workshop.email,
        withdrawal_link=f"{public_url}/w/{workshop.slug}/widerruf/",
    )


def contract_text(contract: ContractView, seller: Seller) -> str:
    """Contract, information on withdrawal and model form, in the language of the order."""
    paragraphs = [_terms(contract, seller)]
    if contract.withdrawal_until:
        paragraphs += [_information(contract, seller), _model_form(contract, seller)]
    return "\n\n".join(paragraphs) + "\n"


def _terms(contract: ContractView, seller: Seller) -> str:
    lines = [
        _say(contract, "contract.title", number=contract.number),
        _say(contract, "contract.concluded", when=contract.concluded),
        _say(
            contract,
            "contract.seller",
            legal_name=seller.legal_name,
            address=seller.address,
            phone=seller.phone,
            email=seller.email,
        ),
        "",
    ]
    for line in contract.lines:
        lines.append(_say(contract, "contract.line", name=line.name, price=line.price))
        if line.included:
            lines.append(_say(contract, "contract.included", what=line.included))
    lines.append(_say(contract, "contract.total", price=contract.total))
    if contract.early_start:
        lines += ["", _say(contract, "contract.early")]
    return "\n".join(lines)


def _information(contract: ContractView, seller: Seller) -> str:
    said = [_say(contract, f"info.{name}", **_facts(seller)) for name in _RIGHT]
    until = _say(contract, "contract.until", when=contract.withdrawal_until)
    translated = [_say(contract, "info.authoritative")] if contract.language != "de" else []
    return "\n\n".join([_say(contract, "info.title"), until, *said, *translated])


def _model_form(contract: ContractView, seller: Seller) -> str:
    head = [_say(contract, f"info.{name}") for name in ("model_title", "model_lead")]
    rows = [_say(contract, f"info.{name}", **_facts(seller)) for name in (*_MODEL, "model_date")]
    rows[2] += f" {contract.concluded} / {contract.number}"
    return "\n\n".join([*head, "\n".join(rows), _say(contract, "info.model_note")])


def _facts(seller: Seller) -> dict[str, str]:
    return {
        "legal_name": seller.legal_name,
        "address": seller.address,
        "phone": seller.phone,
        "email": seller.email,
        "link": seller.withdrawal_link,
    }


def _say(contract: ContractView, key: str, **facts: str) -> str:
    return translate(contract.language, f"withdrawal.{key}", **facts)
