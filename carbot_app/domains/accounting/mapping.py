"""The workshop's numbers and accounts for DATEV, as they are kept in its billing terms (pure)."""

from collections.abc import Mapping
from typing import Any

from carbot_app.domains.accounting.schemas import AccountLine, DatevMapping, DatevTerms
from carbot_app.domains.billing.accounts import SKR03, SKR04, Accounts, chart_keys
from carbot_app.kit.errors import Invalid

CHARTS = (SKR03, SKR04, "51")
GROUPS = ("labour", "parts", "tyres", "paint")
_KEY_LIMIT = 40
_MOST_ACCOUNTS = 200


def terms_of(kept: Mapping[str, Any]) -> DatevTerms:
    """From BillingTerms.datev; what is missing is the default."""
    return DatevTerms(
        int(kept.get("consultant") or 0),
        int(kept.get("client") or 0),
        str(kept.get("chart") or SKR03),
        int(kept.get("account_length") or 4),
        int(kept.get("year_begins") or 1),
        {str(key): int(number) for key, number in (kept.get("accounts") or {}).items()},
    )


def kept_of(terms: DatevTerms) -> dict[str, Any]:
    """For BillingTerms.datev.

    Raises:
        Invalid: ``datev_client_invalid``, ``datev_chart_invalid``, ``datev_account_invalid``.

    """
    numbers_known = terms.consultant or terms.client
    if numbers_known and not (1001 <= terms.consultant <= 9_999_999 and 1 <= terms.client <= 99_999):
        raise Invalid("datev_client_invalid", field="client")
    if terms.chart not in CHARTS or not 4 <= terms.account_length <= 8 or not 1 <= terms.year_begins <= 12:
        raise Invalid("datev_chart_invalid", field="chart")
    known = {key for key in chart_keys() if "." not in key}
    for key, number in terms.accounts.items():
        base = key.partition(".")[0]
        is_known = base in known or base.startswith(("revenue_", "cash_discount_", "old_part_vat_"))
        is_right = is_known and len(key) <= _KEY_LIMIT and 0 < number < 10**terms.account_length
        if not is_right or len(terms.accounts) > _MOST_ACCOUNTS:
            raise Invalid("datev_account_invalid", field="accounts", account=key[:_KEY_LIMIT])
    return {
        "consultant": terms.consultant,
        "client": terms.client,
        "chart": terms.chart,
        "account_length": terms.account_length,
        "year_begins": terms.year_begins,
        "accounts": dict(terms.accounts),
    }


def accounts_of(terms: DatevTerms) -> Accounts:
    """The accounts to book on."""
    return Accounts(terms.chart, terms.accounts, terms.account_length)


def mapping_of(terms: DatevTerms) -> DatevMapping:
    """Every account with where it leads; the groups of revenue only have accounts the workshop told."""
    accounts, lines = accounts_of(terms), []
    keys = [*chart_keys(), *(f"revenue_1900.{group}" for group in GROUPS), *terms.accounts]
    for key in dict.fromkeys(keys):
        is_own = key in terms.accounts
        lines.append(AccountLine(key, _number(accounts, key, is_own=is_own), is_own))
    return DatevMapping(terms, tuple(lines))


def _number(accounts: Accounts, key: str, *, is_own: bool) -> int:
    if "." in key and not is_own:
        return 0
    try:
        return accounts.number(key)
    except Invalid:
        return 0
