"""One shape for every error, and the one table from error class to HTTP status.

{"error": {"type": "NotFound", "message": "There is no product 'P9'.", "next_step": "", "field": null}}
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from daogou import errors

STATUS: dict[type[errors.DaogouError], int] = {
    errors.DaogouError: 500,
    errors.InputError: 400,
    errors.RecordError: 422,
    errors.FormatError: 422,
    errors.AmbiguousColumns: 422,
    errors.QueryError: 422,
    errors.NotFound: 404,
    errors.SettingsError: 500,
    errors.StoreError: 500,
    errors.StoreUnavailable: 503,
    errors.StoreFull: 507,
    errors.ModelError: 500,
    errors.WeightsMissing: 503,
    errors.WeightsCorrupt: 500,
    errors.ModelUnavailable: 503,
    errors.ModelTimeout: 504,
    errors.BenchError: 500,
}

# What plain HTTP refusals are called and what to do about them.
_REFUSALS: dict[int, tuple[str, str]] = {
    401: ("Unauthorized", "Send the store's token: `Authorization: Bearer TOKEN` (setting DAOGOU_TOKEN)."),
    404: ("NotFound", "`/openapi.json` lists every path."),
    405: ("MethodNotAllowed", "`/openapi.json` lists the methods of every path."),
    413: ("TooLarge", "Send less at once, in several calls."),
}


class ErrorDetail(BaseModel):
    """What went wrong, and what to do about it."""

    type: str = Field(description="Name of the error; `docs/api.md` lists them")
    message: str = Field(description="The value, and the limit it broke")
    next_step: str = Field(default="", description="What the caller can do")
    field: str | None = Field(default=None, description="The field of the request that is meant, where it is one")


class ErrorView(BaseModel):
    """The one error shape."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "error": {"type": "NotFound", "message": "There is no product 'P9'.", "next_step": "", "field": None}
            }
        }
    )

    error: ErrorDetail


def status_of(error: errors.DaogouError) -> int:
    """The HTTP status of an error: that of its nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def detail_of(error: errors.DaogouError) -> ErrorDetail:
    """An error of ours in the one shape."""
    return ErrorDetail(
        type=type(error).__name__,
        message=error.message,
        next_step=error.next_step,
        field=error.field if isinstance(error, errors.RecordError) else None,
    )


def internal_error(request_id: str) -> ErrorDetail:
    """What a caller is told of an error nobody foresaw: enough to find it in the log, nothing more."""
    return ErrorDetail(
        type="InternalError",
        message=f"Something went wrong here (request {request_id}).",
        next_step="Try again; if it happens again, look for this request in the server's log.",
    )


def error_response(status: int, detail: ErrorDetail, headers: dict[str, str] | None = None) -> JSONResponse:
    """The one shape as a response."""
    return JSONResponse(ErrorView(error=detail).model_dump(), status_code=status, headers=headers)


def refusal(status: int, message: str) -> ErrorDetail:
    """A refusal that is HTTP's own (401, 404, 405, 413), in the one shape."""
    kind, next_step = _REFUSALS.get(status, ("Refused", ""))
    return ErrorDetail(type=kind, message=message, next_step=next_step)


def add_error_handlers(app: FastAPI) -> None:
    """Answers every error in the one shape."""

    @app.exception_handler(errors.DaogouError)
    async def ours(request: Request, error: errors.DaogouError) -> JSONResponse:
        return error_response(status_of(error), detail_of(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(422, _validation_detail(error))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        detail = refusal(error.status_code, str(error.detail))
        return error_response(error.status_code, detail, dict(error.headers or {}))


def _validation_detail(failure: RequestValidationError) -> ErrorDetail:
    """The first thing wrong with a request: which field, which value, which rule."""
    first = failure.errors()[0]
    place, *path = [str(part) for part in first["loc"]] or ["request"]
    field = ".".join(path) or place
    rule = str(first["msg"]).removeprefix("Value error, ")
    rule = rule[:1].lower() + rule[1:]
    if first["type"] == "missing":
        message = f"{field}: is required in the {place}."
    elif first["type"] == "json_invalid":
        message, field = f"The body is not valid JSON: {rule}.", "body"
    else:
        shown = repr(first.get("input"))
        shown = shown if len(shown) <= 80 else f"{shown[:77]}... ({len(shown)} characters)"
        message = f"{field}: {shown} breaks a rule: {rule}."
    return ErrorDetail(
        type="ValidationError", message=message, next_step="`/openapi.json` describes the request.", field=field
    )
