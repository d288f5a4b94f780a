"""What several routes need: the guide, the reader's language, the merchant's token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Query, Request
from starlette.exceptions import HTTPException

from daogou.serve.errors import ErrorView

if TYPE_CHECKING:
    from daogou.guide import Guide
else:  # FastAPI reads annotations at run time; any object with the guide's methods will do.
    Guide = Any

# Ids the page draws at random (128 bits): whoever knows one is its shopper. Any other id needs the merchant's token.
OWN_ID_PREFIX = "anon-"


def the_guide(request: Request) -> Guide:
    """The guide this app serves."""
    return request.app.state.guide  # type: ignore[no-any-return]


def reader_language(
    language: Annotated[
        str | None, Query(pattern="^(zh|en)$", description="Reader's language", examples=["en"])
    ] = None,
    accept_language: Annotated[str, Header(include_in_schema=False)] = "",
) -> str:
    """The language asked for, else the first of Chinese and English that the browser names, else English."""
    if language:
        return language
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in ("zh", "en"):
            return tag
    return "en"


def is_merchant(request: Request) -> bool:
    """Whether the call carries the store's token; every call does where the store has none."""
    token: str = the_guide(request).settings.token.get_secret_value()
    if not token:
        return True
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return hmac.compare_digest(given.encode(), token.encode())


def merchant_only(request: Request) -> None:
    """Refuses a call without the store's token."""
    if not is_merchant(request):
        raise HTTPException(401, "This call needs the store's token.", headers={"www-authenticate": "Bearer"})


def own_or_merchant(request: Request, shopper_id: str) -> None:
    """A shopper's own data: for who knows the random id, and for the merchant."""
    if not shopper_id.startswith(OWN_ID_PREFIX):
        merchant_only(request)


GuideDep = Annotated[Guide, Depends(the_guide)]
LanguageDep = Annotated[str, Depends(reader_language)]

ERRORS: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorView, "description": "The request breaks a rule"},
    503: {"model": ErrorView, "description": "A store or a model is not there"},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ErrorView, "description": "Not kept here"}}
NEEDS_TOKEN: dict[int | str, dict[str, Any]] = {401: {"model": ErrorView, "description": "The token is missing"}}
