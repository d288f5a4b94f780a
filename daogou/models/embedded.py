"""The language model in this process: OpenVINO GenAI with continuous batching, prefix caching and JSON schemas."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from daogou.errors import ModelUnavailable
from daogou.models.batching import Done, Driver, Finish, Job
from daogou.models.chatml import chatml
from daogou.models.pieces import PieceDecoder
from daogou.models.protocols import Generation, Message, Request
from daogou.models.schema import schema_fault

CONTEXT_TOKENS = 8192
_CACHE_GB = 1  # keys and values; 12 kB a token for the 0.5B model, so about 80,000 tokens
_BATCH_TOKENS = 512
_TOP_P = 0.9


class EmbeddedModel:
    """`LanguageModel` over the converted weights in `folder`. Thread-safe; loading takes 2 to 3 s."""

    def __init__(self, folder: Path, *, name: str) -> None:
        import openvino_genai

        self.name = name
        self._genai = openvino_genai
        self._folder = folder
        pipeline = self._open(prefix_caching=True)
        self._tokenizer = pipeline.get_tokenizer()
        self._tokenizer_lock = threading.Lock()
        self._vocabulary = _token_bytes(self._tokenizer.get_vocab())
        self._driver = Driver(pipeline, name, partial(self._open, prefix_caching=True))
        self._scorer: Driver | None = None
        self._scorer_lock = threading.Lock()

    def generate(self, request: Request) -> Generation:
        """The whole reply. Raises ModelTimeout, ModelUnavailable."""
        job = self._submit(request)
        pieces: list[str] = []
        finish: Finish = "stop"
        for event in self._driver.events(job):
            if isinstance(event, Done):
                finish = event.finish
            else:
                pieces.append(event)
        return Generation(
            text="".join(pieces),
            finish=finish,
            prompt_tokens=len(job.tokens),
            output_tokens=job.output_tokens,
            first_token_s=job.first_token_s,
            seconds=time.perf_counter() - job.began,
            model=self.name,
        )

    def stream(self, request: Request) -> Iterator[str]:
        """Pieces of the reply as they come. Closing the iterator cancels the generation."""
        job = self._submit(request)
        try:
            for event in self._driver.events(job):
                if not isinstance(event, Done):
                    yield event
        finally:
            job.cancelled = True

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Mean log-probability per token of each continuation, all read from one batched pass.

        The first call opens a second pipeline (2 to 3 s, as much memory again): one that keeps prefixes computes only
        what is new to it and so can not tell the log-probabilities of a prompt it has seen.
        """
        prompt = self._encode(chatml(messages))
        driver = self._scoring_driver()
        jobs: list[Job] = []
        for continuation in continuations:
            tokens = self._encode(continuation)
            if not tokens:
                raise ModelUnavailable("An empty continuation has no probability.", next_step="Leave it out.")
            config = self._config(1)
            config.echo, config.logprobs = True, 1
            self._check_room(len(prompt) + len(tokens), 1)
            jobs.append(driver.submit(Job([*prompt, *tokens], config, None)))
        for job in jobs:
            for _event in driver.events(job):
                pass
        return [self._mean(job, len(prompt)) for job in jobs]

    def warm(self, messages: Sequence[Message]) -> None:
        """Compute the keys and values of these messages and keep them in the cache."""
        job = Job(self._encode(chatml(messages, reply=False)), self._config(1), PieceDecoder(self._vocabulary))
        for _event in self._driver.events(self._driver.submit(job)):
            pass

    def close(self) -> None:
        """Cancel what runs and stop."""
        self._driver.close()
        with self._scorer_lock:
            if self._scorer is not None:
                self._scorer.close()

    def _open(self, *, prefix_caching: bool) -> Any:
        scheduler = self._genai.SchedulerConfig()
        scheduler.cache_size = _CACHE_GB
        scheduler.max_num_batched_tokens = _BATCH_TOKENS
        scheduler.enable_prefix_caching = prefix_caching
        try:
            return self._genai.ContinuousBatchingPipeline(str(self._folder), scheduler, "CPU")
        except RuntimeError as failure:
            raise ModelUnavailable(
                f"{self.name} in {self._folder} can not be loaded: {str(failure)[:300]}.",
                next_step=f"Run `daogou models verify {self.name}`.",
            ) from failure

    def _scoring_driver(self) -> Driver:
        with self._scorer_lock:
            if self._scorer is None:
                fresh = partial(self._open, prefix_caching=False)
                self._scorer = Driver(fresh(), self.name, fresh)
            return self._scorer

    def _mean(self, job: Job, start: int) -> float:
        # Element i of the echoed log-probabilities is that of token i; the one token written after them is left out.
        known = job.log_probs[start : len(job.tokens)]
        if len(known) != len(job.tokens) - start:
            raise ModelUnavailable(
                f"The engine gave {len(known)} log-probabilities for {len(job.tokens) - start} tokens.",
                next_step="Check the version of openvino-genai (`daogou doctor`).",
            )
        return float(np.mean(known))

    def _submit(self, request: Request) -> Job:
        config = self._config(request.max_tokens)
        config.repetition_penalty = request.repetition_penalty
        config.rng_seed = request.seed
        if request.temperature > 0:
            config.do_sample, config.temperature, config.top_p = True, request.temperature, _TOP_P
        if request.schema is not None:
            if fault := schema_fault(request.schema):
                raise ModelUnavailable(f"The schema can not bind a reply: {fault}.", next_step="Mend the schema.")
            structure = self._genai.StructuredOutputConfig()
            structure.json_schema = json.dumps(request.schema, ensure_ascii=False)
            config.structured_output_config = structure
        tokens = self._encode(chatml(request.messages))
        self._check_room(len(tokens), request.max_tokens)
        return self._driver.submit(
            Job(tokens, config, PieceDecoder(self._vocabulary, request.stop), request.deadline_s)
        )

    def _config(self, max_tokens: int) -> Any:
        config = self._genai.GenerationConfig()
        config.max_new_tokens = max_tokens
        config.apply_chat_template = False
        return config

    @staticmethod
    def _check_room(prompt: int, output: int) -> None:
        if prompt + output > CONTEXT_TOKENS:
            raise ModelUnavailable(
                f"The prompt has {prompt} tokens and {output} are asked for; together at most {CONTEXT_TOKENS}.",
                next_step="Shorten the prompt.",
            )

    def _encode(self, text: str) -> list[int]:
        text = text.encode("utf-8", "replace").decode("utf-8")
        with self._tokenizer_lock:
            ids = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data
        return [int(token) for token in ids[0]] if ids.size else []


def _token_bytes(vocabulary: Mapping[bytes, int]) -> list[bytes]:
    """The bytes of each token id; nothing for the added tokens, which begin at the end-of-text one."""
    table = [b""] * len(vocabulary)
    first_added = vocabulary[b"<|endoftext|>"]
    for text, token in vocabulary.items():
        if token < first_added:
            table[token] = text
    return table
