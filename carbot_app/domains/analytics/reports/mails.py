"""Mails of reports, in the workshop's language: the report itself, and the question to an address."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.outbox import emit
from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.rows import FINE, recipients_of
from carbot_app.domains.analytics.reports.words import days
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.ids import fingerprint

ATTACHED = "report"
"""Name of this source of attachments."""
KIND = "report"
CHANGED = "report.changed"
ARCHIVE = "/auswertung/berichte/"
_KEY_LETTERS = 24


class ReportMails:
    """Queues mails inside the caller's transaction."""

    def __init__(self, *, messaging: MessagingService, public_url: str) -> None:
        self._messaging, self._public_url = messaging, public_url
        # The archive shows what became of a mail
        messaging.follow(KIND, lambda session, row: emit(session, row.workshop_id, CHANGED))

    def send(self, session: Session, run: ReportRun, schedule: ReportSchedule) -> int:
        """Queue the report for everybody who may have it; how many that are. Once more is a new mail."""
        workshop = session.get_one(Workshop, run.workshop_id)
        language = run.language
        told = {
            "title": translate(language, f"reports.template.{run.template}.title"),
            "days": days(Span(run.first, run.last), language),
            "workshop": workshop.name,
        }
        mails = []
        for one in recipients_of(session, schedule):
            if one.state != FINE:
                continue
            # Before the run began it was mailed to nobody, so the number of mails names the round
            key = f"report:{run.id}:{len(run.mails)}:{fingerprint(one.email)[:_KEY_LETTERS]}"
            text = translate(language, "reports.mail.text", **told, figures="\n".join(run.summary))
            footer = self._footer(session, one.email, language, in_team=one.person_id is not None)
            self._messaging.queue_mail(
                session,
                workshop_id=run.workshop_id,
                kind=KIND,
                to_address=one.email,
                subject=translate(language, "reports.mail.subject", **told),
                text=f"{text}\n\n{footer}",
                dedupe_key=key,
                language=language,
                attachments=[{"source": ATTACHED, "run_id": str(run.id)}],
            )
            mails.append({"to": one.email, "key": key})
        run.mails = [*run.mails, *mails]
        return len(mails)

    def ask(self, session: Session, row: ReportAddress, now: datetime) -> None:
        """Ask an address whether it wants reports; at most once a day."""
        workshop = session.get_one(Workshop, row.workshop_id)
        language = supported(workshop.language)
        told = {"workshop": workshop.name, "link": self._link(row)}
        self._messaging.queue_mail(
            session,
            workshop_id=row.workshop_id,
            kind="report_address",
            to_address=row.email,
            subject=translate(language, "reports.ask.subject", **told),
            text=translate(language, "reports.ask.text", **told),
            dedupe_key=f"report-address:{row.id}:{now:%Y-%m-%d}",
            language=language,
        )

    def _footer(self, session: Session, email: str, language: str, *, in_team: bool) -> str:
        if in_team:
            return translate(language, "reports.mail.archive", link=f"{self._public_url}{ARCHIVE}")
        row = session.exec(select(ReportAddress).where(ReportAddress.email == email)).one()
        return translate(language, "reports.mail.stop", link=self._link(row))

    def _link(self, row: ReportAddress) -> str:
        return f"{self._public_url}/berichte/{row.token}"


def run_of(session: Session, run_id: UUID) -> ReportRun | None:
    """A run of the session's workshop."""
    return session.exec(select(ReportRun).where(ReportRun.id == run_id)).first()
