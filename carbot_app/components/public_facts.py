"""Facts of the workshop a public page belongs to, present in the HTML before any script runs."""

import json

import reflex as rx

from carbot_app.kit.page_facts import FACTS_ELEMENT_ID, fact_token, row_token


def public_fact(name: str) -> rx.Var[str]:
    """A text such as ``title``, ``workshop``, ``city`` or ``phone`` of ``carbot_app.api.public_pages``.

    Works in children, attributes and as ``title`` of a page below ``/w/[slug]/``; elsewhere it is empty.
    """
    return _fact(name, fact_token(name), '""').to(str)


def public_list(name: str, *columns: str) -> rx.Var[list[dict[str, str]]]:
    """Rows of texts. Show them with ``rx.foreach`` as ``rx.el.li(…, custom_attrs=each(name))``.

    What a row shows must not depend on its values: the server repeats one prerendered row.
    """
    row = {column: row_token(name, column) for column in columns}
    return _fact(name, [row], "[]").to(list[dict[str, str]])


def each(name: str) -> dict[str, str]:
    """Marks the row of ``public_list(name)`` for the server."""
    return {"data-each": name}


def _fact(name: str, prerendered: object, missing: str) -> rx.Var:
    block = f'globalThis.document?.getElementById("{FACTS_ELEMENT_ID}")?.textContent'
    facts = f'(globalThis.carbotFacts ??= JSON.parse({block} ?? "{{}}"))'
    served = f"({facts}[{json.dumps(name)}] ?? {missing})"
    return rx.Var(
        f'(typeof document === "undefined" ? {json.dumps(prerendered, ensure_ascii=False)} : {served})'
    )
