"""Facts of the workshop a public page belongs to, present in the HTML before any script runs."""

import json

import reflex as rx

from carbot_app.kit.page_facts import FACTS_ELEMENT_ID, fact_token


def public_fact(name: str) -> rx.Var[str]:
    """A text such as ``title``, ``workshop``, ``city`` or ``phone`` of ``carbot_app.api.public_pages``.

    Works in children, attributes and as ``title`` of a page below ``/w/[slug]/``; elsewhere it is empty.
    """
    block = f'globalThis.document?.getElementById("{FACTS_ELEMENT_ID}")?.textContent'
    facts = f'(globalThis.carbotFacts ??= JSON.parse({block} ?? "{{}}"))'
    served = f'({facts}[{json.dumps(name)}] ?? "")'
    token = json.dumps(fact_token(name), ensure_ascii=False)
    return rx.Var(f'(typeof document === "undefined" ? {token} : {served})', _var_type=str).to(str)
