"""The page and its files, the store in one answer, health, readiness, figures for monitoring."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from pydantic import Field

from daogou.serve.parts import GuideDep
from daogou.serve.views import View

STATIC = str(files("daogou.serve").joinpath("static"))
router = APIRouter()


class StoreView(View):
    """What the page needs to know of the store before anything else."""

    name: str
    notice: str = ""
    currency: str
    products: int
    languages: list[str] = Field(default_factory=lambda: ["zh", "en"])
    language_model: bool = Field(description="Whether a language model helps; everything works without one")
    notes: list[str] = Field(default_factory=list)


@router.get("/v1/store", tags=["store"])
def store(guide: GuideDep) -> StoreView:
    """Name, notice, currency and size of the store."""
    status = guide.status()
    return StoreView(
        name=guide.settings.name,
        notice=guide.settings.notice,
        currency=guide.settings.currency,
        products=status["products"],
        language_model=status["language_model"] is not None,
        notes=status["notes"],
    )


@router.get("/healthz", tags=["store"])
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", tags=["store"])
def readyz(guide: GuideDep) -> Response:
    """200 where the guide can answer, 503 where it can not yet; what it runs on, either way."""
    status: dict[str, Any] = guide.status()
    return JSONResponse(status, status_code=200 if status["ready"] else 503)


@router.get("/metrics", tags=["store"], response_class=PlainTextResponse)
def metrics(guide: GuideDep) -> PlainTextResponse:
    """Counts in Prometheus' text format."""
    status = guide.status()
    lines = []
    for name, help_text, value in (
        ("daogou_ready", "Whether the guide can answer", int(status["ready"])),
        ("daogou_products", "Products kept", status["products"]),
        ("daogou_events", "Events kept", status["events"]),
        ("daogou_index_behind", "Changes of the catalogue the index has not seen", status["index_behind"]),
    ):
        if value is not None:
            lines += [f"# HELP {name} {help_text}", f"# TYPE {name} gauge", f"{name} {value}"]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/favicon.ico", include_in_schema=False)
async def favicon() -> FileResponse:
    """Browsers ask for it on pages that name no icon, such as an answer in JSON."""
    return FileResponse(f"{STATIC}/icon.svg", media_type="image/svg+xml")


@router.get("/", include_in_schema=False)
@router.get("/p/{product_id}", include_in_schema=False)
async def page() -> FileResponse:
    """The page; which view it shows is its address."""
    return FileResponse(f"{STATIC}/index.html", headers={"cache-control": "no-cache"})
