"""A word of warning where anybody could ask."""

from __future__ import annotations

import structlog

from exporters.loopback import is_loopback

log = structlog.get_logger()


def warn_of_exposure(host: str, token: str) -> None:
    """Say once that an address beyond this machine is listened on without a token."""
    if not token and not is_loopback(host):
        log.warning("anybody_may_ask", host=host, remedy="set FLOORPULSE_API_TOKEN or [api] token_file")
