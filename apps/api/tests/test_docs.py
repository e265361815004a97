"""What the documents say is there is there: settings, targets, commands, paths, tests and sections."""

import json
import os
import re
import subprocess
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from flux.cli import app
from flux.core.rls import APP_ROLE, OWNER_ROLE
from flux.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
# Explained in .env.example, but not read by the API: by docker-compose.yml, and by the web's build and tests.
NOT_SETTINGS = {
    "FLUX_ENV_FILE",
    "FLUX_CONTAINER_PASSWORD",
    "CHROMIUM_PATH",
    "FLUX_URL",
    "FLUX_WRITE_PICTURES",
    "FLUX_GALLERY",
    "FLUX_TEST_TEMPLATE",
    "CI",
}
# Written by the browser tests on request, and made by `make setup`.
PICTURE = "docs/dashboard.png"
MADE_BY_SETUP = (".tools", "apps/api/.venv", "apps/api/dist", "node_modules")
TOP_LEVEL = {"apps", "docs", "packages", "scripts", ".tools"}


def document_id(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.fixture(params=DOCUMENTS, ids=document_id)
def document(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


def quoted(text: str) -> list[str]:
    """What stands in backticks on one line."""
    return re.findall(r"`([^`\n]+)`", text)


@cache
def makefile() -> str:
    return (ROOT / "Makefile").read_text()


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):", makefile(), re.MULTILINE))


def test_the_example_of_the_environment_lists_just_the_variables_of_the_settings() -> None:
    prefix = str(Settings.model_config["env_prefix"])
    wanted = {
        str(field.validation_alias or f"{prefix}{name}".upper())
        for name, field in Settings.model_fields.items()
    }
    listed = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(wanted | NOT_SETTINGS)


def test_every_variable_of_the_example_is_explained_and_left_at_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in pairwise(lines):
        assert not re.match(r"[A-Z]", line), f"{line} should be commented out"
        if re.match(r"# [A-Z_]+=", line):
            assert re.match(r"# \S+ \S+ ", before), f"{line} is not explained"


def test_the_variables_that_the_web_reads_are_in_the_example() -> None:
    read = set(re.findall(r"process\.env\.(\w+)", (ROOT / "apps/web/env.ts").read_text()))
    listed = (ROOT / ".env.example").read_text()
    assert read
    assert [name for name in read if f"{name}=" not in listed] == []


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        path = (document.parent / target.split("#")[0]).resolve()
        if not re.match(r"[a-z]+:", target) and path != ROOT / PICTURE:
            assert path.exists(), target


def test_the_picture_is_the_one_that_the_browser_tests_write() -> None:
    assert f"({PICTURE})" in (ROOT / "README.md").read_text()
    assert PICTURE in (ROOT / "apps/web/e2e/pictures.ts").read_text()


def test_every_path_that_is_named_exists(document: Path) -> None:
    for words in quoted(document.read_text()):
        for word in words.split():
            name = word.rstrip("/.,")
            if name.split("/")[0] not in TOP_LEVEL or name == PICTURE or "NNNN" in name:
                continue
            if "/" in name and not name.startswith(MADE_BY_SETUP):
                assert (ROOT / name).exists(), name


def test_every_file_of_a_room_that_is_named_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    source = ROOT / "apps" / "api" / "src" / "flux"
    for name in re.findall(r"`([a-z_/]+\.py)`", text):
        assert list(source.glob(f"**/{name}")) or (ROOT / name).exists(), name


def test_every_test_that_is_named_exists(document: Path) -> None:
    defined = "".join(path.read_text() for path in (ROOT / "apps/api/tests").rglob("test_*.py"))
    for name in re.findall(r"`(test_[a-z0-9_]+)`", document.read_text()):
        assert f"def {name}(" in defined, name


def test_every_make_target_that_is_named_exists(document: Path) -> None:
    text = document.read_text()
    in_code = "\n".join([*quoted(text), *re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)])
    for target in re.findall(r"\bmake (?:[A-Z_]+=\S+ )*([a-z][a-z0-9-]*)", in_code):
        assert target in make_targets(), target


def test_make_help_lists_every_target_that_has_a_description() -> None:
    described = re.findall(r"^([a-z0-9-]+):.*## (.+)$", makefile(), re.MULTILINE)
    environment = {"PATH": os.environ["PATH"]}
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {"up", "test", "dev", "fix"} <= {name for name, _ in described}
    assert [line.split(maxsplit=1) for line in shown] == [list(pair) for pair in described]


def test_the_readme_names_every_target_that_make_help_shows() -> None:
    named = set(re.findall(r"`make ([a-z0-9-]+)`", (ROOT / "README.md").read_text()))
    assert set(re.findall(r"^([a-z0-9-]+):.*## ", makefile(), re.MULTILINE)) <= named


def test_every_flux_command_that_is_named_exists(document: Path) -> None:
    commands = set(typer.main.get_group(app).commands)
    for words in quoted(document.read_text()):
        if found := re.match(r"(?:\S*/)?flux ([a-z]+)", words):
            assert found[1] in commands, words


@pytest.mark.parametrize("decision", DECISIONS, ids=document_id)
def test_every_decision_has_its_sections(decision: Path) -> None:
    text = decision.read_text()
    assert text.startswith(f"# {decision.name[:4]}: ")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    for wanted in ("Context", "Decision", "What it costs", "The test that holds it"):
        assert wanted in sections, wanted
    assert {"What was measured", "What was seen"} & set(sections)


def test_decisions_are_numbered_without_gaps_or_doubles() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def test_the_containers_are_pinned_checked_and_open_to_this_machine_only() -> None:
    assert set(services()) == {"postgres", "valkey"}
    volumes = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["volumes"]
    for name, service in services().items():
        assert re.search(r":\d+\.\d+\.\d+(-\w+)?$", service["image"]), service["image"]
        assert service["healthcheck"]["test"], name
        assert service["ports"], name
        assert all(port.startswith("127.0.0.1:") for port in service["ports"]), name
        assert all(volume.split(":")[0] in volumes for volume in service["volumes"]), name
    assert "timescaledb.telemetry_level=off" in services()["postgres"]["command"]


def test_the_addresses_given_for_the_containers_are_settings_that_reach_them() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    given = dict(re.findall(r"^#\s+([A-Z_]+)=(\S+)$", text, flags=re.MULTILINE))
    assert set(given) == {"DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL"}
    settings = Settings(_env_file=None, **given)
    ports = {name: int(each["ports"][0].split(":")[1]) for name, each in services().items()}
    default = re.search(r"\$\{FLUX_CONTAINER_PASSWORD:-([^}]+)\}", text)
    assert default
    databases = (
        (settings.database_admin_url, "postgres"),
        (settings.database_owner_url, OWNER_ROLE),
        (settings.database_url, APP_ROLE),
    )
    for address, role in databases:
        assert address is not None
        host = address.hosts()[0]
        assert (host["username"], host["host"], host["port"]) == (
            role,
            "127.0.0.1",
            ports["postgres"],
        )
        assert host["password"] == default[1]
    assert settings.database_url is not None
    assert settings.database_owner_url is not None
    assert settings.database_url.path == settings.database_owner_url.path
    assert settings.redis_url is not None
    assert (settings.redis_url.port, settings.redis_url.password) == (ports["valkey"], default[1])


def test_the_hooks_download_nothing_and_change_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    repositories = yaml.safe_load(text)["repos"]
    assert [each["repo"] for each in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(MADE_BY_SETUP), hook["entry"]
        assert not re.search(r"--(fix|write)\b", hook["entry"])


def test_every_python_package_is_locked_by_hash_and_no_lock_names_a_host() -> None:
    project = tomllib.loads((ROOT / "apps/api/pyproject.toml").read_text())
    wanted = {"requirements.txt": project["project"]["dependencies"]}
    wanted["requirements-dev.txt"] = [
        *wanted["requirements.txt"],
        *project["dependency-groups"]["dev"],
    ]
    for name, requirements in wanted.items():
        text = (ROOT / "apps/api" / name).read_text()
        assert "://" not in text
        entries = [part for part in re.split(r"\n(?=\S)", text) if not part.startswith("#")]
        assert all(" --hash=sha256:" in entry for entry in entries)
        locked = {entry.split("==")[0] for entry in entries}
        assert {re.split(r"[\[<>=~! ]", each)[0] for each in requirements} <= locked


def test_the_python_project_answers_to_the_same_tasks_as_the_web() -> None:
    tasks = json.loads((ROOT / "turbo.json").read_text())["tasks"]
    scripts = json.loads((ROOT / "apps/api/package.json").read_text())["scripts"]
    assert set(scripts) == set(tasks)
    for task, script in scripts.items():
        for command in script.split(" && "):
            assert command.split()[0].endswith(".tools/uv/bin/uv"), task
