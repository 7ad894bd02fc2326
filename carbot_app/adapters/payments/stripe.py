"""Stripe: destination charges of Connect, Checkout, the Payment Element, signed webhooks.

https://docs.stripe.com/connect/destination-charges, https://docs.stripe.com/webhooks. The charge is made on
the platform's account in the name of the workshop's (``on_behalf_of``), which gets the money and is the
merchant the customer sees; the platform keeps the application fee.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import stripe

from carbot_app.adapters.payments.stripe_reading import (
    event_of,
    payout_part,
    seen_account,
    seen_in,
    seen_payment,
    seen_refund,
)
from carbot_app.domains.payments.ports import (
    Checkout,
    Intent,
    PaymentOrder,
    PayoutPart,
    ProviderError,
    Seen,
    SeenAccount,
    SeenPayment,
    SeenRefund,
    SignedEvent,
    UntrustedEvent,
)

_RETRIES = 2
_SECONDS = 20
_PAGE = 100
_TOLERANCE = 300
"""Seconds a signature is good for."""
_SCRIPT = "https://js.stripe.com/endive/stripe.js"
"""Stripe.js in the release of the API version this was written against; it may only come from there."""
_LANGUAGES = ("de", "en", "tr", "pl")
_CHARGE = "latest_charge"


class StripePayments:
    """See PaymentProvider.

    ``webhook_secret``: of each endpoint, separated by commas; that for connected accounts has one of its own.
    ``connects``: workshops have accounts of their own; else everything goes to the account of the key.
    """

    name = "stripe"

    def __init__(
        self,
        *,
        secret_key: str,
        webhook_secret: str,
        publishable_key: str = "",
        api_base: str = "",
        connects: bool = True,
    ) -> None:
        self.connects = connects
        self.live = secret_key.startswith(("sk_live_", "rk_live_"))
        self.publishable_key = publishable_key
        self.script_url = f"{api_base.rstrip('/')}/stripe.js" if api_base else _SCRIPT
        self._webhook_secrets = [secret.strip() for secret in webhook_secret.split(",") if secret.strip()]
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base.rstrip("/")} if api_base else None,
            max_network_retries=_RETRIES,
            http_client=stripe.HTTPXClient(timeout=_SECONDS, allow_sync_methods=True),
        )

    def create_checkout(self, order: PaymentOrder) -> Checkout:
        """See PaymentProvider; which ways to pay are shown is decided by the account's settings."""
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": order.currency.lower(),
                        "unit_amount": order.amount_cents,
                        "product_data": {"name": order.text or "CarBot"},
                    },
                }
            ],
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
            "locale": order.language if order.language in _LANGUAGES else "auto",
            "client_reference_id": str(order.request_id),
            "metadata": _ours(order),
            "payment_intent_data": {"metadata": _ours(order), "description": order.text, **_connect(order)},
        }
        if order.email:
            params["customer_email"] = order.email
        if order.expires_at:
            params["expires_at"] = int(order.expires_at.timestamp())
        with _problems():
            made = self._client.v1.checkout.sessions.create(
                params,  # pyright: ignore[reportArgumentType]
                {"idempotency_key": f"checkout:{order.key}"},
            ).to_dict()
        until = made.get("expires_at")
        return Checkout(
            checkout_id=made["id"],
            url=made["url"],
            expires_at=datetime.fromtimestamp(until, tz=UTC) if until else order.expires_at,
            intent_id=made.get("payment_intent") or "",
        )

    def create_payment_intent(self, order: PaymentOrder) -> Intent:
        """See PaymentProvider."""
        params: dict[str, Any] = {
            "amount": order.amount_cents,
            "currency": order.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "description": order.text,
            "metadata": _ours(order),
            **_connect(order),
        }
        if order.email:
            params["receipt_email"] = order.email
        with _problems():
            made = self._client.v1.payment_intents.create(
                params,  # pyright: ignore[reportArgumentType]
                {"idempotency_key": f"intent:{order.key}"},
            ).to_dict()
        return Intent(made["id"], made["client_secret"])

    def expire_checkout(self, checkout_id: str) -> None:
        """See PaymentProvider."""
        try:
            with _problems():
                self._client.v1.checkout.sessions.expire(checkout_id)
        except ProviderError as error:
            if not error.permanent:
                raise

    def retrieve(self, *, intent_id: str = "", checkout_id: str = "") -> SeenPayment:
        """See PaymentProvider."""
        with _problems():
            if checkout_id and not intent_id:
                session = self._client.v1.checkout.sessions.retrieve(
                    checkout_id, {"expand": ["payment_intent.latest_charge"]}
                ).to_dict()
                return seen_payment(session)
            found = self._client.v1.payment_intents.retrieve(intent_id, {"expand": [_CHARGE]})
        return seen_payment(found.to_dict())

    def refund(
        self, intent_id: str, amount_cents: int, *, key: str, connected: bool, fee: bool
    ) -> SeenRefund:
        """See PaymentProvider."""
        params: dict[str, Any] = {"payment_intent": intent_id, "amount": amount_cents}
        if connected:
            params["reverse_transfer"] = True
        if fee:
            params["refund_application_fee"] = True
        with _problems():
            made = self._client.v1.refunds.create(
                params,  # pyright: ignore[reportArgumentType]
                {"idempotency_key": key},
            )
        return seen_refund(made.to_dict())

    def list_since(self, since: datetime) -> Sequence[SeenPayment | SeenRefund]:
        """See PaymentProvider."""
        created: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        expanded = {**created, "expand": [f"data.{_CHARGE}"]}
        with _problems():
            payments = [
                seen_payment(row.to_dict())
                for row in self._client.v1.payment_intents.list(expanded).auto_paging_iter()  # pyright: ignore[reportArgumentType]
            ]
            refunds = [
                seen_refund(row.to_dict())
                for row in self._client.v1.refunds.list(created).auto_paging_iter()  # pyright: ignore[reportArgumentType]
            ]
        return [*sorted(payments, key=lambda seen: seen.at), *sorted(refunds, key=lambda seen: seen.at)]

    def list_payout_parts(self, payout_id: str, account_id: str) -> Sequence[PayoutPart]:
        """See PaymentProvider (https://docs.stripe.com/expand/use-cases, "charges included in a payout")."""
        asked: dict[str, Any] = {
            "payout": payout_id,
            "limit": _PAGE,
            # With destination charges a payment of the account comes from a transfer of ours
            "expand": ["data.source.source_transfer"] if account_id else ["data.source"],
        }
        options: Any = {"stripe_account": account_id} if account_id else {}
        with _problems():
            found = self._client.v1.balance_transactions.list(asked, options)  # pyright: ignore[reportArgumentType]
            return [payout_part(row.to_dict()) for row in found.auto_paging_iter() if row["type"] != "payout"]

    def create_account(self, *, country: str, email: str, name: str, key: str) -> SeenAccount:
        """An Express account: Stripe asks the workshop who it is and pays it out."""
        params: dict[str, Any] = {
            "type": "express",
            "country": country,
            "business_profile": {"name": name, "mcc": "7538"},
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        }
        if email:
            params["email"] = email
        with _problems():
            made = self._client.v1.accounts.create(
                params,  # pyright: ignore[reportArgumentType]
                {"idempotency_key": key},
            )
        return seen_account(made.to_dict())

    def onboarding_url(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """See PaymentProvider; the link works once."""
        with _problems():
            return self._client.v1.account_links.create(
                {
                    "account": account_id,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                }
            ).url

    def get_account(self, account_id: str) -> SeenAccount:
        """See PaymentProvider."""
        with _problems():
            return seen_account(self._client.v1.accounts.retrieve(account_id).to_dict())

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> SignedEvent:
        """See PaymentProvider; a signature is good for five minutes."""
        signature = headers.get("stripe-signature", "")
        if not any(_is_signed(body, signature, secret) for secret in self._webhook_secrets):
            raise UntrustedEvent
        return event_of(body, signature)

    def understand(self, payload: Mapping[str, Any]) -> Seen | None:
        """See PaymentProvider."""
        return seen_in(payload)

    def page_of(self, intent_id: str) -> str:
        """See PaymentProvider; workshops with an account of their own have Stripe's Express pages."""
        if self.connects:
            return "https://connect.stripe.com/express_login"
        return f"https://dashboard.stripe.com/{'' if self.live else 'test/'}payments/{intent_id}"


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body.decode(), signature, secret, _TOLERANCE))
    except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
        return False


def _ours(order: PaymentOrder) -> dict[str, str]:
    return {"request_id": str(order.request_id)}


def _connect(order: PaymentOrder) -> dict[str, Any]:
    if not order.account_id:
        return {}
    return {
        "on_behalf_of": order.account_id,
        "transfer_data": {"destination": order.account_id},
        **({"application_fee_amount": order.fee_cents} if order.fee_cents else {}),
    }


@contextmanager
def _problems() -> Iterator[None]:
    """Stripe's errors in the words of the port: what is wrong with a request stays wrong."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderError(type(error).__name__, permanent=False) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        permanent = 400 <= status < 500 and status not in (401, 403, 409, 429)
        raise ProviderError(error.code or type(error).__name__, permanent=permanent) from error
