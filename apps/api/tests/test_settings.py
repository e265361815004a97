"""Settings refuse what is unsafe outside development, and never repeat a secret."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from flux.main import create_app
from flux.settings import REPOSITORY, IngestSettings, Settings, default_data_dir, env_file

SAFE: dict[str, Any] = {
    "env": "production",
    "DATABASE_URL": "postgresql://flux_app:secret-a@db/flux",
    "REDIS_URL": "redis://:secret-b@cache/0",
    "jwt_keys": {"k1": "k" * 32},
    "public_url": "https://app.flux.test",
    "mail_from": "Flux <mail@flux.test>",
    "proxy_depth": 1,
    "store_bucket": "flux-prod-app-data",
}


def make(**changes: Any) -> Settings:
    return Settings(_env_file=None, **(SAFE | changes))


@pytest.fixture(autouse=True)
def _no_variables_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "FLUX_ENV", "FLUX_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("env", ["staging", "production"])
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"jwt_keys": {}}, "FLUX_JWT_KEYS"),
        ({"jwt_keys": {"k1": "short-secret"}}, "FLUX_JWT_KEYS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"public_url": ""}, "FLUX_PUBLIC_URL"),
        ({"public_url": "http://app.flux.test"}, "FLUX_PUBLIC_URL"),
        ({"mail_from": ""}, "FLUX_MAIL_FROM"),
        ({"store_bucket": ""}, "FLUX_STORE_BUCKET"),
        ({"store_endpoint": "http://secret-store.test"}, "FLUX_STORE_ENDPOINT"),
    ],
)
def test_an_unsafe_value_is_refused_outside_development_by_name_and_without_its_value(
    env: str, changes: dict[str, Any], named: str
) -> None:
    assert make(env=env).env == env
    with pytest.raises(ValidationError) as refused:
        make(env=env, **changes)
    assert named in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("env", ["staging", "production"])
def test_how_many_proxies_stand_in_front_must_be_said_outside_development(env: str) -> None:
    unsaid = {name: value for name, value in SAFE.items() if name != "proxy_depth"}
    with pytest.raises(ValidationError, match="FLUX_PROXY_DEPTH"):
        Settings(_env_file=None, **unsaid | {"env": env})
    assert make(env=env, proxy_depth=0).proxy_depth == 0


def test_addresses_must_be_confirmed_everywhere_but_on_a_laptop() -> None:
    assert make(env="production").must_confirm_email
    assert make(env="staging").must_confirm_email
    assert not make(env="development").must_confirm_email
    assert make(env="development", confirm_email=True).must_confirm_email


def test_links_in_mail_lead_to_the_web_app() -> None:
    assert make(public_url="https://app.flux.test/").web_url == "https://app.flux.test"
    assert make(env="development", public_url="", port=8010).web_url == "http://127.0.0.1:8010"


@pytest.mark.parametrize("env", ["staging", "production"])
def test_reading_files_needs_the_database_and_the_bucket_and_no_other_secret(env: str) -> None:
    needed = {"env": env, "DATABASE_URL": SAFE["DATABASE_URL"], "store_bucket": "flux-app-data"}
    settings = IngestSettings(_env_file=None, **needed)
    assert set(settings.model_fields_set) == {"env", "database_url", "store_bucket"}
    for name, named in {
        "DATABASE_URL": "DATABASE_URL",
        "store_bucket": "FLUX_STORE_BUCKET",
    }.items():
        lacking = {each: value for each, value in needed.items() if each != name}
        with pytest.raises(ValidationError, match=named):
            IngestSettings(_env_file=None, **lacking)


def test_the_settings_can_be_read_where_no_repository_is_around_them() -> None:
    """In a Lambda the package lies in /var/task, too near the root to have a folder for `.env`."""
    place = "/var/task/flux/settings.py"
    source = (REPOSITORY / "apps/api/src/flux/settings.py").read_text()
    read: dict[str, Any] = {"__file__": place, "__name__": "flux.settings"}
    exec(compile(source, place, "exec"), read)  # noqa: S102 (our own source)
    assert read["REPOSITORY"] == Path("/")


def test_a_short_signing_key_is_refused_everywhere() -> None:
    with pytest.raises(ValidationError, match="FLUX_JWT_KEYS"):
        make(env="development", jwt_keys={"k1": "short"})


def test_development_needs_no_settings_at_all() -> None:
    settings = Settings(_env_file=None)
    assert settings.is_development
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_printing_the_settings_shows_no_key() -> None:
    assert "kkkk" not in repr(make())


def test_root_keeps_its_data_where_another_user_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/flux")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "flux"


def test_the_data_folder_may_begin_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert make(data_dir="~/flux 2").data_dir == Path("/somewhere/flux 2")


async def test_the_api_does_not_start_without_its_keys(app_url: str, redis_url: str) -> None:
    settings = Settings(_env_file=None, DATABASE_URL=app_url, REDIS_URL=redis_url)
    app = create_app(settings)
    with pytest.raises(ValueError, match="Not set: FLUX_JWT_KEYS, FLUX_STORE_SECRET"):
        async with app.router.lifespan_context(app):
            pass


def test_the_file_of_settings_can_be_another_or_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLUX_ENV_FILE", str(tmp_path / "other.env"))
    assert env_file() == tmp_path / "other.env"
    monkeypatch.setenv("FLUX_ENV_FILE", "")
    assert env_file() is None
    monkeypatch.delenv("FLUX_ENV_FILE")
    assert env_file() == REPOSITORY / ".env"


def test_the_level_of_the_log_may_be_written_small_and_must_exist() -> None:
    assert make(log_level="info").log_level == "INFO"
    with pytest.raises(ValidationError):
        make(log_level="loud")


def test_both_usual_spellings_of_a_database_address_name_the_driver() -> None:
    for scheme in ("postgres", "postgresql"):
        url = make(DATABASE_URL=f"{scheme}://flux_app:x@db/flux").sqlalchemy_url
        assert url == "postgresql+psycopg://flux_app:x@db/flux"
