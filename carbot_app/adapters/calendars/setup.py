"""Which calendar providers the settings name."""

from carbot_app.adapters.calendars.accounts import Accounts, Provider
from carbot_app.config import Settings


def calendar_accounts(settings: Settings) -> Accounts:
    """CalDAV always; Google and Microsoft where an app is registered."""
    return Accounts(
        public_url=settings.effective_public_url,
        google_app=Provider(settings.google_client_id, settings.google_client_secret.get_secret_value()),
        microsoft_app=Provider(
            settings.microsoft_client_id, settings.microsoft_client_secret.get_secret_value()
        ),
        private_hosts=settings.calendar_private_hosts,
    )
