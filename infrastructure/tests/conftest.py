"""Terraform's own tests of the root module, run for each environment, and what they planned and made.

Nothing is built: `mock_provider` answers for AWS. Wants a folder in which `terraform init` has been run;
`make infra` gives it one.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("dev", "staging", "prod")


@dataclass(frozen=True)
class Resource:
    """One resource: where it stands, what it is, and its arguments."""

    address: str
    type: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Environment:
    """What Terraform said of one environment.

    Of what is `planned` only that is known which the configuration says; in what was `made`, answers of
    AWS are made up, so that policies which name them can be read.
    """

    name: str
    planned: list[Resource]
    made: list[Resource]
    made_with_timescaledb: list[Resource]
    outputs: dict[str, Any]

    def planned_of(self, kind: str) -> list[Resource]:
        return [each for each in self.planned if each.type == kind]

    def made_of(self, kind: str) -> list[Resource]:
        return [each for each in self.made if each.type == kind]


@cache
def read_environment(name: str) -> Environment:
    """Run tests/environment.tftest.hcl for the environment; a run that fails is a failure here, with its words."""
    said = run_terraform_test("environment", name)
    plan = next(line["test_plan"] for line in said if line["type"] == "test_plan")
    state, timescaledb = (line["test_state"] for line in said if line["type"] == "test_state")
    planned = [
        Resource(each["address"], each["type"], each["change"]["after"])
        for each in plan["resource_changes"]
        if each["mode"] == "managed"
    ]
    return Environment(
        name,
        planned,
        made=list(_walk(state["root_module"])),
        made_with_timescaledb=list(_walk(timescaledb["root_module"])),
        outputs={key: each["value"] for key, each in state["outputs"].items()},
    )


def run_terraform_test(file: str, environment: str) -> list[dict[str, Any]]:
    """What `terraform test` says about one file, line by line, in an environment's workspace."""
    command = [
        *("terraform", "test", "-json", "-verbose", f"-filter=tests/{file}.tftest.hcl"),
        f"-var-file=environments/{environment}.tfvars",
    ]
    done = subprocess.run(
        command,
        cwd=FOLDER,
        env=os.environ | {"TF_WORKSPACE": environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode:
        pytest.fail("\n".join([done.stderr, *map(_explain, said)]), pytrace=False)
    return said


def _explain(line: dict[str, Any]) -> str:
    diagnostic = line.get("diagnostic", {})
    return "\n".join(filter(None, [line["@message"], diagnostic.get("detail")]))


def _walk(module: dict[str, Any]) -> Iterator[Resource]:
    for each in module.get("resources", []):
        if each["mode"] == "managed":
            yield Resource(each["address"], each["type"], each["values"])
    for child in module.get("child_modules", []):
        yield from _walk(child)


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> Environment:
    return read_environment(request.param)


@pytest.fixture
def staging_and_prod() -> tuple[Environment, Environment]:
    return read_environment("staging"), read_environment("prod")
