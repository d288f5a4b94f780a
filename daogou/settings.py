"""Settings: typed, read once from `DAOGOU_…` variables, secrets masked.

Only `guide.py`, `cli.py` and `serve` read them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from daogou.errors import SettingsError


class Settings(BaseSettings):
    """Every setting, its default and its meaning. `docs/settings.md` lists them; a test compares."""

    model_config = SettingsConfigDict(env_prefix="DAOGOU_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("~/.daogou"), description="Where one store keeps its data")
    weights: Path = Field(default=Path("~/.cache/daogou"), description="Where model weights are kept, shared by stores")
    database: str = Field(default="", description="sqlite:///PATH or postgresql+psycopg://…; empty: SQLite in `home`")
    index: str = Field(default="", description="edge:PATH or qdrant+http(s)://HOST:PORT; empty: Qdrant Edge in `home`")
    encoder: str = Field(default="embedded", description="embedded, https://HOST/v1#MODEL, sentence-transformers:NAME")
    llm: str = Field(
        default="embedded", description="embedded[:NAME], none, https://HOST/v1#MODEL, llamacpp:PATH, scripted:PATH"
    )
    api_key: SecretStr = Field(default=SecretStr(""), description="Key of the language model's and encoder's endpoints")
    currency: str = Field(default="CNY", description="ISO 4217 code of the store's prices")
    rates: dict[str, float] = Field(
        default_factory=dict, description='What one unit of another currency costs: {"USD": 7.0}'
    )
    name: str = Field(default="daogou", description="The store's name, as shoppers see it")
    notice: str = Field(default="", description="One line shown on every page (the demo says its data are simulated)")
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=8321, ge=0, le=65535, description="Port the server listens on; 0 takes a free one")
    token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token the merchant's write calls need; empty: open"
    )
    turn_deadline_s: float = Field(default=8.0, gt=0, le=120, description="After this a turn goes on without the model")
    log_level: str = Field(default="info", description="debug, info, warning, error")

    @field_validator("home", "weights")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        from daogou.records import CURRENCIES

        if value.upper() not in CURRENCIES:
            raise ValueError(f"{value!r} is not an ISO 4217 currency code")
        return value.upper()

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value not in {"debug", "info", "warning", "error"}:
            raise ValueError(f"{value!r} is not one of debug, info, warning, error")
        return value

    @property
    def database_address(self) -> str:
        return self.database or f"sqlite:///{self.home / 'store.sqlite3'}"

    @property
    def index_address(self) -> str:
        return self.index or f"edge:{self.home / 'index'}"


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment, `overrides` first. Raises SettingsError naming variable, value and rule."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as failure:
        first = failure.errors(include_url=False)[0]
        name = "DAOGOU_" + "_".join(str(part) for part in first["loc"]).upper()
        rule = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(
            f"{name}={first['input']!r}: {rule}.", next_step="`daogou doctor` shows all settings."
        ) from None
