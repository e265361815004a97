"""What every module promises to whoever calls it, read from its files."""

import re
from pathlib import Path

import pytest

from conftest import FOLDER

MODULES = sorted(path for path in (FOLDER / "modules").iterdir() if path.is_dir())
FOLDERS = [FOLDER, FOLDER / "bootstrap", *MODULES]


@pytest.fixture(params=[FOLDER / "bootstrap", *MODULES], ids=lambda path: str(path.name))
def module(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


def read_blocks(folder: Path, kind: str) -> dict[str, str]:
    """The blocks of that kind in a folder's files, by name."""
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.tf")))
    return dict(re.findall(rf'^{kind} "(\w+)" \{{\n(.*?)^\}}', text, re.MULTILINE | re.DOTALL))


def test_the_modules_are_those_of_the_table() -> None:
    table = re.findall(
        r"^\| \[(\w+)\]\(modules/\1/README\.md\)", (FOLDER / "README.md").read_text(), re.M
    )
    assert sorted(table) == [path.name for path in MODULES]


def test_every_variable_says_what_it_is_and_refuses_what_it_is_not(module: Path) -> None:
    variables = read_blocks(module, "variable")
    assert variables
    for name, block in variables.items():
        assert re.search(r'^  description = ".{10,}"$', block, re.M), name
        assert re.search(r"^  type +=", block, re.M), name
        assert re.search(r'^    error_message = "[A-Z].{15,}\."$', block, re.M), name


def test_no_variable_is_a_switch(module: Path) -> None:
    for name, block in read_blocks(module, "variable").items():
        assert not re.search(r"\bbool\b|^  default ", block, re.M), name


def test_every_variable_is_seen_to_refuse(module: Path) -> None:
    tests = "\n".join(path.read_text() for path in (module / "tests").glob("*.tftest.hcl"))
    refused = " ".join(re.findall(r"expect_failures = \[(.*?)\]", tests, re.DOTALL))
    for name in read_blocks(module, "variable"):
        assert re.search(rf"\bvar\.{name}\b", refused), name


def test_every_rule_of_the_root_is_seen_to_refuse() -> None:
    tests = (FOLDER / "tests/refusals.tftest.hcl").read_text()
    refused = " ".join(re.findall(r"expect_failures = \[(.*?)\]", tests, re.DOTALL))
    for name, block in read_blocks(FOLDER, "variable").items():
        if "validation {" in block:
            assert re.search(rf"\bvar\.{name}\b", refused), name


def test_the_page_of_a_module_names_its_inputs_and_outputs(module: Path) -> None:
    page = (module / "README.md").read_text()
    for name in read_blocks(module, "variable") | read_blocks(module, "output"):
        assert f"`{name}`" in page, name


def test_every_promise_of_a_page_is_a_run_that_there_is(module: Path) -> None:
    tests = "\n".join(path.read_text() for path in (module / "tests").glob("*.tftest.hcl"))
    runs = re.findall(r'^run "(\w+)"', tests, re.MULTILINE)
    page = (module / "README.md").read_text()
    promised = page[page.index("## What it promises") :].split("\n## ")[0]
    # The last column of its table.
    cells = " ".join(re.findall(r"^\|.*\|(.*)\|$", promised, re.MULTILINE))
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)(?:`|_…)", cells))
    assert len(named) > 5
    for name in named:
        assert [run for run in runs if run.startswith(name)], name


def test_every_exception_of_checkov_has_its_reason_beside_it() -> None:
    skips = [
        found
        for folder in FOLDERS
        for path in folder.glob("*.tf")
        for found in re.findall(r"checkov:skip=(.*)", path.read_text())
    ]
    assert len(skips) > 30
    for skip in skips:
        assert re.fullmatch(r"CKV2?_AWS_\d+:\S.{15,}", skip), skip


def test_the_state_is_encrypted_and_locked_by_a_file() -> None:
    backend = (FOLDER / "backend.tf").read_text()
    for argument in ('key          = "flux.tfstate"', "encrypt      = true", "use_lockfile = true"):
        assert argument in backend
    assert 'state_key    = "flux.tfstate"' in (FOLDER / "bootstrap/main.tf").read_text()


def test_no_provider_is_free_to_change_under_us() -> None:
    for folder in FOLDERS:
        text = (folder / "versions.tf").read_text()
        assert 'required_version = ">= 1.11"' in text, folder
        found = re.findall(r' version = "(.*)"', text)
        assert len(found) == text.count(" source ") > 0, folder
        # What is applied takes one version, so that production has the providers of staging; a module takes what it is given.
        if folder in (FOLDER, FOLDER / "bootstrap"):
            assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in found), folder
        else:
            assert set(found) <= {"~> 6.0", "~> 2.0"}, folder


def test_another_account_is_refused_and_what_is_made_is_tagged() -> None:
    for folder, environment in ((FOLDER, "var.environment"), (FOLDER / "bootstrap", '"shared"')):
        text = (folder / "versions.tf").read_text()
        assert "allowed_account_ids = [var.account_id]" in text, folder
        (tags,) = re.findall(r"^  default_tags \{\n    tags = \{\n(.*?)^    \}", text, re.M | re.S)
        given = dict(re.findall(r"^ +(\w+) += (.+)$", tags, re.M))
        assert set(given) == {"Project", "Environment", "ManagedBy", "Root"}, folder
        assert given["Environment"] == environment, folder
