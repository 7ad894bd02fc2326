"""Where a workshop holds data of its customers: every table of the product, declared once (pure).

Disclosure, erasure and the test that finds forgotten tables read the same list. A new table goes into
``HOLDINGS`` when its rows are about a customer, else into ``WITHOUT_PERSON`` with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ADDRESS = "address"
"""Instead of a table: the column holds a number or mail address of the person and of nobody else."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row is the person's when ``column`` names a row of theirs in ``to``."""

    column: str
    to: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One table with data of customers."""

    table: str
    links: tuple[Link, ...]
    section: str = ""
    """Part of a disclosure it is told in; empty: says nothing about anybody beyond its parent."""
    kept_by: tuple[Link, ...] = ()
    """The row stays, without names, when its parent in one of these stays; none: it always goes."""
    is_shell: bool = False
    """The row always stays, emptied: without it the same thing would be taken in again."""
    words: tuple[str, ...] = ()
    """Texts and JSON of a row that stays, in which the person is made unrecognisable."""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    """Columns of a row that stays, and what they are set to."""
    rotated: tuple[str, ...] = ()
    """Secrets of a row that stays: whoever has the old link is at no door any more."""
    other_columns: tuple[str, ...] = ()
    """References that do not make a row the person's."""


_MESSAGE_KEPT = {"address": "", "references": [], "client_id": None, "provider_id": None}
_THREAD_KEPT = {
    **{"state": "done", "last_address": "", "page_url": "", "dialogue": {}, "contact_verified": False},
    **{"waiting_since": None, "snoozed_until": None},
}
_MAIL_SHELL = {
    **dict.fromkeys(("message_id", "from_address", "from_name", "subject", "original"), ""),
    **{"reference_ids": [], "state": "aside", "thread_message_id": None, "outgoing_id": None},
}

_ORDER = (Link("order_id", "work_order"),)
_JOB = (Link("job_id", "order_job"),)
_RECEIVABLE = (Link("id", "receivable.invoice_id"),)
_INVOICE = (Link("invoice_id", "invoice"),)
_MANDATE = (Link("mandate_id", "sepa_mandate"),)
_NOTICE = (Link("notice_id", "dunning_notice"),)
_REQUEST = (Link("request_id", "payment_request"),)
_SESSION = (Link("session_id", "diagnostic_session"),)
_MONEY: tuple[Holding, ...] = (
    # Orders are business letters, kept without a name; documents cannot be changed and stay whole until
    # tax law lets go of them, in nobody's reach but for an audit (Art. 17(3)(b), Art. 18 GDPR)
    Holding(
        "work_order",
        (Link("customer_id", "customer"),),
        "orders",
        words=("title", "complaint", "note", "payers"),
        emptied={"conversation_id": None},
        other_columns=("vehicle_id", "appointment_id", "conversation_id"),
    ),
    Holding("order_job", _ORDER, "order_jobs", kept_by=_ORDER, words=("title", "finding")),
    Holding("order_line", _JOB, "order_lines", kept_by=_JOB, words=("text",)),
    Holding(
        "order_approval",
        _ORDER,
        "approvals",
        kept_by=_ORDER,
        words=("asked", "signed_name"),
        # The file goes with the next sweep
        emptied={"signature_file": ""},
        rotated=("token",),
    ),
    Holding(
        "check_in",
        _ORDER,
        "check_ins",
        kept_by=_ORDER,
        words=("marks", "belongings", "remark", "signed_name", "addenda"),
        emptied={"signature_file": ""},
    ),
    Holding(
        "declined_job",
        (Link("customer_id", "customer"),),
        "declined_jobs",
        other_columns=("job_id", "vehicle_id"),
    ),
    Holding(
        "invoice_draft", (Link("customer_id", "customer"),), "invoice_drafts", other_columns=("vehicle_id",)
    ),
    Holding(
        "receivable",
        (Link("customer_id", "customer"),),
        "receivables",
        words=("buyer_name", "search"),
        emptied={"email": "", "plate": ""},
        rotated=("token",),
        other_columns=("vehicle_id", "invoice_id"),
    ),
    Holding("invoice", _RECEIVABLE, "invoices", other_columns=("original_id",)),
    Holding("invoice_line", _INVOICE, "invoice_lines"),
    Holding("payment", _INVOICE, "payments"),
    # Statements and mandates prove what was paid, for as long as the books are kept
    Holding(
        "bank_entry",
        (Link("customer_id", "customer"),),
        "bank_entries",
        kept_by=(Link("customer_id", "customer"),),
        words=("remittance",),
        emptied={"counterparty": "", "counterparty_iban": ""},
        other_columns=("statement_id",),
    ),
    Holding(
        "sepa_mandate",
        (Link("customer_id", "customer"),),
        "mandates",
        kept_by=(Link("customer_id", "customer"),),
        emptied={"holder": "", "iban": "", "bic": ""},
    ),
    Holding("debit_item", _MANDATE, "debits", kept_by=_MANDATE, other_columns=("run_id", "invoice_id")),
    Holding(
        "dunning_notice",
        (Link("customer_id", "customer"),),
        "reminders",
        kept_by=(Link("customer_id", "customer"),),
        emptied={"email": "", "recipient": "", "letter": {}},
    ),
    Holding("dunning_claim", _NOTICE, kept_by=_NOTICE, other_columns=("invoice_id",)),
    Holding(
        "payment_request",
        (Link("customer_id", "customer"),),
        "payment_requests",
        kept_by=(Link("customer_id", "customer"),),
        words=("text", "note", "refund_reason"),
        emptied={"checkout_url": ""},
        rotated=("token",),
        other_columns=("invoice_id", "appointment_id"),
    ),
    Holding("dispute", _REQUEST, "disputes", kept_by=_REQUEST),
)

# What a car said belongs to whoever drives it, so it goes with them
_DIAGNOSTICS: tuple[Holding, ...] = (
    Holding(
        "diagnostic_session",
        (Link("customer_id", "customer"),),
        "diagnoses",
        other_columns=("vehicle_id", "order_id", "expected_vehicle_id"),
    ),
    Holding("diagnostic_block", _SESSION, "recordings"),
    Holding("diagnostic_mark", _SESSION, "diagnosis_marks"),
    Holding("code_reading", _SESSION, "code_readings"),
    Holding("code_finding", (Link("reading_id", "code_reading"),), "trouble_codes"),
    Holding("code_clearing", _SESSION, "code_clearings"),
    Holding(
        "diagnostic_report",
        (Link("customer_id", "customer"), *_SESSION),
        "diagnosis_reports",
        other_columns=("vehicle_id", "order_id", "appointment_id"),
    ),
    Holding(
        "diagnostic_summary",
        (*_SESSION, Link("reading_id", "code_reading")),
        "diagnosis_summaries",
    ),
    Holding("adapter_claim", _SESSION),
    Holding(
        "maintenance_offer",
        (Link("customer_id", "customer"),),
        "maintenance_offers",
        other_columns=("vehicle_id", "appointment_id"),
    ),
)

HOLDINGS: tuple[Holding, ...] = (
    Holding("customer", (), "profile", other_columns=("merged_into_id",)),
    Holding("contact_point", (Link("customer_id", "customer"),), "contact_points"),
    Holding("contact_preference", (Link("customer_id", "customer"),), "contact_preferences"),
    Holding("contact_change", (Link("from_id", "customer"), Link("to_id", "customer"))),
    Holding(
        "appointment",
        (Link("customer_id", "customer"),),
        "appointments",
        words=("title", "note"),
        # Without its technician the calendars of the outside world let go of it
        emptied={"technician_id": None},
        rotated=("manage_token",),
        other_columns=("vehicle_id", "conversation_id"),
    ),
    Holding(
        "conversation",
        (Link("customer_id", "customer"),),
        "conversations",
        kept_by=(Link("id", "appointment.conversation_id"),),
        words=("last_text",),
        emptied=_THREAD_KEPT,
        rotated=("token_fingerprint",),
    ),
    Holding(
        "lead",
        (Link("conversation_id", "conversation"), Link("customer_id", "customer")),
        "enquiries",
        other_columns=("vehicle_id",),
    ),
    Holding(
        "vehicle",
        (
            Link("customer_id", "customer"),
            Link("id", "lead.vehicle_id"),
            Link("id", "appointment.vehicle_id"),
        ),
        "vehicles",
        kept_by=(Link("id", "appointment.vehicle_id"), Link("id", "wheel_set.vehicle_id")),
        emptied={"plate": "", "vin": "", "registered_on": None},
    ),
    # Entries of a history name nobody; which car a chain is of, and the words in it, go with car and owner
    Holding(
        "vehicle_chain",
        (Link("vehicle_id", "vehicle"),),
        kept_by=(Link("vehicle_id", "vehicle"),),
    ),
    Holding(
        "history_text",
        (Link("customer_id", "customer"), Link("vehicle_id", "vehicle")),
        "vehicle_histories",
    ),
    Holding(
        "message",
        (Link("conversation_id", "conversation"),),
        "messages",
        kept_by=(Link("conversation_id", "conversation"),),
        words=("text", "parts", "facts", "subject", "author_name"),
        emptied=_MESSAGE_KEPT,
    ),
    Holding("message_file", (Link("message_id", "message"),), "message_files"),
    Holding("thread_note", (Link("conversation_id", "conversation"),), "notes"),
    Holding("thread_draft", (Link("conversation_id", "conversation"),), "drafts"),
    Holding("thread_label", (Link("conversation_id", "conversation"),), "labels"),
    Holding("suggested_reply", (Link("conversation_id", "conversation"),), "suggestions"),
    Holding(
        "visit_proof",
        (Link("conversation_id", "conversation"), Link("customer_id", "customer")),
        other_columns=("appointment_id",),
    ),
    Holding("escalation", (Link("conversation_id", "conversation"),)),
    Holding("automation_run", (Link("conversation_id", "conversation"), Link("customer_id", "customer"))),
    Holding("task", (Link("conversation_id", "conversation"), Link("customer_id", "customer")), "tasks"),
    Holding(
        "callback",
        (
            Link("customer_id", "customer"),
            Link("conversation_id", "conversation"),
            Link("phone", ADDRESS),
        ),
        "callbacks",
    ),
    Holding(
        "wheel_set",
        (Link("customer_id", "customer"),),
        "wheel_sets",
        words=("remarks",),
        emptied={"location": ""},
        other_columns=("vehicle_id",),
    ),
    Holding(
        "season_invitation",
        (Link("customer_id", "customer"),),
        "invitations",
        other_columns=("vehicle_id", "wheel_set_id", "appointment_id"),
    ),
    Holding("consent", (Link("customer_id", "customer"),), "consents"),
    Holding(
        "booking_contract",
        (Link("appointment_id", "appointment"),),
        "contracts",
        kept_by=(Link("appointment_id", "appointment"),),
    ),
    Holding(
        "withdrawal",
        (Link("appointment_id", "appointment"), Link("sent.email", ADDRESS)),
        "withdrawals",
        kept_by=(Link("appointment_id", "appointment"),),
        words=("sent",),
    ),
    Holding(
        "appointment_answer",
        (Link("appointment_id", "appointment"),),
        "answers",
        kept_by=(Link("appointment_id", "appointment"),),
    ),
    Holding(
        "visit_rating",
        (Link("appointment_id", "appointment"),),
        "ratings",
        kept_by=(Link("appointment_id", "appointment"),),
        # The stars are the workshop's figure; what somebody wrote about themselves goes
        emptied={"comment": ""},
    ),
    Holding("waitlist_entry", (Link("appointment_id", "appointment"),), "waitlist"),
    Holding("waitlist_offer", (Link("entry_id", "waitlist_entry"),), other_columns=("claim_id",)),
    *_MONEY,
    *_DIAGNOSTICS,
    Holding("photo_basket", (Link("appointment_id", "appointment"),)),
    Holding(
        "photo",
        (
            Link("appointment_id", "appointment"),
            Link("wheel_set_id", "wheel_set"),
            Link("basket_id", "photo_basket"),
            Link("order_job_id", "order_job"),
            Link("check_in_id", "check_in"),
        ),
        "photos",
    ),
    Holding(
        "outgoing_message",
        (
            Link("appointment_id", "appointment"),
            Link("message_id", "message"),
            Link("to_address", ADDRESS),
        ),
        "sent_messages",
        kept_by=(Link("appointment_id", "appointment"), Link("message_id", "message")),
        words=("subject", "text", "html", "parameters"),
        emptied={"attachments": [], "to_address": "", "calendar": "", "provider_id": "", "error": ""},
    ),
    Holding(
        "received_mail",
        (Link("thread_message_id", "message"), Link("from_address", ADDRESS)),
        "received_mails",
        is_shell=True,
        emptied=_MAIL_SHELL,
        other_columns=("message_id",),
    ),
    Holding("privacy_export", (Link("customer_id", "customer"),), "disclosures"),
    # What was counted is told with the records it was counted from, and stays counted without them
    Holding(
        "analytics_event", (Link("customer_id", "customer"),), is_shell=True, emptied={"customer_id": None}
    ),
    # What a visit took of the workshop's time says nothing about anybody
    *(
        Holding(table, (Link(column, parent),), kept_by=(Link(column, parent),))
        for table, column, parent in (
            ("claim", "appointment_id", "appointment"),
            ("allocation", "claim_id", "claim"),
            ("occupied_cell", "claim_id", "claim"),
            ("synced_event", "appointment_id", "appointment"),
        )
    ),
)
BY_TABLE = {holding.table: holding for holding in HOLDINGS}

WITHOUT_PERSON: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("absence", "calendar_feed", "calendar_link", "closure", "digest_terms", "escalation_terms"),
            *("membership", "notice_preference", "push_subscription", "resource", "mailbox"),
            *("diagnostic_adapter", "diagnostic_agent", "dashboard_view"),
        ),
        "about the workshop's own people and places",
    ),
    **dict.fromkeys(
        (
            *("api_key", "automation", "bargaining_terms", "booking_terms", "canned_reply", "catalog_change"),
            *("catalog_change_item", "knowledge_article", "label", "messaging_terms", "price_rule"),
            *("price_terms", "season_campaign", "service", "service_category", "retention_terms"),
            *("billing_terms", "number_range", "base_rate", "payment_account", "deposit_terms", "wall_link"),
            "score_weights",
        ),
        "settings and catalogue of the workshop",
    ),
    **dict.fromkeys(
        ("analytics_daily", "assistant_usage", "demand_forecast", "lead_model", "retention_run", "payout"),
        "sums over many people",
    ),
    **dict.fromkeys(
        ("outbox_event", "automation_deadline"), "ids and plain values, gone with the log at the latest"
    ),
    "knowledge_gap": "only questions that name nobody are kept (knowledge.service)",
    "audit_entry": "ids and amounts only (billing.audit)",
    "history_entry": "days, kilometres and services under an id that names nobody (vehicle_history)",
    "history_key": "the workshop's own",
    "bank_statement": "the workshop's own account",
    "debit_run": "sums; its file goes to the bank and is kept with the books",
    "erasure": "fingerprints of ids and a pseudonym",
    **dict.fromkeys(
        ("datev_export", "ledger_account"), "ids with numbers of accounts, no names of customers"
    ),
    "expense": "documents of the workshop's suppliers",
    "report_run": "figures, and documents by their numbers; its mails go to the team and its adviser",
    **dict.fromkeys(("report_schedule", "report_address"), "the workshop's own people and its adviser"),
}
SECRET_WORDS = (
    *(
        "token",
        "fingerprint",
        "sha256",
        "secret",
        "request_key",
        "dedupe_key",
        "client_id",
        "provider",
        "salt",
    ),
)
"""A column with one of these in its name is left out of a disclosure: it opens doors or means nothing."""
