"""What the sign-in, sign-up and password pages show; the API does the work."""

import reflex as rx


class AuthState(rx.State):
    """Problems of the last attempt and whether a reset mail was asked for."""

    problem: str = ""
    unreachable: bool = False
    problems: dict[str, str] = {}
    mail_sent: bool = False
    has_token: bool = False

    @rx.event
    def load(self):
        """Forget what an earlier visit left; a mailed link carries ``?token=``."""
        self.reset()
        self.has_token = bool(self.router.url.query_parameters.get("token"))

    @rx.event
    def show_problem(self, title: str, fields: dict[str, str]):
        """Show why it did not work, beside the fields where possible."""
        self.unreachable = not title
        self.problems = fields
        self.problem = "" if fields else title

    @rx.event
    def show_mail_sent(self):
        """The answer to a forgotten password, the same for known and unknown addresses."""
        self.mail_sent = True
