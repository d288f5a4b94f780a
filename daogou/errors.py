"""Every error daogou raises on purpose.

    DaogouError
    ├── InputError                what was given is wrong; the caller can mend it
    │   ├── RecordError           one field of one record breaks a rule
    │   ├── FormatError           a file is not what it was taken for, or cannot be told
    │   ├── AmbiguousColumns      several columns could be meant; the caller must say which
    │   └── QueryError            a request asks for what cannot be asked
    ├── NotFound                  the named thing is not kept here
    ├── SettingsError             a setting is missing, malformed or refused
    ├── StoreError                a database or an index failed
    │   ├── StoreUnavailable      it cannot be reached or is held by another process
    │   └── StoreFull             no space left to write to
    ├── ModelError                a model failed
    │   ├── WeightsMissing        its weights are not on this machine
    │   ├── WeightsCorrupt        its weights are not the ones the manifest names
    │   ├── ModelUnavailable      the endpoint does not answer, or answers nonsense
    │   └── ModelTimeout          it did not finish within its deadline
    └── BenchError                a benchmark could not run

A message names the value, the limit it broke and the next step. `daogou.serve` maps this tree to HTTP statuses in one
table; `daogou.cli` prints the message and exits with `exit_status`.
"""

from __future__ import annotations


class DaogouError(Exception):
    """Root of the tree. `next_step` says what the reader can do about it."""

    exit_status = 1

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InputError(DaogouError):
    """What was given is wrong; the caller can mend it."""

    exit_status = 2


class RecordError(InputError):
    """One field of one record breaks a rule."""

    def __init__(self, field: str, value: object, rule: str, *, next_step: str = "") -> None:
        shown = repr(value)
        if len(shown) > 80:
            shown = f"{shown[:77]}... ({len(shown)} characters)"
        super().__init__(f"{field}: {shown} {rule}.", next_step=next_step)
        self.field = field
        self.value = value
        self.rule = rule


class FormatError(InputError):
    """A file is not what it was taken for, or cannot be told."""


class AmbiguousColumns(InputError):
    """Several columns could be meant; the caller must say which with `--map column=field`."""


class QueryError(InputError):
    """A request asks for what cannot be asked (a negative limit, an unknown facet)."""


class NotFound(DaogouError):
    """The named thing is not kept here."""

    def __init__(self, kind: str, name: str, *, next_step: str = "") -> None:
        super().__init__(f"There is no {kind} {name!r}.", next_step=next_step)
        self.kind = kind
        self.name = name


class SettingsError(DaogouError):
    """A setting is missing, malformed or refused."""

    exit_status = 2


class StoreError(DaogouError):
    """A database or an index failed."""


class StoreUnavailable(StoreError):
    """It cannot be reached or is held by another process."""


class StoreFull(StoreError):
    """No space left to write to."""


class ModelError(DaogouError):
    """A model failed."""


class WeightsMissing(ModelError):
    """Its weights are not on this machine."""


class WeightsCorrupt(ModelError):
    """Its weights are not the ones the manifest names."""


class ModelUnavailable(ModelError):
    """The endpoint does not answer, or answers nonsense."""


class ModelTimeout(ModelError):
    """It did not finish within its deadline."""


class BenchError(DaogouError):
    """A benchmark could not run."""

    exit_status = 2
