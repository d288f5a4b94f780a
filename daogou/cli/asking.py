"""`daogou search`, `recommend`, `ask`, `write`: the services one question at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from daogou.cli.common import Home, Json, Language, Llm, Set, open_guide, say, say_notes, settings_of

if TYPE_CHECKING:
    from pydantic import BaseModel

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many products.")]


def search(
    text: Annotated[str, typer.Argument(help="What is wanted, in plain words.")],
    home: Home = None,
    limit: Limit = 10,
    filters: Annotated[
        list[str] | None, typer.Option("--filter", help="brand=Aoki, price=100..500, !attr:colour=black. Repeatable.")
    ] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", help="relevance, price_asc, price_desc, newest, rating.")
    ] = None,
    language: Language = None,
    json: Json = False,
    more: Set = None,
) -> None:
    """Search the catalogue, and see how the words were understood.

    Examples:

        daogou search "running shoes under $80, not black"

        daogou search "送妈妈的保湿面霜，500 以内" --home ~/.daogou/demo

        daogou search tea --filter price=..100 --sort price_asc --json
    """
    from daogou.cli.tables import show_search
    from daogou.records import Query
    from daogou.serve import Presenter, parse_filters

    settings = settings_of(home, "none", more)
    with open_guide(settings) as guide:
        query = Query.parse(
            {
                "text": text,
                "language": language,
                "constraints": parse_filters(filters or [], settings.currency),
                "sort": sort,
                "limit": limit,
                "facets": json,
            }
        )
        result = guide.search(query)
        view = Presenter(guide, language or result.plan.language).search(result)
        if json:
            _print_json(view)
        else:
            show_search(view)


def recommend(
    shopper: Annotated[
        str | None, typer.Argument(help="The shopper's id; nobody in particular where left out.")
    ] = None,
    home: Home = None,
    surface: Annotated[
        str, typer.Option("--surface", help="for_you, session, similar, together, popular.")
    ] = "for_you",
    product: Annotated[str | None, typer.Option("--product", help="For similar and together: like which.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Say why each stands there.")] = False,
    limit: Limit = 10,
    language: Language = None,
    json: Json = False,
    more: Set = None,
) -> None:
    """Recommend products to a shopper, or beside a product.

    Examples:

        daogou recommend

        daogou recommend shopper-0042 --why --home ~/.daogou/demo

        daogou recommend --surface together --product tea-0001
    """
    from daogou.cli.tables import show_hits
    from daogou.serve import Presenter

    with open_guide(settings_of(home, "none", more)) as guide:
        if product is not None:
            guide.product(product)
        shelf = guide.recommend(surface, shopper_id=shopper, product_id=product, limit=limit, language=language or "en")
        view = Presenter(guide, language).shelf(shelf)
        if json:
            _print_json(view)
            return
        for note in view.notes:
            say(f"note: {note}")
        show_hits(view.hits, why=why)
        if not view.hits:
            say("Nothing to recommend yet. Next: import events with `daogou import events FILE`.")


def ask(
    question: Annotated[str, typer.Argument(help="About a product, or about the store.")],
    home: Home = None,
    llm: Llm = None,
    product: Annotated[str | None, typer.Option("--product", help="The product that is asked about.")] = None,
    language: Language = None,
    json: Json = False,
    more: Set = None,
) -> None:
    """Answer a question from the record, with the evidence; or say that it is not known.

    Examples:

        daogou ask "Is it waterproof?" --product outdoor-0003

        daogou ask 多久能送到？ --home ~/.daogou/demo --llm none
    """
    from daogou.serve import AnswerView

    with open_guide(settings_of(home, llm, more)) as guide:
        say_notes(guide)
        if product is not None:
            guide.product(product)
        answer = guide.answer(question, product_id=product, language=language)
        if json:
            _print_json(AnswerView.of(answer))
            return
        print(answer.text)
        for one in answer.evidence:
            print(f"  [{one.id}] {one.text}")
        for note in answer.notes:
            say(f"note: {note}")


def write(
    product: Annotated[str, typer.Argument(help="The product's id.")],
    home: Home = None,
    llm: Llm = None,
    kind: Annotated[str, typer.Option("--kind", help="description or marketing.")] = "",
    audience: Annotated[str, typer.Option("--audience", help="For whom, in your words.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="For where: wechat, email, …")] = "",
    language: Annotated[str, typer.Option("--language", help="zh or en.")] = "en",
    json: Json = False,
    more: Set = None,
) -> None:
    """Write a text for a product. Every claim in it is in the record; what was not is shown as taken out.

    Examples:

        daogou write tea-0001

        daogou write tea-0001 --audience "busy students" --channel wechat --language zh
    """
    from daogou.serve import CopyView

    # An audience or a channel asks for marketing unless the kind is said.
    kind = kind or ("marketing" if audience or channel else "description")
    with open_guide(settings_of(home, llm, more)) as guide:
        say_notes(guide)
        copy = guide.write(product, kind=kind, audience=audience, channel=channel, language=language)
        if json:
            _print_json(CopyView.of(copy))
            return
        if copy.title:
            print(copy.title + "\n")
        print(copy.text)
        for removed in copy.removed:
            say(f"taken out, not in the record: {removed}")
        for note in copy.notes:
            say(f"note: {note}")


def _print_json(view: BaseModel) -> None:
    print(view.model_dump_json(indent=1))
