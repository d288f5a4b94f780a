"""One thread that owns a continuous-batching pipeline and steps it for everybody.

Callers hand over a `Job` and read its events: texts, and last a `Done` or an exception. So any number of turns share
each pass over the weights, which is where a small machine spends its time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Literal

import numpy as np

from daogou.errors import ModelTimeout, ModelUnavailable
from daogou.models.pieces import PieceDecoder

Finish = Literal["stop", "length", "cancelled"]
_CLOSE_WAIT_S = 10


@dataclass(frozen=True)
class Done:
    """The last event of a job."""

    finish: Finish


@dataclass
class Job:
    """One generation. `decoder` is None where the log-probabilities are wanted, not the text."""

    tokens: list[int]
    config: Any
    decoder: PieceDecoder | None
    deadline_s: float | None = None
    began: float = field(default_factory=time.perf_counter)
    events: SimpleQueue[str | Done | BaseException] = field(default_factory=SimpleQueue)
    handle: Any = None
    cancelled: bool = False
    output_tokens: int = 0
    first_token_s: float | None = None
    log_probs: list[float] = field(default_factory=list)


class Driver:
    """Runs jobs on a pipeline of `openvino_genai`. `name` is the model's, for messages.

    When a step fails, the jobs of that step fail with it and `reopen` gives a fresh pipeline for the next ones.
    """

    def __init__(self, pipeline: Any, name: str, reopen: Callable[[], Any]) -> None:
        import openvino_genai

        self._status = openvino_genai.GenerationStatus
        self._reason = openvino_genai.GenerationFinishReason
        self._pipeline = pipeline
        self._name = name
        self._reopen = reopen
        self._incoming: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()  # between "is it open?" and putting a job in
        self._stopped: str = ""
        self._numbers = 0
        self._thread = threading.Thread(target=self._drive, name=f"daogou-{name}", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Job:
        """Queue the job. Raises ModelUnavailable once the driver has stopped."""
        with self._lock:
            if self._stopped:
                raise ModelUnavailable(f"{self._name} has stopped: {self._stopped}.", next_step="Open it again.")
            self._incoming.put(job)
        return job

    def events(self, job: Job) -> Iterator[str | Done]:
        """What happens to the job, up to and with its `Done`. Raises ModelTimeout, ModelUnavailable."""
        while True:
            wait = None if job.deadline_s is None else max(job.began + job.deadline_s - time.perf_counter(), 0.0)
            try:
                event = job.events.get(timeout=wait)
            except Empty:
                job.cancelled = True
                raise ModelTimeout(
                    f"{self._name} did not finish within {job.deadline_s} s; {job.output_tokens} tokens were written.",
                    next_step="Raise the deadline or ask for fewer tokens.",
                ) from None
            if isinstance(event, BaseException):
                raise ModelUnavailable(f"{self._name} failed: {event}.", next_step="Ask again.") from event
            yield event
            if isinstance(event, Done):
                return

    def close(self) -> None:
        """Cancel what runs and end the thread."""
        with self._lock:
            self._stopped = self._stopped or "it was closed"
            self._incoming.put(None)
        self._thread.join(_CLOSE_WAIT_S)

    # Below: the driver thread only.

    def _drive(self) -> None:
        running: list[Job] = []
        try:
            while self._take(running):
                try:
                    self._pipeline.step()
                    running = [job for job in running if not self._advance(job)]
                    if not running:
                        self._settle()
                except RuntimeError as failure:  # the engine's own: nothing in this pipeline can be trusted now
                    for job in running:
                        job.events.put(failure)
                    running = []
                    self._pipeline = None  # its memory goes before the next one asks for as much
                    self._pipeline = self._reopen()
            for job in running:
                job.handle.cancel()
                job.events.put(Done("cancelled"))
            self._settle()
            self._refuse("it was closed")
        except BaseException as failure:  # whatever ends this thread must reach every caller that waits
            for job in running:
                job.events.put(failure)
            self._refuse(str(failure) or type(failure).__name__)

    def _settle(self) -> None:
        """Let the engine drop what was cancelled: it does so at the start of a step."""
        while self._pipeline.has_non_finished_requests():
            self._pipeline.step()

    def _refuse(self, why: str) -> None:
        with self._lock:
            self._stopped = why
            while not self._incoming.empty():
                job = self._incoming.get()
                if job is not None:
                    job.events.put(RuntimeError(why))

    def _take(self, running: list[Job]) -> bool:
        """Add what has come in; wait while there is nothing to do. False when closing."""
        while True:
            try:
                job = self._incoming.get(block=not running)
            except Empty:
                return True
            if job is None:
                return False
            if job.cancelled:
                job.events.put(Done("cancelled"))
                continue
            try:
                job.handle = self._add(job)
            except Exception as failure:  # a schema the engine refuses concerns this job alone
                job.events.put(failure)
                continue
            running.append(job)

    def _add(self, job: Job) -> Any:
        import openvino

        self._numbers += 1
        return self._pipeline.add_request(self._numbers, openvino.Tensor(np.array([job.tokens], np.int64)), job.config)

    def _advance(self, job: Job) -> bool:
        """Pass on what the last step gave this job. True when it is over."""
        if job.cancelled:
            job.handle.cancel()
            job.events.put(Done("cancelled"))
            return True
        finish: Finish | None = None
        while job.handle.can_read():
            for output in job.handle.read().values():
                finish = self._absorb(job, output) or finish
        status = job.handle.get_status()
        if finish is None and status == self._status.RUNNING:
            return False
        if finish is None and status == self._status.IGNORED:
            job.events.put(RuntimeError(f"a prompt of {len(job.tokens)} tokens does not fit into its cache"))
            return True
        if job.decoder is not None and (rest := job.decoder.finish()):
            job.events.put(rest)
        if status == self._status.RUNNING:
            job.handle.stop()
        job.events.put(Done(finish or "stop"))
        return True

    def _absorb(self, job: Job, output: Any) -> Finish | None:
        if job.decoder is None:
            job.log_probs.extend(output.generated_log_probs)
        elif output.generated_ids:
            if job.first_token_s is None:
                job.first_token_s = time.perf_counter() - job.began
            job.output_tokens += len(output.generated_ids)
            if piece := job.decoder.push(output.generated_ids):
                job.events.put(piece)
            if job.decoder.stopped:
                return "stop"
        if output.finish_reason == self._reason.LENGTH:
            return "length"
        return "stop" if output.finish_reason == self._reason.STOP else None
