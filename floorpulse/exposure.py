"""A word of warning where anybody could ask."""

from __future__ import annotations

from ipaddress import ip_address

import structlog

log = structlog.get_logger()


def warn_of_exposure(host: str, token: str) -> None:
    """Say once that an address beyond this machine is listened on without a token."""
    if not token and not is_loopback(host):
        log.warning("anybody_may_ask", host=host, remedy="set FLOORPULSE_API_TOKEN or [api] token_file")


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone; of names that is known of localhost only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
