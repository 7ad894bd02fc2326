"""Typed settings; the only reader of the environment.

Every setting is documented in docs/configuration.md (a test fails otherwise) and named ``CARBOT_<FIELD>``.
"""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one CarBot process."""

    model_config = SettingsConfigDict(env_prefix="CARBOT_", env_file=".env", extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="SQLite file, keys and uploads live here")
    database_url: str = Field(
        default="", description="Empty: SQLite in data_dir; else postgresql+psycopg://…"
    )
    redis_url: str = Field(default="", description="Needed with more than one web worker")
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=3000, ge=1, le=65535, description="Port the server listens on")
    workers: int = Field(
        default=1, ge=1, le=64, description="Web worker processes; more than 1 needs redis_url"
    )
    public_url: str = Field(default="", description="Address customers see; empty: http://localhost:<port>")
    jobs: str = Field(
        default="inline",
        pattern="^(inline|worker)$",
        description="Where jobs run: web process or `carbot worker`",
    )
    demo: bool = Field(default=True, description="Load the demo workshop into an empty database")
    log_format: str = Field(
        default="console", pattern="^(console|json)$", description="Log lines for people or machines"
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest level written"
    )

    session_hours: int = Field(default=12, ge=1, description="Absolute lifetime of a login session")
    session_idle_minutes: int = Field(default=120, ge=5, description="A session unused for this long ends")
    signup_open: bool = Field(default=True, description="Whether new workshops may sign up")
    api_rate_per_minute: int = Field(default=600, ge=1, description="REST API requests per key and minute")
    chat_rate_per_minute: int = Field(
        default=20, ge=1, description="Chat messages per conversation and minute"
    )
    public_rate_per_minute: int = Field(
        default=240, ge=1, description="Other public requests per address and minute"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token for /metrics; empty: only from localhost"
    )

    ai_base_url: str = Field(
        default="", description="OpenAI-compatible endpoint; empty: built-in assistant only"
    )
    ai_api_key: SecretStr = Field(default=SecretStr(""), description="Key of that endpoint")
    ai_model: str = Field(default="gpt-4o-mini", description="Model name sent to that endpoint")
    ai_timeout_seconds: float = Field(default=20.0, gt=0, description="Time limit of one model call")
    ai_monthly_limit_cents: int = Field(
        default=2_000, ge=0, description="Cost limit per workshop and month, in cents"
    )
    ai_input_cents_per_million: int = Field(
        default=15, ge=0, description="Price of a million input tokens, in cents"
    )
    ai_output_cents_per_million: int = Field(
        default=60, ge=0, description="Price of a million output tokens, in cents"
    )

    ai_photo_model: str = Field(
        default="",
        description="Model of that endpoint that looks at photos in chats, for staff; empty: nobody looks",
    )
    ai_transcription_model: str = Field(
        default="",
        description="Model of that endpoint that writes voice messages down; empty: staff listens",
    )

    smtp_url: str = Field(
        default="", description="smtp://user:password@host:587 or smtps://…; empty: outbox page only"
    )
    mail_from: str = Field(default="CarBot <no-reply@localhost>", description="Sender of mails")
    mail_private_hosts: bool = Field(
        default=False, description="Mail servers in the own network, on any port, may be connected"
    )
    twilio_account_sid: str = Field(default="", description="Twilio account; empty: no SMS through Twilio")
    twilio_auth_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token of that account; also checks Twilio's webhooks",
    )
    twilio_from: str = Field(default="", description="Number (+49…) or messaging service (MG…) to send from")
    seven_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="seven.io API key, used when Twilio is not set; empty: no SMS through seven.io",
    )
    seven_from: str = Field(
        default="",
        description="Sender shown on those SMS: a number, or up to 11 letters",
    )
    seven_signing_key: SecretStr = Field(
        default=SecretStr(""),
        description="Checks the webhooks of seven.io; empty: they are refused",
    )
    whatsapp_token: SecretStr = Field(
        default=SecretStr(""),
        description="Access token of the WhatsApp Cloud API; empty: no WhatsApp",
    )
    whatsapp_api_url: str = Field(
        default="https://graph.facebook.com/v21.0",
        description="Meta's Graph API with its version, which Meta retires after two years",
    )
    whatsapp_phone_id: str = Field(default="", description="Id of the WhatsApp number to send from")
    whatsapp_app_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Checks the webhooks of WhatsApp; empty: they are refused",
    )
    whatsapp_verify_token: SecretStr = Field(
        default=SecretStr(""),
        description="Chosen by you, entered at Meta for the webhook address",
    )
    inbound_workshop: str = Field(
        default="",
        description="Slug of the workshop that receives SMS, WhatsApp and calls of unknown senders, "
        "where several share a number",
    )
    push_hosts: str = Field(
        default="fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com",
        description="Push services that may be called, with their subdomains, separated by commas",
    )
    vapid_subject: str = Field(
        default="mailto:admin@localhost", description="Contact push services may use (RFC 8292)"
    )

    stripe_secret_key: SecretStr = Field(
        default=SecretStr(""), description="Secret key of the Stripe account; empty: no online payments"
    )
    stripe_publishable_key: str = Field(
        default="",
        description="Opens Stripe's form on the pay page itself; empty: customers pay on Stripe's page",
    )
    stripe_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Checks Stripe's webhooks, one for each endpoint, by commas; empty: they are refused",
    )
    stripe_api_base: str = Field(default="", description="Address of Stripe's API; empty: Stripe's own")
    stripe_connect: bool = Field(
        default=True,
        description="Each workshop connects its own account; off: all money goes to the account of the key",
    )
    stripe_fee_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=50, description="What the platform keeps of a payment, in percent"
    )
    stripe_fee_cents: int = Field(
        default=0, ge=0, description="What the platform keeps in addition, in cents"
    )

    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Encrypts stored passwords and tokens; empty: a file in data_dir/keys",
    )
    calendar_private_hosts: bool = Field(
        default=False, description="Calendar servers in the own network, also without TLS, may be connected"
    )
    webhook_private_hosts: bool = Field(
        default=False,
        description="Webhooks of automations may go to the own network, also without TLS",
    )
    obd_server_adapters: bool = Field(
        default=False,
        description="Workshops may have this machine talk to OBD adapters at its ports and in its network",
    )
    vies_url: str = Field(
        default="https://ec.europa.eu/taxation_customs/vies/rest-api",
        description="Register of VAT numbers; empty: none is asked and every number stays unverified",
    )
    google_client_id: str = Field(
        default="", description="OAuth client for Google Calendar; empty: not offered"
    )
    google_client_secret: SecretStr = Field(default=SecretStr(""), description="Secret of that client")
    microsoft_client_id: str = Field(
        default="", description="App registration for Microsoft 365 calendars; empty: not offered"
    )
    microsoft_client_secret: SecretStr = Field(default=SecretStr(""), description="Secret of that app")

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return value

    @property
    def effective_database_url(self) -> str:
        """SQLAlchemy URL of the database really used."""
        return self.database_url or f"sqlite:///{self.data_dir / 'carbot.db'}"

    @property
    def effective_public_url(self) -> str:
        """Base URL without trailing slash, for links in mails, pushes and the widget."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process-wide settings, read once."""
    return Settings()
