"""The language model in this process: OpenVINO GenAI with continuous batching, prefix caching and JSON schemas.

One driver thread owns the pipeline and steps it; callers hand it jobs and read pieces from a queue. So any number of
turns share each pass over the weights, which is where a small machine spends its time.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

import numpy as np

from daogou.errors import ModelTimeout, ModelUnavailable
from daogou.models.chatml import chatml
from daogou.models.pieces import PieceDecoder
from daogou.models.protocols import Generation, Message, Request

GRAPH = "openvino_model.xml"
CONTEXT_TOKENS = 8192
_CACHE_GB = 1  # keys and values; 12 kB a token for the 0.5B model in 8 bits, so about 80,000 tokens
_BATCH_TOKENS = 512
_CLOSE_WAIT_S = 10

_Finish = Literal["stop", "length", "cancelled"]


@dataclass
class _Job:
    """One generation. The driver fills `events` with texts and, last, a `_Done` or an exception."""

    tokens: list[int]
    config: Any
    decoder: PieceDecoder
    began: float
    deadline: float | None
    events: SimpleQueue[Any] = field(default_factory=SimpleQueue)
    handle: Any = None
    cancelled: bool = False
    output_tokens: int = 0
    first_token_s: float | None = None
    log_probs: list[float] = field(default_factory=list)
    wants_text: bool = True


@dataclass(frozen=True)
class _Done:
    finish: _Finish


class EmbeddedModel:
    """`LanguageModel` over converted weights in `folder`. Thread-safe. Loading takes about 3 s."""

    def __init__(self, folder: Path, *, name: str) -> None:
        import openvino_genai as genai

        self.name = name
        self._genai = genai
        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = _CACHE_GB
        scheduler.max_num_batched_tokens = _BATCH_TOKENS
        scheduler.enable_prefix_caching = True
        self._pipeline = genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU")
        self._tokenizer = self._pipeline.get_tokenizer()
        self._tokenizer_lock = threading.Lock()
        self._incoming: SimpleQueue[_Job | None] = SimpleQueue()
        self._numbers = 0
        self._closed = False
        self._broken: BaseException | None = None
        self._driver = threading.Thread(target=self._drive, name=f"daogou-{name}", daemon=True)
        self._driver.start()

    def generate(self, request: Request) -> Generation:
        """The whole reply. Raises ModelTimeout, ModelUnavailable."""
        job = self._submit(request)
        pieces: list[str] = []
        finish: _Finish = "stop"
        for event in self._events(job, request):
            if isinstance(event, _Done):
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
            for event in self._events(job, request):
                if not isinstance(event, _Done):
                    yield event
        finally:
            job.cancelled = True

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Mean log-probability per token of each continuation, read from one pass over prompt and continuation."""
        prompt = self._encode(chatml(messages))
        jobs: list[tuple[_Job, int]] = []
        for continuation in continuations:
            tokens = self._encode(continuation)
            if not tokens:
                raise ModelUnavailable("An empty continuation has no probability.", next_step="Leave it out.")
            config = self._genai.GenerationConfig()
            # Echoed log-probabilities are those of the prompt; the one token generated after it is not looked at.
            config.max_new_tokens, config.echo, config.logprobs = 1, True, 1
            config.apply_chat_template = False
            jobs.append((self._enqueue([*prompt, *tokens], config, None, wants_text=False), len(tokens)))
        means: list[float] = []
        for job, count in jobs:
            for _event in self._events(job, None):
                pass
            known = job.log_probs[len(prompt) : len(prompt) + count]
            if len(known) != count:
                raise ModelUnavailable(
                    f"The engine gave {len(known)} log-probabilities for {count} tokens.", next_step="Report this."
                )
            means.append(float(np.mean(known)))
        return means

    def warm(self, messages: Sequence[Message]) -> None:
        """Compute the prefix of these messages and keep it in the cache of keys and values."""
        config = self._genai.GenerationConfig()
        config.max_new_tokens = 1
        config.apply_chat_template = False
        job = self._enqueue(self._encode(chatml(messages, reply=False)), config, None, wants_text=False)
        for _event in self._events(job, None):
            pass

    def close(self) -> None:
        """Cancel what runs and stop the driver."""
        if not self._closed:
            self._closed = True
            self._incoming.put(None)
            self._driver.join(_CLOSE_WAIT_S)

    def _submit(self, request: Request) -> _Job:
        tokens = self._encode(chatml(request.messages))
        return self._enqueue(tokens, self._config(request), request.deadline_s, stop=request.stop)

    def _enqueue(
        self,
        tokens: list[int],
        config: Any,
        deadline_s: float | None,
        *,
        stop: tuple[str, ...] = (),
        wants_text: bool = True,
    ) -> _Job:
        if self._broken is not None or self._closed:
            raise ModelUnavailable(
                f"The language model {self.name} has stopped ({self._broken or 'closed'}).", next_step="Start again."
            )
        if len(tokens) + config.max_new_tokens > CONTEXT_TOKENS:
            raise ModelUnavailable(
                f"The prompt has {len(tokens)} tokens and {config.max_new_tokens} are asked for; "
                f"together at most {CONTEXT_TOKENS}.",
                next_step="Shorten the prompt.",
            )
        began = time.perf_counter()
        deadline = None if deadline_s is None else began + deadline_s
        job = _Job(tokens, config, PieceDecoder(self._decode, stop), began, deadline, wants_text=wants_text)
        self._incoming.put(job)
        return job

    def _events(self, job: _Job, request: Request | None) -> Iterator[Any]:
        """What the driver says about the job, up to and with its `_Done`."""
        while True:
            wait = None if job.deadline is None else job.deadline - time.perf_counter()
            try:
                # A deadline already past must not block; Empty is raised at once.
                event = job.events.get(timeout=None if wait is None else max(wait, 0.0))
            except Empty:
                job.cancelled = True
                limit = request.deadline_s if request is not None else None
                raise ModelTimeout(
                    f"{self.name} did not finish within {limit} s; it had written {job.output_tokens} tokens.",
                    next_step="Raise the deadline or ask for fewer tokens.",
                ) from None
            if isinstance(event, BaseException):
                raise ModelUnavailable(f"{self.name} failed: {event}", next_step="See the log.") from event
            yield event
            if isinstance(event, _Done):
                return

    def _config(self, request: Request) -> Any:
        config = self._genai.GenerationConfig()
        config.max_new_tokens = request.max_tokens
        config.apply_chat_template = False
        config.repetition_penalty = request.repetition_penalty
        config.rng_seed = request.seed
        if request.temperature > 0:
            config.do_sample = True
            config.temperature = request.temperature
            config.top_p = 0.9
        if request.schema is not None:
            structure = self._genai.StructuredOutputConfig()
            structure.json_schema = json.dumps(request.schema, ensure_ascii=False)
            config.structured_output_config = structure
        return config

    def _encode(self, text: str) -> list[int]:
        text = text.encode("utf-8", "replace").decode("utf-8")
        with self._tokenizer_lock:
            ids = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data
        return [int(token) for token in ids[0]]

    def _decode(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=True))

    # The driver thread: nothing below is called from another one.

    def _drive(self) -> None:
        running: list[_Job] = []
        try:
            while self._take(running):
                self._pipeline.step()
                running = [job for job in running if not self._advance(job)]
        except BaseException as failure:  # whatever breaks the engine must reach every waiting caller
            self._broken = failure
            self._fail(running, failure)
            return
        for job in running:
            job.handle.cancel()
            job.events.put(_Done("cancelled"))
        self._fail([], ModelUnavailable("The language model was closed."))

    def _take(self, running: list[_Job]) -> bool:
        """Add what has come in; wait while there is nothing to do. False when closing."""
        while True:
            try:
                job = self._incoming.get(block=not running)
            except Empty:
                return True
            if job is None:
                return False
            if job.cancelled:
                continue
            try:
                job.handle = self._add(job)
            except Exception as failure:  # a schema or a setting the engine refuses concerns this job alone
                job.events.put(failure)
                continue
            running.append(job)

    def _add(self, job: _Job) -> Any:
        import openvino

        self._numbers += 1
        ids = openvino.Tensor(np.array([job.tokens], np.int64))
        return self._pipeline.add_request(self._numbers, ids, job.config)

    def _advance(self, job: _Job) -> bool:
        """Pass on what the last step gave this job. True when it is over."""
        if job.cancelled:
            job.handle.cancel()
            job.events.put(_Done("cancelled"))
            return True
        ended: _Finish | None = None
        while job.handle.can_read():
            for output in job.handle.read().values():
                ended = self._absorb(job, output) or ended
        status = job.handle.get_status()
        over = self._genai.GenerationStatus
        if ended is None and status == over.RUNNING:
            return False
        if ended is None and status == over.IGNORED:
            job.events.put(RuntimeError("the prompt does not fit into the cache of keys and values"))
            return True
        if job.wants_text and (rest := job.decoder.finish()):
            job.events.put(rest)
        if status == over.RUNNING:
            job.handle.stop()
        job.events.put(_Done(ended or "stop"))
        return True

    def _absorb(self, job: _Job, output: Any) -> _Finish | None:
        if not job.wants_text:
            job.log_probs.extend(output.generated_log_probs)
        elif output.generated_ids:
            if job.first_token_s is None:
                job.first_token_s = time.perf_counter() - job.began
            job.output_tokens += len(output.generated_ids)
            if piece := job.decoder.push(output.generated_ids):
                job.events.put(piece)
            if job.decoder.stopped:
                return "stop"
        reason = self._genai.GenerationFinishReason
        if output.finish_reason == reason.LENGTH:
            return "length"
        return "stop" if output.finish_reason == reason.STOP else None

    def _fail(self, running: list[_Job], failure: BaseException) -> None:
        for job in running:
            job.events.put(failure)
        drain: Callable[[], _Job | None] = self._incoming.get_nowait
        while True:
            try:
                job = drain()
            except Empty:
                return
            if job is not None:
                job.events.put(failure)
