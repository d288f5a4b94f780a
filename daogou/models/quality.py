"""How well a language model does what we ask of it: 60 short tasks in Chinese and English, scored by program.

plans: a wish becomes JSON under a schema; the score is the share of fields that are right.
answers: a question with evidence; right means the fact is said, nothing forbidden is said, the language is the asker's,
    and `known` is false exactly when the evidence is silent.
replies: two sentences about products given as [1] and [2]; a quarter point each for naming both markers, keeping the
    language, typing no number, and not repeating itself.
The set is ours, small, and meant for comparing precisions and models, not for claiming quality.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from daogou.models.protocols import LanguageModel, Message, Request
from daogou.models.schema import schema_problem
from daogou.models.tokenize import detect_language

CATEGORIES = "skin_care phones laptops running_shoes coffee baby home_appliances outdoor fashion tea toys books".split()
_PLAN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "category": {"type": "string", "enum": CATEGORIES},
        "min_price": {"type": ["number", "null"]},
        "max_price": {"type": ["number", "null"]},
        "exclude_colour": {
            "type": ["string", "null"],
            "enum": ["black", "white", "red", "blue", "pink", "silver", "green", None],
        },
    },
    "required": ["category", "min_price", "max_price", "exclude_colour"],
    "additionalProperties": False,
}
_ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"known": {"type": "boolean"}, "answer": {"type": "string", "maxLength": 120}},
    "required": ["known", "answer"],
    "additionalProperties": False,
}
_PLAN = (
    "You turn a shopper's wish into JSON. max_price: the most the shopper pays ("
    "under, below, up to, 以内, 以下, 预算). "
    "min_price: the least (over, at least, 以上). null when not said. "
    "exclude_colour: a colour the shopper does not want, in English, else null.\n"
    '"蓝牙音箱 300 以内，不要白色" -> {"category": "phones", "min_price": null, "max_price": 300, '
    '"exclude_colour": "white"}\n'
    '"jackets over 50 dollars" -> {"category": "fashion", "min_price": 50, "max_price": null, "exclude_colour": null}\n'
    '"防晒霜，一百到两百" -> {"category": "skin_care", "min_price": 100, "max_price": 200, "exclude_colour": null}\n'
    '"a cookbook" -> {"category": "books", "min_price": null, "max_price": null, "exclude_colour": null}'
)
_ANSWER = (
    "Answer the shopper's question from the evidence, in one short sentence, in the language of the question. When the "
    "evidence holds the answer, known is true. When it does not, known is false and the answer says it is not known.\n"
    "Evidence:\n- 颜色：红色\n- 重量：2 千克\nQuestion: 多重？\n"
    '{"known": true, "answer": "重量是 2 千克。"}\n'
    "Evidence:\n- Colour: red\nQuestion: Is it heavy?\n"
    '{"known": false, "answer": "The weight is not known."}'
)
_REPLY = (
    "You are a shopping guide. Reply in at most two short sentences in the shopper's language. Call the products only "
    "[1] and [2]; the shop puts their names there. Give no prices and no numbers. "
    "用顾客的语言回答，最多两句，只用 [1] 和 [2] 指代商品。"
)


@dataclass(frozen=True)
class TaskResult:
    """One task: its kind, the score from 0 to 1, and what the model wrote."""

    kind: str
    score: float
    text: str


def run_quality(model: LanguageModel) -> Iterator[TaskResult]:
    """Run all tasks greedily, one at a time."""
    tasks = json.loads(resources.files("daogou.models").joinpath("quality.json").read_text(encoding="utf-8"))
    for task in tasks["plans"]:
        text = _ask(model, _PLAN, task["user"], _PLAN_SCHEMA, 80)
        yield TaskResult("plans", _plan_score(text, task["expect"]), text)
    for task in tasks["answers"]:
        evidence = "\n".join(f"- {line}" for line in task["evidence"])
        text = _ask(model, _ANSWER, f"Evidence:\n{evidence}\nQuestion: {task['question']}", _ANSWER_SCHEMA, 120)
        yield TaskResult("answers", _answer_score(text, task), text)
    for task in tasks["replies"]:
        products = "\n".join(f"[{place}] {name}" for place, name in enumerate(task["shown"], 1))
        text = _ask(model, _REPLY, f"{task['user']}\nProducts:\n{products}", None, 80)
        yield TaskResult("replies", _reply_score(text, task["language"]), text)


def _ask(model: LanguageModel, system: str, user: str, schema: dict[str, Any] | None, tokens: int) -> str:
    request = Request((Message("system", system), Message("user", user)), max_tokens=tokens, schema=schema)
    return model.generate(request).text


def _read(text: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and not schema_problem(value, schema) else None


def _plan_score(text: str, expect: dict[str, Any]) -> float:
    plan = _read(text, _PLAN_SCHEMA)
    if plan is None:
        return 0.0
    right: list[bool] = [plan[name] == wanted for name, wanted in expect.items()]
    return sum(right) / len(right)


def _answer_score(text: str, task: dict[str, Any]) -> float:
    reply = _read(text, _ANSWER_SCHEMA)
    if reply is None or reply["known"] != task["known"]:
        return 0.0
    said = reply["answer"]
    right = all(re.search(pattern, said) for pattern in task["say"])
    wrong = any(words in said for words in task["never"])
    return float(right and not wrong and detect_language(said) == detect_language(task["question"]))


def _reply_score(text: str, language: str) -> float:
    bare = re.sub(r"\[[12]\]", "", text)
    pairs = [bare[at : at + 4] for at in range(max(len(bare) - 3, 0))]
    varied = bool(pairs) and len(set(pairs)) / len(pairs) > 0.7
    points = ["[1]" in text and "[2]" in text, detect_language(bare) == language, not re.search(r"\d", bare), varied]
    return sum(points) / len(points)
