"""Every error is {"error": one line}."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from exporters.api.endpoint import RefusedError
from exporters.view import NotReadyError

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def error(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    """One line."""
    return web.json_response({"error": text}, status=status, headers=headers)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What goes wrong below, as an answer."""
    try:
        return await handler(request)
    except RefusedError as refused:
        return error(refused.status, str(refused))
    except NotReadyError as not_ready:
        return error(503, str(not_ready))
    except web.HTTPException as wrong:
        return _of_http(request, wrong)
    except Exception:
        log.exception("request_failed", path=_form_of(request))
        return error(500, "this is a fault of the exporter: its log says which")


def _form_of(request: web.Request) -> str:
    """The path without what is asked for in it, which may name a person."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


def _of_http(request: web.Request, wrong: web.HTTPException) -> web.Response:
    if isinstance(wrong, web.HTTPNotFound):
        there = ", ".join(sorted({route.resource.canonical for route in request.app.router.routes() if route.resource}))
        return error(404, f"nothing is here: there are {there}")
    if isinstance(wrong, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(wrong.allowed_methods))
        return error(405, f"only {allowed}", {"Allow": allowed})
    return error(wrong.status, wrong.text or wrong.reason)
