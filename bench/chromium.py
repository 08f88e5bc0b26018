"""The system's Chromium as measurements and tests start it: without a window, and asking nobody for updates."""

from __future__ import annotations

from typing import Final

PROGRAM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
