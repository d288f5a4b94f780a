"""Tokens to pieces of text: whole characters only, and nothing that may still turn out to be a stop string."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class PieceDecoder:
    """Feed tokens with `push`; it gives the text that is certain. `stopped` turns true at the first stop string.

    vocabulary: the bytes of each token id. A Chinese character may be spread over two or three tokens, so its first
    bytes wait for the rest. (The runtime's own detokeniser leaves incomplete characters out, and they were lost.)
    """

    def __init__(self, vocabulary: Sequence[bytes], stop: tuple[str, ...] = ()) -> None:
        self._vocabulary = vocabulary
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._pending = ""
        self.stopped = False

    def push(self, tokens: Sequence[int]) -> str:
        """Add tokens; the text that can be shown now, possibly empty."""
        if self.stopped:
            return ""
        text = self._decoder.decode(b"".join(self._vocabulary[token] for token in tokens))
        return self._release(text, final=False)

    def finish(self) -> str:
        """What is left at the end."""
        return "" if self.stopped else self._release(self._decoder.decode(b"", True), final=True)

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
