"""Who may ask: whoever shows the token, if there is one."""

from __future__ import annotations

import hmac
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from exporters.api.errors import Handler, error

OPEN: Final = frozenset({"/healthz", "/readyz", "/wall", "/wall/wall.css", "/wall/wall.js"})
"""Paths that whoever starts and stops processes may ask, and the page of the wall, which says nothing of anybody."""
SCHEME: Final = "Bearer"


def bearer(token: str) -> Middleware:
    """Lets only those pass who show `token`, compared in constant time; everybody, where it is empty."""
    wanted = token.encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not wanted or request.path in OPEN:
            return await handler(request)
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == SCHEME.lower() and hmac.compare_digest(
            shown.strip().encode("utf-8", "surrogateescape"), wanted
        ):
            return await handler(request)
        text = f"this needs the header Authorization: {SCHEME} TOKEN, with the token of [api]"
        return error(401, text, {"WWW-Authenticate": SCHEME})

    return check
