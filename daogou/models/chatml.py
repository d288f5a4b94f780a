"""ChatML, the chat template of Qwen2.5: the one place where messages become a prompt.

A message is data: the markers it may contain are taken apart, so that no text can open or close a turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from daogou.models.protocols import Message

END = "<|im_end|>"
_MARKERS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
_REPLY = "<|im_start|>assistant\n"


def chatml(messages: Sequence[Message], *, reply: bool = True) -> str:
    """The prompt of `messages`; with `reply` it ends where the assistant is to begin."""
    turns = [f"<|im_start|>{message.role}\n{_plain(message.content)}{END}\n" for message in messages]
    if messages and messages[0].role != "system":
        # Without a system turn Qwen2.5 is trained to see its default one.
        turns.insert(0, f"<|im_start|>system\nYou are a helpful assistant.{END}\n")
    return "".join(turns) + (_REPLY if reply else "")


def _plain(text: str) -> str:
    for marker in _MARKERS:
        text = text.replace(marker, marker.replace("|", " "))
    return text
