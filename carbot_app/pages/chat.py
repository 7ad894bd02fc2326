"""/w/<slug>/chat: the same conversation as in the widget, filling the page."""

import reflex as rx

from carbot_app.components.i18n import language, t
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import icon
from carbot_app.components.workshop_frame import workshop_href, workshop_shell


class _HostedChat(rx.Component):
    """The custom element of the widget's bundle, see assets/widget/element.js."""

    library = "$/public/chat/hosted"
    tag = "HostedChat"

    workshop: rx.Var[str]
    language: rx.Var[str]


def chat_page() -> rx.Component:
    """Notice and frame are in the HTML; the conversation takes their place as soon as its script is here."""
    return workshop_shell(
        rx.el.h1(t("public.chat.title", workshop=public_fact("workshop")), class_name="cb-sr"),
        rx.el.div(
            _HostedChat.create(
                rx.el.div(
                    rx.el.p(
                        icon("info", 18),
                        rx.el.span(
                            t("public.chat.notice", workshop=public_fact("workshop")),
                            " ",
                            rx.el.a(
                                t("ui.footer.privacy"),
                                href=workshop_href("datenschutz"),
                                class_name="cb-link",
                            ),
                        ),
                        class_name="cb-note cb-muted",
                    ),
                    class_name="cb-chat-wait",
                ),
                workshop=public_fact("slug"),
                language=language(),
            ),
            class_name="cb-chat-page",
        ),
        rx.el.script(src="/widget.js", custom_attrs={"async": True}),
    )
