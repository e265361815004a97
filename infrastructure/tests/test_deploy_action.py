"""The lines of `.github/actions/deploy` that call Terraform, run as they stand: real Terraform, its state in an S3 server."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import yaml
from moto.server import ThreadedMotoServer

from conftest import FOLDER

ACTION = FOLDER.parent / ".github" / "actions" / "deploy" / "action.yml"
REGION = "eu-central-1"
MADE_UP = "testing"
# In the place of what is built on AWS: it takes the same variables, and says what it was told.
INFRASTRUCTURE = """
variable "environment" {}
variable "packages" { type = map(string) }
variable "package_files" { type = map(string) }
variable "cache_password" { ephemeral = true }
variable "server" { default = "small" }

resource "terraform_data" "database" { triggers_replace = var.server }

resource "terraform_data" "built" {
  input = {
    workspace   = terraform.workspace
    environment = var.environment
    packages    = var.packages
    files       = { for name, path in var.package_files : name => filesha256(path) }
  }
}

output "built" { value = terraform_data.built.output }
"""
pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and not all(map(shutil.which, ("jq", "sha256sum", "openssl"))),
    reason="the lines are for Linux with jq, sha256sum and openssl",
)

# A server on this machine is no AWS, and has one name for all buckets.
ON_THIS_MACHINE = """
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
"""


@pytest.fixture
def state() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    httpx.post(f"http://{host}:{port}/moto-api/reset").raise_for_status()
    s3 = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name=REGION,
        aws_access_key_id=MADE_UP,
        aws_secret_access_key=MADE_UP,
    )
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
    yield s3
    s3.close()
    server.stop()


def check_out(folder: Path) -> Path:
    """A fresh runner: the repository's backend, two packages and a file of variables for each environment."""
    root = folder / "infrastructure"
    (root / "environments").mkdir(parents=True)
    backend = (FOLDER / "backend.tf").read_text()
    assert backend.count('backend "s3" {\n') == 1
    (root / "backend.tf").write_text(
        backend.replace('backend "s3" {\n', f'backend "s3" {{{ON_THIS_MACHINE}')
    )
    (root / "main.tf").write_text(INFRASTRUCTURE)
    for name in ("staging", "prod"):
        (root / "environments" / f"{name}.tfvars").write_text(f'environment = "{name}"\n')
    (folder / "dist").mkdir()
    for name in ("api", "ingest"):
        (folder / "dist" / f"{name}.zip").write_text(name)
    return root


def deploy(root: Path, workspace: str, state: Any) -> subprocess.CompletedProcess[str]:
    """How the lines ended, and all that they printed."""
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    (step,) = [each for each in steps if "terraform apply" in each.get("run", "")]
    given = {
        "TF_WORKSPACE": workspace,
        "STATE_BUCKET": "state",
        "STATE_KEY": f"arn:aws:kms:{REGION}:111122223333:key/11112222-3333-4444-8555-666677778888",
        "STATE_REGION": REGION,
    }
    assert step["env"].keys() == given.keys() | {"TF_IN_AUTOMATION", "TF_INPUT"}
    # Nothing of what this machine knows of AWS.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=root,
        env=ours
        | step["env"]
        | given
        | {
            "RUNNER_TEMP": str(root.parent),
            "CHECKPOINT_DISABLE": "1",
            "AWS_ENDPOINT_URL_S3": state.meta.endpoint_url,
            "AWS_ACCESS_KEY_ID": MADE_UP,
            "AWS_SECRET_ACCESS_KEY": MADE_UP,
            "AWS_REGION": REGION,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_each_environment_is_built_from_a_fresh_runner_the_first_time_and_the_next(
    state: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "werkzeug")
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("api", "ingest")}
    for number, workspace in enumerate(["staging", "prod", "staging"]):
        done = deploy(check_out(tmp_path / str(number)), workspace, state)
        assert done.returncode == 0, done.stdout
        outputs = json.loads((tmp_path / str(number) / "outputs.json").read_text())
        assert outputs["built"]["value"] == {
            "workspace": workspace,
            "environment": workspace,
            "packages": digests,
            "files": digests,
        }
        (masked,) = re.findall(r"^::add-mask::([0-9a-f]{64})$", done.stdout, re.MULTILINE)
        assert done.stdout.count(masked) == 1
    keys = {each["Key"] for each in state.list_objects_v2(Bucket="state")["Contents"]}
    assert keys == {"env:/staging/flux.tfstate", "env:/prod/flux.tfstate"}
    # What bootstrap gives the role of a deploy: its own state, and a look at that of no workspace, which nobody writes.
    asked = set(re.findall(r"(HEAD|GET|PUT|DELETE) /state/([^? ]+)", caplog.text))
    assert {key for _, key in asked} == {
        "flux.tfstate",
        *(
            f"env:/{name}/flux.tfstate{end}"
            for name in ("staging", "prod")
            for end in ("", ".tflock")
        ),
    }
    assert {method for method, key in asked if key == "flux.tfstate"} <= {"HEAD", "GET"}


def test_a_plan_that_destroys_what_holds_data_is_not_applied(
    state: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terraform's own words of the plan, with a database in the place of the resource that is to be replaced."""
    programs = tmp_path / "bin"
    programs.mkdir()
    real = shutil.which("terraform")
    (programs / "terraform").write_text(
        f'#!/bin/sh\nif [ "$1" = show ]; then "{real}" "$@" | sed "s/terraform_data.database/aws_db_instance.this/g;'
        f' s/\\"type\\":\\"terraform_data\\",\\"name\\":\\"database\\"/\\"type\\":\\"aws_db_instance\\"/g";'
        f' else exec "{real}" "$@"; fi\n'
    )
    (programs / "terraform").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    root = check_out(tmp_path / "first")
    assert deploy(root, "staging", state).returncode == 0
    (before,) = state.list_objects_v2(Bucket="state", Prefix="env:/staging/flux.tfstate")[
        "Contents"
    ]

    (root / "environments" / "staging.tfvars").write_text(
        'environment = "staging"\nserver = "large"\n'
    )
    done = deploy(root, "staging", state)
    assert done.returncode == 1
    assert "::error::Not applied, since it would destroy aws_db_instance.this (docs" in done.stdout
    (after,) = state.list_objects_v2(Bucket="state", Prefix="env:/staging/flux.tfstate")["Contents"]
    assert after["ETag"] == before["ETag"]
