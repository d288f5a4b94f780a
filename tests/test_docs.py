"""Documents are tested: every setting is listed, the README keeps to its two commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daogou.errors import SettingsError
from daogou.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent


def test_every_setting_is_documented_and_no_other() -> None:
    listed = re.findall(r"^\| `(DAOGOU_[A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M)
    assert listed == [f"DAOGOU_{name.upper()}" for name in Settings.model_fields]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_sets_up_with_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_links_in_the_readme_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), f"{name} links to {target}"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("port", 70_000, "DAOGOU_PORT=70000"),
        ("currency", "XXQ", "not an ISO 4217"),
        ("log_level", "loud", "debug, info, warning, error"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(setting: str, value: object, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        read_settings(**{setting: value})


def test_secrets_are_masked() -> None:
    assert "hush" not in repr(read_settings(api_key="hush", token="hush"))
