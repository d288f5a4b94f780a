"""What surrounds every request: its id, a limit on its size, safe headers, a log line without the shopper's words."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from daogou.serve.errors import ErrorDetail, internal_error, refusal

log = logging.getLogger("daogou.serve")

MAX_BODY = 1 << 20
# Paths that take whole catalogues or batches of events.
MAX_BULK_BODY = 16 << 20
BULK = frozenset({("PUT", "/v1/products"), ("POST", "/v1/events")})

# No script, style or frame from elsewhere. Pictures may come from the merchant's own picture server.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class _TooLarge(HTTPException):
    """FastAPI turns any other exception met while it reads a body into a 400."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The body is more than {limit} bytes, the most this path takes.")


class Surroundings:
    """ASGI middleware around the whole app (not `BaseHTTPMiddleware`, which would hide a client's disconnect).

    The log line holds method, route template, status and time: no query string, no id, no body."""

    def __init__(self, app: ASGIApp, *, max_body: int = MAX_BODY, max_bulk_body: int = MAX_BULK_BODY) -> None:
        self.app = app
        self.max_body = max_body
        self.max_bulk_body = max_bulk_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        limit = self.max_bulk_body if (scope["method"], scope["path"]) in BULK else self.max_body
        started = time.perf_counter()
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            _check_declared_size(scope, limit)
            await self.app(scope, _limited(receive, limit), send_safely)
        except _TooLarge as failure:
            await _answer(send_safely, 413, refusal(413, str(failure.detail)), {"connection": "close"})
        except Exception as failure:
            # The frames without the message: a message may hold what the shopper typed.
            frames = "".join(traceback.format_tb(failure.__traceback__)[-8:])
            log.error("request %s failed with %s\n%s", request_id, type(failure).__name__, frames)
            if status == 0:
                await _answer(send_safely, 500, internal_error(request_id), {})
        finally:
            route = _template(scope)
            took = (time.perf_counter() - started) * 1000
            log.info("%s %s %d %.0f ms %s", scope["method"], route, status, took, request_id)


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is well formed, else a new one."""
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _template(scope: Scope) -> str:
    """The path with its parameters unfilled: ids stay out of the log. A router's prefix is not part of its routes."""
    path = str(getattr(scope.get("route"), "path", "") or "(no route)")
    return f"/v1{path}" if scope["path"].startswith("/v1/") and not path.startswith(("/v1/", "(")) else path


def _check_declared_size(scope: Scope, limit: int) -> None:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > limit:
        raise _TooLarge(limit)


def _limited(receive: Receive, limit: int) -> Receive:
    """Counts what really arrives; a chunked body declares no size."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _TooLarge(limit)
        return message

    return counted


async def _answer(send: Send, status: int, detail: ErrorDetail, headers: Mapping[str, str]) -> None:
    body = json.dumps({"error": detail.model_dump()}, ensure_ascii=False).encode()
    raw = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    raw += [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
