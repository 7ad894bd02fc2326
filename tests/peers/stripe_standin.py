"""A stand-in for Stripe, built from its published API reference (version 2026-10-28).

It has what the servers others wrote lack: Connect accounts, destination charges with application fees,
intents of the Payment Element, refunds of transfers, disputes, payouts, idempotency keys, and webhooks a test
may repeat, hold back or put in another order. What those servers do have is held to the same contract
(test_stripe.py).
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.peers.http_server import HttpServer

KEY, SECRET, PUBLISHABLE = "sk_test_standin", "whsec_standin", "pk_test_standin"
DECLINED = "pm_card_chargeDeclined"
_DETAILS: dict[str, dict[str, Any]] = {
    "card": {"type": "card", "card": {"brand": "visa", "wallet": None}},
    "apple_pay": {"type": "card", "card": {"brand": "visa", "wallet": {"type": "apple_pay"}}},
    "sepa_debit": {"type": "sepa_debit", "sepa_debit": {"last4": "3000"}},
    "paypal": {"type": "paypal", "paypal": {}},
}


_STRIPE_JS = """
window.Stripe = (key) => ({
  elements: ({ clientSecret, locale }) => ({
    clientSecret,
    create: (kind) => {
      const heard = {};
      const box = document.createElement("div");
      const number = document.createElement("input");
      number.setAttribute("aria-label", locale === "de" ? "Kartennummer" : "Card number");
      const way = document.createElement("select");
      way.setAttribute("aria-label", "Way");
      for (const name of ["card", "sepa_debit", "paypal"]) way.append(new Option(name, name));
      box.append(number, way);
      return {
        on: (name, act) => (heard[name] = act),
        focus: () => number.focus(),
        mount: (place) => {
          document.querySelector(place).append(box);
          window.standin = { number, way };
          heard[clientSecret ? "ready" : "loaderror"]?.();
        },
      };
    },
  }),
  confirmPayment: async ({ elements, confirmParams }) => {
    const { number, way } = window.standin;
    const body = { client_secret: elements.clientSecret, key, number: number.value, way: way.value };
    const answer = await fetch("ORIGIN/confirm", { method: "POST", body: JSON.stringify(body) });
    const { error } = await answer.json();
    if (error) return { error };
    location.assign(confirmParams.return_url + "&redirect_status=succeeded");
    return new Promise(() => {});
  },
});
"""


class StripeStandin:
    """One platform account; ``events`` is every event it would send, the oldest first."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        """Path, parameters and idempotency key of every POST."""
        self.down = False
        self.scripts = 0
        """How often a browser has fetched Stripe.js."""
        self._kept: dict[str, Any] = {}
        self._count = 0
        self._second = 0
        self.server = HttpServer(self._app())

    @property
    def origin(self) -> str:
        """Where it listens."""
        return self.server.origin

    def start(self) -> None:
        """Begin to listen."""
        self.server.start()

    def stop(self) -> None:
        """Listen no more."""
        self.server.stop()

    # What people and banks do

    def pay(self, checkout_id: str, method: str = "card") -> dict[str, Any]:
        """A customer pays on the page of a session; the intent it made."""
        session = self.things[checkout_id]
        data = session["_intent_data"]
        intent = self._intent(session["amount_total"], session["currency"], data)
        session.update(status="complete", payment_intent=intent["id"])
        session["payment_status"] = "unpaid" if method == "sepa_debit" else "paid"
        self._event("checkout.session.completed", session)
        self.confirm(intent["id"], method)
        return intent

    def confirm(self, intent_id: str, method: str = "card") -> None:
        """A payment is made; direct debits wait for ``clear``."""
        intent = self.things[intent_id]
        if method == DECLINED:
            intent["last_payment_error"] = {"code": "card_declined", "message": "Your card was declined."}
            intent["status"] = "requires_payment_method"
            self._event("payment_intent.payment_failed", intent)
            return
        charge = self._new("charge", "ch", amount=intent["amount"], currency=intent["currency"])
        charge |= {"payment_intent": intent_id, "payment_method_details": _DETAILS[method]}
        charge["billing_details"] = {"name": "Ayşe Yılmaz", "email": "ayse@example.org"}
        self.things[charge["id"]] = charge
        intent.update(status="processing", latest_charge=charge["id"], last_payment_error=None)
        if method == "sepa_debit":
            self._event("payment_intent.processing", intent)
        else:
            self.clear(intent_id)

    def clear(self, intent_id: str) -> None:
        """The money has arrived."""
        intent = self.things[intent_id]
        intent.update(status="succeeded", amount_received=intent["amount"])
        for session in self._all("checkout.session"):
            if session.get("payment_intent") == intent_id and session["payment_status"] == "unpaid":
                session["payment_status"] = "paid"
                self._event("checkout.session.async_payment_succeeded", session)
        self._event("payment_intent.succeeded", intent)

    def bounce(self, intent_id: str) -> None:
        """The bank sends a direct debit back before it arrived."""
        intent = self.things[intent_id]
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = {"code": "insufficient_funds", "message": "Insufficient funds."}
        self._event("payment_intent.payment_failed", intent)

    def dispute(self, intent_id: str, status: str = "needs_response") -> dict[str, Any]:
        """The payer's bank asks a payment back, or decides about it."""
        known = [row for row in self._all("dispute") if row["payment_intent"] == intent_id]
        intent = self.things[intent_id]
        row = known[0] if known else self._new("dispute", "du", amount=intent["amount"])
        row |= {"payment_intent": intent_id, "charge": intent["latest_charge"], "reason": "fraudulent"}
        row |= {"currency": intent["currency"], "status": status}
        row["evidence_details"] = {"due_by": self._now() + 7 * 86_400}
        self.things[row["id"]] = row
        closed = status in {"won", "lost", "warning_closed"}
        self._event("charge.dispute.closed" if closed else "charge.dispute.created", row)
        return row

    def pay_out(
        self, account_id: str, amount: int, status: str = "paid", intents: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Stripe sends money to the bank of an account (empty: the platform's), earned by these payments."""
        row = self._new("payout", "po", amount=amount, currency="eur", status=status)
        row |= {"_intents": intents, "_account": account_id}
        row["arrival_date"] = self._now() + 2 * 86_400
        self._event(f"payout.{status}", row, account_id)
        return row

    def onboard(self, account_id: str) -> None:
        """The workshop has told who it is."""
        account = self.things[account_id]
        account |= {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
        account["requirements"] = {"currently_due": [], "past_due": []}
        self._event("account.updated", account, account_id)

    def signed(self, event: dict[str, Any], secret: str = SECRET) -> tuple[dict[str, str], bytes]:
        """Headers and body of the webhook call of an event."""
        body = json.dumps(event).encode()
        at = int(time.time())
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"stripe-signature": f"t={at},v1={digest}"}, body

    # The API

    def _app(self) -> Starlette:
        post = {
            "/v1/checkout/sessions": self._make_session,
            "/v1/checkout/sessions/{id}/expire": self._expire_session,
            "/v1/payment_intents": self._make_intent,
            "/v1/refunds": self._make_refund,
            "/v1/accounts": self._make_account,
            "/v1/account_links": self._make_link,
        }
        get = {
            "/v1/checkout/sessions/{id}": "checkout.session",
            "/v1/payment_intents/{id}": "payment_intent",
            "/v1/accounts/{id}": "account",
        }
        lists = {"/v1/payment_intents": "payment_intent", "/v1/refunds": "refund"}
        return Starlette(
            routes=[
                *(Route(path, self._posting(make), methods=["POST"]) for path, make in post.items()),
                *(Route(path, self._getting(kind)) for path, kind in get.items()),
                *(Route(path, self._listing(kind)) for path, kind in lists.items()),
                Route("/v1/balance_transactions", self._movements),
                Route("/pay/{id}", self._page, methods=["GET", "POST"]),
                Route("/setup/{id}", self._setup, methods=["GET", "POST"]),
                Route("/stripe.js", self._script),
                Route("/confirm", self._confirmed, methods=["POST"]),
            ]
        )

    def _posting(self, make: Any) -> Any:
        async def answer(request: Request) -> Response:
            if refusal := self._refusal(request):
                return refusal
            form = _nested({name: str(value) for name, value in (await request.form()).items()})
            key = request.headers.get("idempotency-key", "")
            self.asked.append((request.url.path, form, key))
            if key and key in self._kept:
                before, made = self._kept[key]
                if before != form:
                    return _error(400, "idempotency_error", "Keys can only be used with the same parameters")
                return JSONResponse(_shown(made))
            made = make(form, request.path_params.get("id", ""))
            if isinstance(made, Response):
                return made
            if key:
                self._kept[key] = (form, made)
            return JSONResponse(_shown(made))

        return answer

    def _getting(self, kind: str) -> Any:
        async def answer(request: Request) -> Response:
            if refusal := self._refusal(request):
                return refusal
            found = self.things.get(request.path_params["id"])
            if found is None or found["object"] != kind:
                return _error(404, "resource_missing", f"No such {kind}")
            wanted = [
                value for name, value in request.query_params.multi_items() if name.startswith("expand")
            ]
            return JSONResponse(_shown(self._expanded(found, wanted)))

        return answer

    def _listing(self, kind: str) -> Any:
        async def answer(request: Request) -> Response:
            if refusal := self._refusal(request):
                return refusal
            since = int(request.query_params.get("created[gte]", 0))
            rows = sorted(self._all(kind), key=lambda row: -row["_nr"])
            rows = [row for row in rows if row["created"] >= since]
            after = request.query_params.get("starting_after")
            if after:
                rows = rows[[row["id"] for row in rows].index(after) + 1 :]
            size = min(int(request.query_params.get("limit", 10)), 2)  # small pages: paging is used
            shown = [_shown(self._expanded(row, ["latest_charge"])) for row in rows[:size]]
            url = request.url.path
            return JSONResponse({"object": "list", "url": url, "has_more": len(rows) > size, "data": shown})

        return answer

    def _make_session(self, form: dict[str, Any], _: str) -> Any:
        line = form["line_items"]["0"]
        price = line["price_data"]
        row = self._new("checkout.session", "cs_test", currency=price["currency"])
        row |= {
            "amount_total": int(price["unit_amount"]) * int(line["quantity"]),
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "metadata": form.get("metadata", {}),
            "url": f"{self.origin}/pay/{row['id']}",
            "expires_at": int(form.get("expires_at", self._now() + 86_400)),
            "customer_email": form.get("customer_email"),
            "_intent_data": form.get("payment_intent_data", {}),
        }
        if bad := self._unknown_account(row["_intent_data"]):
            return bad
        return row

    def _expire_session(self, _: dict[str, Any], name: str) -> Any:
        row = self.things[name]
        if row["status"] != "open":
            return _error(400, "", "Only Checkout Sessions with a status in [open] can be expired.")
        row["status"] = "expired"
        self._event("checkout.session.expired", row)
        return row

    def _make_intent(self, form: dict[str, Any], _: str) -> Any:
        if bad := self._unknown_account(form):
            return bad
        if int(form["amount"]) < 50:
            return _error(400, "amount_too_small", "Amount must convert to at least 50 cents.")
        return self._intent(int(form["amount"]), form["currency"], form)

    def _make_refund(self, form: dict[str, Any], _: str) -> Any:
        intent = self.things[form["payment_intent"]]
        if intent["status"] != "succeeded":
            return _error(400, "charge_not_refundable", "This payment has no successful charge to refund.")
        gone = sum(row["amount"] for row in self._all("refund") if row["payment_intent"] == intent["id"])
        amount = int(form.get("amount", intent["amount"] - gone))
        if gone + amount > intent["amount"]:
            return _error(400, "charge_already_refunded", "Refund amount is greater than unrefunded amount.")
        if form.get("refund_application_fee") and not intent.get("application_fee_amount"):
            return _error(400, "", "This charge has no application fee.")
        row = self._new("refund", "re", amount=amount, currency=intent["currency"], status="succeeded")
        row |= {"payment_intent": intent["id"], "charge": intent["latest_charge"]}
        self._event("refund.created", row)
        return row

    def _make_account(self, form: dict[str, Any], _: str) -> Any:
        row = self._new("account", "acct", type=form["type"], country=form["country"])
        wanted = ["business_type", "external_account", "tos_acceptance.date", "individual.dob.day"]
        row["requirements"] = {"currently_due": wanted, "past_due": []}
        row |= {"charges_enabled": False, "payouts_enabled": False, "details_submitted": False}
        return row

    async def _setup(self, request: Request) -> Response:
        account = self.things[request.path_params["id"]]
        if request.method == "POST":
            self.onboard(account["id"])
            return RedirectResponse(account["_return_url"], 303)
        return HTMLResponse('<h1>Who are you?</h1><form method="post"><button>Done</button></form>')

    async def _script(self, _: Request) -> Response:
        """Stripe.js as far as pay_form.js asks it: an element that takes a card number, and its payment."""
        self.scripts += 1
        return Response(_STRIPE_JS.replace("ORIGIN", self.origin), media_type="text/javascript")

    async def _confirmed(self, request: Request) -> Response:
        told = await request.json()
        headers = {"access-control-allow-origin": "*"}
        intent_id = told["client_secret"].partition("_secret_")[0]
        if told["client_secret"] != self.things[intent_id]["client_secret"] or told["key"] != PUBLISHABLE:
            return _error(401, "", "Invalid API Key provided")
        self.confirm(intent_id, DECLINED if told["number"].endswith("0002") else told["way"])
        error = self.things[intent_id]["last_payment_error"]
        return JSONResponse({"error": error}, headers=headers)

    def _make_link(self, form: dict[str, Any], _: str) -> Any:
        self.things[form["account"]]["_return_url"] = form["return_url"]
        return {"object": "account_link", "url": f"{self.origin}/setup/{form['account']}"}

    async def _movements(self, request: Request) -> Response:
        """What a payout is made of, as its own account sees it: payments, a fee, and the payout itself."""
        if refusal := self._refusal(request):
            return refusal
        payout = self.things.get(request.query_params.get("payout", ""))
        if payout is None or payout["_account"] != request.headers.get("stripe-account", ""):
            return _error(404, "resource_missing", "No such payout")
        rows = [self._movement(self.things[name], payout["_account"]) for name in payout["_intents"]]
        rows.append({"type": "stripe_fee", "amount": -35, "fee": 0, "source": None})
        rows.append({"type": "payout", "amount": -payout["amount"], "fee": 0, "source": {"object": "payout"}})
        rows = [
            {"id": f"txn_{at}", "object": "balance_transaction", "currency": "eur", **row}
            for at, row in enumerate(rows)
        ]
        url = request.url.path
        return JSONResponse({"object": "list", "url": url, "has_more": False, "data": rows})

    def _movement(self, intent: dict[str, Any], account_id: str) -> dict[str, Any]:
        charge = intent["latest_charge"]
        if not account_id:
            source = {"id": charge, "object": "charge"}
            return {"type": "charge", "amount": intent["amount"], "fee": 25, "source": source}
        transfer = {"id": f"tr_{charge}", "object": "transfer", "source_transaction": charge}
        source = {"id": f"py_{charge}", "object": "charge", "source_transfer": transfer}
        return {"type": "payment", "amount": intent["amount"], "fee": 0, "source": source}

    async def _page(self, request: Request) -> Response:
        row = self.things[request.path_params["id"]]
        if request.method == "POST":
            self.pay(row["id"])
            return RedirectResponse(row["success_url"], 303)
        amount = row["amount_total"] / 100
        return HTMLResponse(f'<h1>{amount:.2f}</h1><form method="post"><button>Pay</button></form>')

    def _intent(self, amount: int, currency: str, data: dict[str, Any]) -> dict[str, Any]:
        row = self._new("payment_intent", "pi", amount=amount, currency=currency)
        row |= {
            "status": "requires_payment_method",
            "amount_received": 0,
            "metadata": data.get("metadata", {}),
            "latest_charge": None,
            "last_payment_error": None,
            "client_secret": f"{row['id']}_secret_x",
            "application_fee_amount": int(data["application_fee_amount"])
            if data.get("application_fee_amount")
            else None,
            "on_behalf_of": data.get("on_behalf_of"),
            "transfer_data": data.get("transfer_data"),
        }
        self.things[row["id"]] = row
        return row

    def _unknown_account(self, data: dict[str, Any]) -> Response | None:
        to = (data.get("transfer_data") or {}).get("destination")
        if to and not self.things.get(to, {}).get("charges_enabled"):
            return _error(400, "", f"No such destination: '{to}'")
        return None

    def _expanded(self, row: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
        shown = dict(row)
        for path in wanted:
            first, _, rest = path.partition(".")
            found = self.things.get(shown.get(first) or "")
            if found:
                shown[first] = self._expanded(found, [rest] if rest else [])
        return shown

    def _all(self, kind: str) -> Iterator[dict[str, Any]]:
        return (row for row in list(self.things.values()) if row["object"] == kind)

    def _new(self, kind: str, prefix: str, **columns: Any) -> dict[str, Any]:
        self._count += 1
        row = {"id": f"{prefix}_{self._count:08d}", "object": kind, "created": self._now(), **columns}
        row["_nr"] = self._count
        self.things[row["id"]] = row
        return row

    def _event(self, kind: str, thing: dict[str, Any], account: str = "") -> None:
        self._count += 1
        event = {
            "id": f"evt_{self._count:08d}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": self._now(),
            "type": kind,
            "data": {"object": json.loads(json.dumps(_shown(thing)))},
        }
        self.events.append(event | ({"account": account} if account else {}))

    def _now(self) -> int:
        """Seconds that never stand still, so that what happens later is later."""
        self._second = max(self._second + 1, int(time.time()))
        return self._second

    def _refusal(self, request: Request) -> Response | None:
        if self.down:
            return _error(503, "", "down")
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "", "Invalid API Key provided")
        return None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _shown(value) if isinstance(value, dict) else value
        for name, value in row.items()
        if not name.startswith("_")
    }


def _nested(flat: dict[str, str]) -> dict[str, Any]:
    """``a[b][0]=x`` as nested dictionaries; an index is a key."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *parents, last = re.findall(r"[^\[\]]+", name)
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return tree


def _error(status: int, code: str, message: str) -> JSONResponse:
    kind = "invalid_request_error" if status < 500 else "api_error"
    return JSONResponse({"error": {"type": kind, "code": code or None, "message": message}}, status)
