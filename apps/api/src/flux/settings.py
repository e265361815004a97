"""Every setting of Flux: typed, explained, and refused where its default would be unsafe.

This is the only module that reads the environment. `.env.example` lists the same variables; a test
holds the two equal.
"""

import os
import sys
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PostgresDsn,
    RedisDsn,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from flux.core.vault import fetch_secrets

_FOLDERS = Path(__file__).resolve().parents
# The root of the file system in a Lambda, where the package lies in /var/task and no repository around it.
REPOSITORY = _FOLDERS[min(4, len(_FOLDERS) - 1)]
MIN_SECRET_BYTES = 32


class Environment(StrEnum):
    """Where this process runs; only `development` may use defaults that are not safe."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


def default_data_dir() -> Path:
    """The folder for a laptop's database, uploads and secrets, by the system's convention.

    Root gets a folder outside its home, because PostgreSQL refuses to run as root and the user it
    runs as instead cannot enter root's home.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/flux")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "flux"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "flux"


def env_file() -> Path | None:
    """The file that stands in for variables which are not set; `None` for none."""
    named = os.environ.get("FLUX_ENV_FILE")
    return REPOSITORY / ".env" if named is None else Path(named) if named else None


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _expand(path: Path) -> Path:
    return path.expanduser().absolute()


Folder = Annotated[Path, AfterValidator(_expand)]


class ProcessSettings(BaseSettings):
    """What every process needs.

    From the environment and, for what it lacks, from a file: `.env` beside the README, another by
    FLUX_ENV_FILE, or none if that is empty. A variable NAME_SECRET_ARN names the place of a secret in
    AWS Secrets Manager, from where it is fetched (`core/vault.py`).

    Raises `pydantic.ValidationError` naming each variable that is missing, malformed, or left at a
    value that is only fit for development; what botocore raises if a secret cannot be had.
    """

    model_config = SettingsConfigDict(
        env_file=env_file(),
        env_prefix="FLUX_",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        # A process makes one of these classes; building all of them takes a tenth of a second.
        defer_build=True,
    )

    env: Environment = Environment.DEVELOPMENT
    data_dir: Folder = Field(default_factory=default_data_dir)
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)
    ] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _fetch_secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        return values | fetch_secrets(values)

    @property
    def is_development(self) -> bool:
        return self.env is Environment.DEVELOPMENT


class DatabaseSettings(ProcessSettings):
    """And the database, as the application enters it."""

    database_url: PostgresDsn | None = Field(default=None, validation_alias="DATABASE_URL")
    database_url_secret_arn: str = Field(default="", validation_alias="DATABASE_URL_SECRET_ARN")


class IngestSettings(DatabaseSettings):
    """What a process needs that only reads files into the database, and so has no other secret."""

    store_bucket: str = ""
    store_endpoint: str = ""
    store_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _refuse_unsafe_places(self) -> Self:
        if self.is_development:
            return self
        if self.database_url is None:
            raise ValueError("DATABASE_URL must be set outside development")
        if not self.store_bucket:
            raise ValueError(
                "FLUX_STORE_BUCKET must name the bucket for owners' files outside development: a folder is"
                " seen by one machine alone, and lost with it"
            )
        if self.store_endpoint and not self.store_endpoint.startswith("https://"):
            raise ValueError("FLUX_STORE_ENDPOINT must be an https:// address outside development")
        return self


class MigrateSettings(DatabaseSettings):
    """What the process needs that changes the schema.

    With the administrator's address, and the application's for its password, it makes the roles too.
    """

    database_owner_url: PostgresDsn | None = Field(
        default=None, validation_alias="DATABASE_OWNER_URL"
    )
    database_owner_url_secret_arn: str = Field(
        default="", validation_alias="DATABASE_OWNER_URL_SECRET_ARN"
    )
    database_admin_url: PostgresDsn | None = Field(
        default=None, validation_alias="DATABASE_ADMIN_URL"
    )
    database_admin_url_secret_arn: str = Field(
        default="", validation_alias="DATABASE_ADMIN_URL_SECRET_ARN"
    )


class MailSettings(DatabaseSettings):
    """What a process needs that only sends letters."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    mail_from: str = ""

    @model_validator(mode="after")
    def _refuse_unsafe_letters(self) -> Self:
        if self.is_development:
            return self
        if self.database_url is None:
            raise ValueError("DATABASE_URL must be set outside development")
        if not self.public_url.startswith("https://"):
            raise ValueError(
                "FLUX_PUBLIC_URL must be the https:// address of the web app outside development"
            )
        if not self.mail_from:
            raise ValueError("FLUX_MAIL_FROM must be the sender of Flux's mail outside development")
        return self

    @property
    def web_url(self) -> str:
        """The address of the web app, for links in mail; no slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


class Settings(IngestSettings, MailSettings, MigrateSettings):
    """The settings of every other Flux process, read and refused in the same way."""

    api_port: int = Field(default=8001, ge=1, le=65535)
    web_dir: Folder = REPOSITORY / "apps" / "web" / "out"

    redis_url: RedisDsn | None = Field(default=None, validation_alias="REDIS_URL")
    redis_url_secret_arn: str = Field(default="", validation_alias="REDIS_URL_SECRET_ARN")

    jwt_keys: dict[str, SecretStr] = Field(default_factory=dict)
    jwt_keys_secret_arn: str = ""
    proxy_depth: int = Field(default=0, ge=0, le=10)
    confirm_email: bool | None = None
    max_unfinished_uploads: int = Field(default=100, ge=1)
    max_uploads_an_hour: int = Field(default=300, ge=1)
    max_upload_bytes_a_day: int = Field(default=20 * 1024**3, ge=1)
    # S3 takes parts of 5 MiB and more, but for the last.
    part_bytes: int = Field(default=16 * 1024**2, ge=8 * 1024**2, le=1024**3)
    max_whole_bytes: int = Field(default=100 * 1024**2, ge=1)

    @model_validator(mode="after")
    def _refuse_unsafe_values(self) -> Self:
        short = [
            kid
            for kid, key in self.jwt_keys.items()
            if len(key.get_secret_value().encode()) < MIN_SECRET_BYTES
        ]
        if short:
            raise ValueError(
                f"FLUX_JWT_KEYS: a key is shorter than {MIN_SECRET_BYTES} bytes: {', '.join(short)}"
            )
        if self.is_development:
            return self
        if not self.jwt_keys:
            raise ValueError(
                "FLUX_JWT_KEYS is empty: set at least one signing key outside development"
            )
        if self.redis_url is None:
            raise ValueError("REDIS_URL must be set outside development")
        if "proxy_depth" not in self.model_fields_set:
            raise ValueError(
                "FLUX_PROXY_DEPTH must say how many of your proxies stand in front, 0 for none: wrongly set, all"
                " people share one address, or each may invent their own"
            )
        return self

    @property
    def must_confirm_email(self) -> bool:
        """Whether an account can be used only after the link in its first mail was opened."""
        return not self.is_development if self.confirm_email is None else self.confirm_email

    @property
    def sqlalchemy_url(self) -> str:
        """`DATABASE_URL` with the driver that SQLAlchemy is to use."""
        return sqlalchemy_url(require(self.database_url, "DATABASE_URL"))


def require(value: PostgresDsn | RedisDsn | None, name: str) -> str:
    """The address as text, or a sentence on which variable to set."""
    if value is None:
        raise ValueError(f"{name} is not set. `make up` sets it; elsewhere see .env.example.")
    return str(value)


def sqlalchemy_url(url: str) -> str:
    """A `postgresql://` address in the form that selects the psycopg driver."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings()
