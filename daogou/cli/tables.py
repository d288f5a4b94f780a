"""Results as a person reads them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daogou.cli.common import say

if TYPE_CHECKING:
    from daogou.serve.views import HitView, SearchView

_TITLE_WIDTH = 60


def show_search(view: SearchView) -> None:
    """The plan that was understood, then the hits."""
    if view.plan.constraints:
        say("understood: " + "; ".join(one.label for one in view.plan.constraints))
    if view.relaxed:
        say("given up, as nothing met every wish: " + "; ".join(one.label for one in view.relaxed))
    for note in view.notes:
        say(f"note: {note}")
    show_hits(view.hits, why=True)
    say(f"{view.total:,} products, {view.seconds.get('total', sum(view.seconds.values())) * 1000:.0f} ms")


def show_hits(hits: list[HitView], *, why: bool) -> None:
    """One product a line: rank, id, price, stars, title; under it why it stands there."""
    for hit in hits:
        product = hit.product
        price = product.price.text if product.price else "-"
        stars = f"★{product.rating.value:.1f}" if product.rating else ""
        title = product.title if len(product.title) <= _TITLE_WIDTH else product.title[: _TITLE_WIDTH - 1] + "…"
        sold = "" if product.buyable else "  [sold out]"
        print(f"{hit.rank:>3}  {product.id:<14} {price:>10}  {stars:<5} {title}{sold}")
        if why and hit.reasons:
            print("     " + " · ".join(one.text for one in hit.reasons))
