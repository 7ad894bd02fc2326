"""Which providers the settings name."""

from carbot_app.adapters.messaging.seven import SevenSms
from carbot_app.adapters.messaging.twilio import TwilioSms
from carbot_app.adapters.messaging.whatsapp import WhatsAppCloud
from carbot_app.config import Settings
from carbot_app.domains.messaging.ports import ShortMessageProvider
from carbot_app.kit.clock import Clock


def short_message_providers(settings: Settings, clock: Clock) -> list[ShortMessageProvider]:
    """In the order they are preferred: of Twilio and seven.io the first that is set up sends."""
    providers: list[ShortMessageProvider] = []
    if settings.twilio_account_sid:
        providers.append(
            TwilioSms(
                account=settings.twilio_account_sid,
                token=settings.twilio_auth_token.get_secret_value(),
                sender=settings.twilio_from,
            )
        )
    if key := settings.seven_api_key.get_secret_value():
        providers.append(
            SevenSms(
                api_key=key,
                sender=settings.seven_from,
                signing_key=settings.seven_signing_key.get_secret_value(),
                clock=clock,
            )
        )
    if token := settings.whatsapp_token.get_secret_value():
        providers.append(
            WhatsAppCloud(
                token=token,
                phone_id=settings.whatsapp_phone_id,
                app_secret=settings.whatsapp_app_secret.get_secret_value(),
                base_url=settings.whatsapp_api_url,
            )
        )
    return providers
