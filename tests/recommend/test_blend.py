from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.errors import InputError
from daogou.recommend import Blend, Example, OfflineRanker, known_bucket
from daogou.recommend.reasons import Seen, Words
from daogou.recommend.trails import Kind
from daogou.recommend.variety import varied
from daogou.records import Product

SCALES = {"good": 1.0, "noise": 1.0}


def blend() -> Blend:
    return Blend.by_hand({"good": (1.0, 0.0), "noise": (1.0, 0.0)}, constant=-1.0, scales=SCALES)


@given(st.lists(st.floats(-700, 700, allow_subnormal=False), max_size=20))
def test_the_probabilities_of_the_candidates_never_sum_to_more_than_one(logits: list[float]) -> None:
    said = Blend.probabilities(np.array(logits))
    assert (said >= 0).all()
    assert said.sum() <= 1.0 + 1e-12


def test_what_adds_to_f_adds_up_to_f() -> None:
    scores = np.array([[0.5, 1.0, 0.0], [0.2, 0.0, 0.9]], np.float32)
    whole = blend().parts(scores, 3).sum(axis=0) - 1.0
    np.testing.assert_allclose(whole, blend().logits(scores, 3))


def lessons(n: int, known: int, seed: int = 0) -> list[Example]:
    """The wanted item has the best score of the first source nine times out of ten; the second knows nothing."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        scores = rng.random((2, 10)).astype(np.float32)
        wanted = int(np.argmax(scores[0])) if rng.random() < 0.9 else None
        made.append(Example(scores, known, wanted))
    return made


def test_learning_finds_the_source_that_knows_and_says_true_probabilities() -> None:
    learned = blend()
    learned.learn(lessons(600, 3))
    row = learned.weights[known_bucket(3)]
    assert row[0] + row[1] > 5 * abs(row[2] + row[3])
    test = lessons(400, 3, seed=1)
    said = sum(Blend.probabilities(learned.logits(one.scores, 3)).sum() for one in test) / len(test)
    assert said == pytest.approx(0.9, abs=0.05)


def test_a_bucket_nobody_was_in_keeps_its_weights() -> None:
    learned = blend()
    before = learned.weights.copy()
    learned.learn(lessons(100, 3))
    assert np.array_equal(learned.weights[known_bucket(0)], before[known_bucket(0)])
    assert not np.array_equal(learned.weights[known_bucket(3)], before[known_bucket(3)])


def test_the_slope_is_that_of_the_loss() -> None:
    from daogou.recommend.blend import _Group

    learned, examples = blend(), lessons(20, 3)
    tables = [learned.features(one.scores).astype(np.float32) for one in examples]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in tables])])
    wanted = np.array([-1 if one.wanted is None else s + one.wanted for one, s in zip(examples, starts, strict=False)])
    group = _Group.of(np.concatenate(tables), starts, wanted, np.arange(20))
    at = np.array([0.3, -0.2, 0.5, 0.1, -0.4])
    _, slope = group.loss(at)
    steps = [(group.loss(at + d)[0] - group.loss(at - d)[0]) / 2e-2 for d in 1e-2 * np.eye(5)]
    np.testing.assert_allclose(slope, steps, rtol=2e-3, atol=2e-3)


def products(n: int) -> list[Product]:
    return [Product(id=str(k), title=f"Thing {k}", category=("All",)) for k in range(n)]


def test_the_whole_ranker_is_saved_and_read_again(tmp_path: Path) -> None:
    first = OfflineRanker(products(10), item_ids=[str(k) for k in range(10)])
    first.fit([first.trail([str(k), str((k + 1) % 10), str((k + 2) % 10)]) for k in range(10)])
    first.learn([first.case([str(k)], str((k + 1) % 10)) for k in range(10)] * 6)
    first.ranker.save(tmp_path / "a.npz")
    second = OfflineRanker(products(10), item_ids=[str(k) for k in range(10)])
    second.ranker.load(tmp_path / "a.npz")
    one, other = first.rank(first.trail(["3"])), second.rank(second.trail(["3"]))
    assert one.items.tolist() == other.items.tolist()
    np.testing.assert_allclose(one.probabilities, other.probabilities)
    assert first.answer(first.case(["3"], "4"))[2] == 1
    backwards = OfflineRanker(products(10), item_ids=[str(9 - k) for k in range(10)])
    with pytest.raises(InputError, match="numbers its products otherwise"):
        backwards.ranker.load(tmp_path / "a.npz")


def test_learning_one_ranker_leaves_the_weights_set_by_hand_alone() -> None:
    first = OfflineRanker(products(10))
    before = OfflineRanker(products(10)).ranker.blend.weights.copy()
    first.fit([first.trail([str(k), str((k + 1) % 10)]) for k in range(10)])
    first.learn([first.case([str(k)], str((k + 1) % 10)) for k in range(10)] * 6)
    assert np.array_equal(OfflineRanker(products(10)).ranker.blend.weights, before)


def test_too_few_cases_are_refused() -> None:
    ranker = OfflineRanker(products(5))
    with pytest.raises(InputError, match="3 cases are too few to learn from, the least is 50"):
        ranker.learn([ranker.case(["0"], "1")] * 3)


def test_variety_keeps_the_best_first_and_mixes_what_is_close() -> None:
    order = varied([3.0, 2.9, 2.85, 1.0], ["a", "a", "b", "b"], ["", "", "", ""], 4)
    assert order == [0, 2, 1, 3]
    assert varied([3.0, 2.9, 2.85], ["", "", ""], ["", "", ""], 2) == [0, 1]


@pytest.mark.parametrize(
    ("language", "shoppers", "text"),
    [
        ("en", 1, "Also chosen by one shopper who chose Tea, which you bought"),
        ("en", 5, "Often chosen by shoppers who also chose Tea, which you bought"),
        ("zh", 2, "有 2 位顾客同时选了它和你买过的「Tea」"),
        ("zh-CN", 5, "经常和你买过的「Tea」一起被选"),
    ],
)
def test_often_is_said_only_where_it_is_often(language: str, shoppers: int, text: str) -> None:
    assert Words(language).chosen_with(Seen("t", "Tea", Kind.BUY), shoppers).text == text


def test_only_what_both_records_hold_is_called_shared() -> None:
    one = Product(id="a", title="A", attributes={"waterproof": ("yes",), "colour": ("Red",), "vegan": ("no",)})
    two = Product(id="b", title="B", attributes={"waterproof": ("Yes",), "colour": ("blue",), "vegan": ("no",)})
    reason = Words("en").similar(Seen("b", "B"), one, two)
    assert reason is not None
    assert reason.text == "Similar to B: waterproof"
    assert Words("en").similar(Seen("b", "B"), Product(id="c", title="C"), two) is None
