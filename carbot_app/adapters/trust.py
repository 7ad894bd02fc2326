"""The certificate authorities that HTTP clients believe."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """What httpx trusts by itself, read once per process: reading it costs 20 ms of CPU, more than a call."""
    return httpx.create_ssl_context()
