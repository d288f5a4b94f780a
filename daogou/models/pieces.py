"""Tokens to pieces of text: whole characters only, and nothing that may still turn out to be a stop string."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_BROKEN = "�"


class PieceDecoder:
    """Feed tokens with `push`; it gives the text that is certain. `stopped` turns true at the first stop string.

    A Chinese character may be spread over two or three tokens, so text that ends in a broken character waits. Only
    the tokens not yet shown are decoded, which keeps each push cheap.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str], stop: tuple[str, ...] = ()) -> None:
        self._decode = decode
        self._stop = tuple(text for text in stop if text)
        self._tokens: list[int] = []
        self._pending = ""
        self.stopped = False

    def push(self, tokens: Sequence[int]) -> str:
        """Add tokens; the text that can be shown now, possibly empty."""
        if self.stopped:
            return ""
        self._tokens.extend(tokens)
        text = self._decode(self._tokens)
        if text.endswith(_BROKEN):
            return ""
        self._tokens.clear()
        return self._release(text, final=False)

    def finish(self) -> str:
        """What is left at the end."""
        if self.stopped:
            return ""
        text = self._decode(self._tokens) if self._tokens else ""
        self._tokens.clear()
        return self._release(text, final=True)

    def _release(self, text: str, *, final: bool) -> str:
        self._pending += text
        places = [place for stop in self._stop if (place := self._pending.find(stop)) >= 0]
        if places:
            self.stopped = True
            shown, self._pending = self._pending[: min(places)], ""
            return shown
        held = 0 if final else self._possible_stop()
        cut = len(self._pending) - held
        shown, self._pending = self._pending[:cut], self._pending[cut:]
        return shown

    def _possible_stop(self) -> int:
        """Length of the longest end of the pending text that begins a stop string."""
        longest = min(max((len(stop) for stop in self._stop), default=1) - 1, len(self._pending))
        for length in range(longest, 0, -1):
            if any(stop.startswith(self._pending[-length:]) for stop in self._stop):
                return length
        return 0
