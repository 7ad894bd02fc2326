"""Words for the screen: ``t("inbox.empty.title", n=State.count)`` is a Var in the reader's language.

The first segment of a key is its namespace, a file per language: ``assets/locales/<lang>/<namespace>.json``.
A page's bundle holds the German words of the namespaces it uses and nothing else.
"""

from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex.vars.base import LiteralVar, Var
from reflex.vars.sequence import StringVar
from reflex_base.utils.imports import ImportVar

_I18N_PACKAGES = {
    "i18next@27.1.2": [ImportVar(tag=None, render=False)],
    "react-i18next@18.0.1": [ImportVar(tag=None, render=False)],
}
CORE = "$/public/i18n/core"


def t(key: str, **variables: Any) -> StringVar:
    """Translated text of ``"namespace.key"``; variables fill ``{{name}}``, ``count`` picks the plural."""
    namespace, _, path = key.partition(".")
    return _call(namespace, LiteralVar.create(path), variables)


def t_choice(prefix: str, choice: Any, **variables: Any) -> StringVar:
    """Translated text of ``"namespace.prefix.<choice>"`` where the last segment is only known at run time."""
    namespace, _, path = prefix.partition(".")
    choice_var = Var.create(choice)
    key = Var(
        f"`{path}.${{{choice_var!s}}}`",
        _var_type=str,
        _var_data=choice_var._get_all_var_data(),
    )
    return _call(namespace, key, variables)


def _call(namespace: str, key: Var, variables: dict[str, Any]) -> StringVar:
    words, german = f"t_{namespace}", f"de_{namespace}"
    call = VarData(
        imports={
            **_I18N_PACKAGES,
            CORE: [ImportVar(tag="useWords")],
            f"$/public/locales/de/{namespace}.json": [ImportVar(tag=german, is_default=True)],
        },
        hooks={f'const {words} = useWords("{namespace}", {german});': None},
    )
    arguments, parts = [str(key)], [call, key._get_all_var_data()]
    if variables:
        filled = LiteralVar.create(variables)
        arguments.append(str(filled))
        parts.append(filled._get_all_var_data())
    return Var(f"{words}({', '.join(arguments)})", _var_data=VarData.merge(*parts)).to(str)


def language() -> StringVar:
    """The reader's language code ("de", "en", "tr" or "pl") as a Var."""
    return Var(
        "language_",
        _var_data=VarData(
            imports={**_I18N_PACKAGES, CORE: [ImportVar(tag="useLanguage")]},
            hooks={"const language_ = useLanguage();": None},
        ),
    ).to(str)


def pick_language(code: str) -> Var:
    """For ``on_click``: switches the language and remembers it in this browser, without the server."""
    return Var(
        f'() => setLanguage("{code}", {{ remember: true }})',
        _var_type=rx.event.EventChain,
        _var_data=VarData(imports={**_I18N_PACKAGES, CORE: [ImportVar(tag="setLanguage")]}),
    )


def page_words(*namespaces: str) -> rx.Component:
    """Namespaces beside ``ui`` and ``public`` that a public page needs before it hydrates."""
    return rx.el.meta(name="carbot-words", content=" ".join(namespaces))


class _LanguageBridge(rx.Component):
    library = CORE
    tag = "LanguageBridge"

    language: Var[str]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]

    def add_imports(self) -> dict[str, list[ImportVar]]:
        return dict(_I18N_PACKAGES)


def language_bridge(*, language: Any = None, on_change: Any = None) -> rx.Component:
    """Joins browser and server: ``language`` (profile) sets the page, ``on_change(code)`` reports it."""
    given = {"language": language, "on_change": on_change}
    return _LanguageBridge.create(**{name: value for name, value in given.items() if value is not None})
