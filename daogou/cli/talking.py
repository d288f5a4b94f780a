"""`daogou chat`: a conversation in the terminal."""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from daogou.cli.common import Home, Language, Llm, Set, open_guide, say, say_notes, settings_of

if TYPE_CHECKING:
    from daogou.guide import Guide
    from daogou.records import Turn

_LEAVE = frozenset({"exit", "quit", "bye", "再见", "退出"})


def chat(
    text: Annotated[str | None, typer.Argument(help="One thing to say; a conversation where left out.")] = None,
    home: Home = None,
    llm: Llm = None,
    language: Language = None,
    more: Set = None,
) -> None:
    """Talk with the guide. An empty line, `exit` or Ctrl-D ends it; Ctrl-C stops a reply.

    Examples:

        daogou chat --home ~/.daogou/demo

        daogou chat "送妈妈的保湿面霜，500 以内" --llm none

        printf 'green tea\\nthe second one\\n' | daogou chat
    """
    with open_guide(settings_of(home, llm, more)) as guide:
        say_notes(guide)
        conversation = f"chat-{uuid.uuid4().hex}"
        if text is not None:
            _turn(guide, text, conversation, language)
            return
        if sys.stdin.isatty():
            say("Say what you need. An empty line ends it.")
        while said := _listen():
            _turn(guide, said, conversation, language)


def _listen() -> str:
    try:
        said = input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
    return "" if said.lower() in _LEAVE else said


def _turn(guide: Guide, said: str, conversation: str, language: str | None) -> None:
    pieces = guide.chat_stream(said, conversation_id=conversation, language=language)
    turn = None
    try:
        for piece in pieces:
            print(piece.text, end="", flush=True)
            turn = piece.turn or turn
    except KeyboardInterrupt:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
        say("\n(stopped)")
        return
    print()
    if turn is not None:
        _show(guide, turn)


def _show(guide: Guide, turn: Turn) -> None:
    from daogou.cli.tables import show_hits
    from daogou.serve import Presenter

    if turn.comparison is not None:
        for label, values in turn.comparison.rows:
            print(f"  {label}: " + "  |  ".join(value or "-" for value in values))
    elif turn.hits:
        show_hits(Presenter(guide, turn.language).hits(turn.hits), why=False)
    if turn.cart is not None and turn.cart.lines:
        for line in turn.cart.lines:
            print(f"  {line.quantity} × {line.title} {line.price.format(turn.language) if line.price else ''}")
    if turn.suggestions:
        say("  you could say: " + " / ".join(one.text for one in turn.suggestions))
    for note in turn.notes:
        say(f"note: {note}")
