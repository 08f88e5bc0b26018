"""Which hosts are this machine: what goes to others can be read on the way."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone; of names that is known of localhost only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
