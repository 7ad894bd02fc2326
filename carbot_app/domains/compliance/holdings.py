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
    Holding("waitlist_entry", (Link("appointment_id", "appointment"),), "waitlist"),
    Holding("waitlist_offer", (Link("entry_id", "waitlist_entry"),), other_columns=("claim_id",)),
    Holding("photo_basket", (Link("appointment_id", "appointment"),)),
    Holding(
        "photo",
        (
            Link("appointment_id", "appointment"),
            Link("wheel_set_id", "wheel_set"),
            Link("basket_id", "photo_basket"),
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
        emptied={"to_address": "", "calendar": "", "provider_id": "", "error": ""},
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
        ),
        "about the workshop's own people and places",
    ),
    **dict.fromkeys(
        (
            *("api_key", "automation", "bargaining_terms", "booking_terms", "canned_reply", "catalog_change"),
            *("catalog_change_item", "knowledge_article", "label", "messaging_terms", "price_rule"),
            *("price_terms", "season_campaign", "service", "service_category", "retention_terms"),
        ),
        "settings and catalogue of the workshop",
    ),
    **dict.fromkeys(("assistant_usage", "lead_model", "retention_run"), "sums over many people"),
    **dict.fromkeys(
        ("outbox_event", "automation_deadline"), "ids and plain values, gone with the log at the latest"
    ),
    "knowledge_gap": "only questions that name nobody are kept (knowledge.service)",
    "erasure": "fingerprints of ids and a pseudonym",
}
SECRET_WORDS = (
    *("token", "fingerprint", "sha256", "secret", "request_key", "dedupe_key", "client_id", "provider"),
)
"""A column with one of these in its name is left out of a disclosure: it opens doors or means nothing."""
