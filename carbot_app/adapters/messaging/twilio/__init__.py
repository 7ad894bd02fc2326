"""SMS and missed calls through Twilio (REST API 2010-04-01)."""

from carbot_app.adapters.messaging.twilio.provider import TwilioSms

__all__ = ["TwilioSms"]
