"""/w/<slug>/widerruf: what the form of a withdrawal shows; the API does the work."""

import reflex as rx


class WithdrawalState(rx.State):
    """Problems of the last attempt, and the receipt."""

    contract: str = ""
    """Number from the address; the page of the appointment links here with it."""
    version: int = 0
    """Grows when the form starts anew."""
    problem: str = ""
    unreachable: bool = False
    problems: dict[str, str] = {}
    received: str = ""
    """``23. November 2026, 9:00 Uhr``; empty: nothing was sent yet."""
    email: str = ""

    @rx.event
    async def open(self):
        """Forget what an earlier visit left."""
        version = self.version + 1
        self.reset()
        self.version = version
        self.contract = self.router.url.query_parameters.get("vertrag", "")[:60]

    @rx.event
    async def show_problem(self, title: str, fields: dict[str, str]):
        """Show why it did not work, beside the fields where possible."""
        self.unreachable = not title
        self.problems = fields
        self.problem = "" if fields else title

    @rx.event
    async def show_receipt(self, answer: dict[str, str]):
        """It has arrived."""
        self.problem, self.unreachable, self.problems = "", False, {}
        self.received, self.email = str(answer.get("received", "")), str(answer.get("email", ""))
