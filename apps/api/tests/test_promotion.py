"""What a promotion to production asks for before anybody is asked to approve it: its own lines are run here."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from github import WORKFLOWS, Yaml

DEPLOY = WORKFLOWS["deploy"]

pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and (sys.platform != "linux" or shutil.which("jq") is None),
    reason="the steps are for Linux with jq",
)


def promote_step(name: str) -> Yaml:
    steps: list[Yaml] = DEPLOY["jobs"]["promote"]["steps"]
    (found,) = [each for each in steps if each.get("id") == name]
    return found


def run_step(step: Yaml, folder: Path, gh: str) -> tuple[int, dict[str, str], str]:
    """What a step's lines do where `gh` is this program: status, outputs, and the run's summary."""
    (folder / "gh").write_text(f"#!/bin/sh\n{gh}\n")
    (folder / "gh").chmod(0o755)
    outputs, summary = folder / "outputs", folder / "summary"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={
            "PATH": f"{folder}:{os.environ['PATH']}",
            "GITHUB_REPOSITORY": "flux/flux",
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUN": "77",
            "COMMIT": "c0ffee",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = outputs.read_text() if outputs.exists() else ""
    return (
        done.returncode,
        dict(line.split("=", 1) for line in said.splitlines()),
        summary.read_text() if summary.exists() else "",
    )


GOOD_RUN = {
    "conclusion": "success",
    "event": "push",
    "headBranch": "main",
    "headSha": "c0ffee",
    "workflowName": "Deploy",
    "displayTitle": "fix: a sum",
    "url": "https://github.example/runs/77",
}


@pytest.mark.parametrize(
    ("other", "goes_on"),
    [
        ({}, True),
        ({"conclusion": "failure"}, False),
        ({"event": "workflow_dispatch"}, False),
        ({"headBranch": "trial"}, False),
        ({"workflowName": "CI"}, False),
    ],
)
def test_only_a_run_that_brought_main_to_staging_is_promoted(
    tmp_path: Path, other: dict[str, str], goes_on: bool
) -> None:
    (tmp_path / "answer.json").write_text(json.dumps(GOOD_RUN | other))
    gh = f'test "$1 $2 $3" = "run view 77" && cat "{tmp_path}/answer.json"'
    status, outputs, summary = run_step(promote_step("run"), tmp_path, gh)
    assert (status == 0) == goes_on
    assert outputs == ({"commit": "c0ffee"} if goes_on else {})
    assert ("fix: a sum, commit c0ffee" in summary) == goes_on


@pytest.mark.parametrize("broken", [None, "api.zip", "web.tar", "SHA256SUMS"])
def test_only_what_was_built_and_signed_is_promoted(tmp_path: Path, broken: str | None) -> None:
    """With the digest of the digests, by which the job that deploys knows it again."""
    dist = tmp_path / "dist"
    dist.mkdir()
    lines = []
    for name in ("api.zip", "ingest.zip", "web.tar"):
        (dist / name).write_text(name)
        lines.append(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n")
    (dist / "SHA256SUMS").write_text("".join(lines))
    # It knows the signature of two: what was changed is either not what the digests say, or not signed.
    gh = f"""echo "$@" >> "{tmp_path}/asked"; test "$(basename "$3")" != "{broken}" """
    if broken == "SHA256SUMS":
        (dist / "web.tar").write_text("changed")
    status, outputs, _ = run_step(promote_step("built"), tmp_path, gh)
    assert (status == 0) == (broken is None)
    if broken:
        assert outputs == {}
        return
    digest = hashlib.sha256((dist / "SHA256SUMS").read_bytes()).hexdigest()
    assert outputs == {"digest": digest}
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [each.split()[2] for each in asked] == [
        "dist/api.zip",
        "dist/ingest.zip",
        "dist/web.tar",
    ]
    for each in asked:
        assert "--repo flux/flux --deny-self-hosted-runners" in each
        assert "--signer-workflow flux/flux/.github/workflows/deploy.yml" in each
        assert "--source-ref refs/heads/main --source-digest c0ffee" in each


def test_production_gets_what_was_promoted_and_approved() -> None:
    production = DEPLOY["jobs"]["deploy-production"]["steps"]
    downloads = [
        step["with"]
        for step in [*DEPLOY["jobs"]["promote"]["steps"], *production]
        if "download-artifact" in step.get("uses", "")
    ]
    assert [each["run-id"] for each in downloads] == ["${{ inputs.run }}"] * 2
    (checkout,) = [each for each in production if "actions/checkout@" in each.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ needs.promote.outputs.commit }}"
    (approved,) = [each for each in production if "run" in each]
    assert approved["env"] == {"DIGEST": "${{ needs.promote.outputs.digest }}"}
    assert approved["run"] == 'echo "$DIGEST  dist/SHA256SUMS" | sha256sum --check --strict'
    assert production[-1]["uses"] == "./.github/actions/deploy"
    # A commit that is pushed does not go back: whoever reverts one leaves its migration in place.
    assert production[-1]["with"]["may-go-back"] == "true"
    assert "may-go-back" not in DEPLOY["jobs"]["deploy-staging"]["steps"][-1]["with"]
