"""Counters of this process in Prometheus' own types; ``/metrics`` writes them out."""

from prometheus_client import Counter, Gauge, Histogram

HTTP_REQUESTS = Counter(
    "carbot_http_requests_total", "Answered requests by route template", ("method", "route", "status")
)
HTTP_SECONDS = Histogram(
    "carbot_http_request_seconds",
    "Time to the end of the answer by route template",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
LIVE_CONNECTIONS = Gauge("carbot_live_connections", "Open live channels of staff browsers")
CHAT_ANSWERS = Counter(
    "carbot_chat_answers_total", "Finished answers of the assistant", ("engine", "outcome")
)
CHAT_FIRST_TOKEN_SECONDS = Histogram(
    "carbot_chat_first_token_seconds",
    "Time from a customer's message to the first word of the answer",
    ("engine",),
    buckets=(0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
OUTBOX_WAITING = Gauge("carbot_outbox_waiting", "Events not yet delivered")
OUTBOX_LAG_SECONDS = Gauge("carbot_outbox_lag_seconds", "Age of the oldest event not yet delivered")
