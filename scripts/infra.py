"""Checks the Terraform of `infrastructure/`: format, validity, the promises in `tests/`, and checkov.

Run by `make infra`; folders below `infrastructure/` as arguments (`.` for the root) limit it to those. The
root's promises are for each environment in its own workspace, so pytest runs them. Works on a copy, so that
neither `.terraform` nor a lock file with a mirror's checksums is left in the tree.

Providers come from the registry; or from the mirror that the file named by TF_CLI_CONFIG_FILE describes; or,
where neither is, from one that ../shared/terraform makes, stand-ins that know the providers' schemas alone.
Where a part cannot run, this says so and skips it; in CI that is a failure.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "infrastructure"
PLUGINS = ROOT / ".tools" / "terraform-plugins"
# As a tool apart: what it wants of other packages does not suit the API.
CHECKOV = (
    ROOT / ".tools/uv/bin/uvx",
    "--quiet",
    "--python",
    sys.executable,
    "--from",
    "checkov==3.3.30",
    "checkov",
)
MIRROR_KIT = ROOT.parent / "shared" / "terraform" / "setup.sh"
MIRROR = ROOT / ".tools" / "terraform-mirror"
NEEDED_TERRAFORM = (1, 11)
# What the root reads of the rest of the repository: the pages; and its tests the variables, the prices and the deploy.
ALSO_COPIED = ("apps/web/app", ".env.example", "docs/runbooks/cost.md", ".github/actions/deploy")
MODULE_FILES = ("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "tests")
NOT_COPIED = shutil.ignore_patterns(
    ".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.tfplan", "__pycache__"
)
# What `terraform init` says when it finds no way to the providers, as against a mistake in the code.
NO_PROVIDERS = (
    "Failed to query available provider packages",
    "Failed to install provider",
    "Registry service unreachable",
)


def skip(part: str, sentence: str) -> None:
    """Say that a part cannot run; in CI, where nobody reads that, it is a failure."""
    if os.environ.get("CI") or os.environ.get("GITHUB_ACTIONS"):
        sys.exit(f"flux: {part} cannot run: {sentence}")
    print(f"flux: SKIPPED, {part}: {sentence}", flush=True)


def attempt(words: list[str | Path], times: int) -> subprocess.CompletedProcess[str]:
    """Run what asks a registry, which may be busy for a moment."""
    while True:
        done = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        times -= 1
        if done.returncode == 0 or times == 0:
            return done
        time.sleep(5)


def terraform_problem() -> str | None:
    """Why terraform cannot be used here, as a sentence; `None` if it can."""
    if shutil.which("terraform") is None:
        return "terraform was not found; install 1.11 or newer from developer.hashicorp.com."
    said = subprocess.run(
        ["terraform", "version", "-json"], capture_output=True, text=True, check=True
    ).stdout
    version = str(json.loads(said)["terraform_version"])
    if tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < NEEDED_TERRAFORM:
        return f"terraform is {version}; install 1.11 or newer."
    settings = os.environ.get("TF_CLI_CONFIG_FILE")
    if settings and not Path(settings).exists() and not MIRROR_KIT.exists():
        return f"TF_CLI_CONFIG_FILE names {settings}, which does not exist."
    return None


def provider_environment() -> dict[str, str]:
    """The environment for terraform; downloaded providers are kept, unless a mirror serves them."""
    env = dict(os.environ, TF_IN_AUTOMATION="1", TF_INPUT="0", CHECKPOINT_DISABLE="1")
    settings = env.get("TF_CLI_CONFIG_FILE")
    if MIRROR_KIT.exists() and not (settings and Path(settings).exists()):
        env["TF_CLI_CONFIG_FILE"] = str(make_mirror())
        # A third less work, for memory. The real providers, which are written in Go too, would want too much of it.
        env.setdefault("GOGC", "400")
    if "TF_CLI_CONFIG_FILE" not in env and "TF_PLUGIN_CACHE_DIR" not in env:
        PLUGINS.mkdir(parents=True, exist_ok=True)
        env["TF_PLUGIN_CACHE_DIR"] = str(PLUGINS)
        env["TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE"] = "1"
    return env


def make_mirror() -> Path:
    """The file that describes the mirror of stand-ins; made once."""
    described = MIRROR / "terraform.rc"
    if not described.exists():
        print("flux: making stand-ins for Terraform's providers ...", flush=True)
        done = attempt(["sh", MIRROR_KIT, MIRROR], times=3)
        if done.returncode:
            sys.exit(f"{done.stdout}flux: {MIRROR_KIT} failed.")
    return described


def terraform(folder: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *words, "-no-color"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def missing_files(folder: Path) -> list[str]:
    """What a module must have and has not; a root folder is not held to it."""
    if folder.parent.name != "modules":
        return []
    return [name for name in MODULE_FILES if not (folder / name).exists()]


def last_line(said: str) -> str:
    """The runner's own summary; a warning that follows it is not one."""
    lines = [line for line in said.splitlines() if line.startswith(("Success!", "Failure!"))]
    return lines[-1] if lines else said.strip().splitlines()[-1]


def initialise(folder: Path, name: str, env: dict[str, str]) -> bool | None:
    """Whether the folder's providers are in place; `None` if they could not be had."""
    missing = missing_files(folder)
    if missing:
        print(f"{name}: FAILED: a module has also {', '.join(missing)}", flush=True)
        return False
    done = terraform(folder, env, "init", "-backend=false")
    if any(sign in done.stdout for sign in NO_PROVIDERS):
        print(done.stdout, end="", flush=True)
        return None
    if done.returncode:
        print(f"{done.stdout}{name}: FAILED: terraform init", flush=True)
    return done.returncode == 0


def check_folder(folder: Path, name: str, env: dict[str, str]) -> bool:
    """Whether the folder's Terraform is in order."""
    steps = [("fmt", "-check", "-diff", "-recursive"), ("validate",)]
    has_python = bool(list(folder.glob("tests/test_*.py")))
    if list(folder.glob("tests/*.tftest.hcl")) and not has_python:
        steps.append(("test",))
    began = time.monotonic()
    for words in steps:
        done = terraform(folder, env, *words)
        if done.returncode:
            print(f"{done.stdout}{name}: FAILED: terraform {' '.join(words)}", flush=True)
            return False
    if has_python:
        return run_pytest(folder, name, env)
    print(f"{name}: {last_line(done.stdout)} ({time.monotonic() - began:.0f} s)", flush=True)
    return True


def run_pytest(folder: Path, name: str, env: dict[str, str]) -> bool:
    """Whether the Python tests of a folder pass; they run `terraform test` themselves."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}{name}: FAILED: pytest", flush=True)
        return False
    print(f"{name}: {done.stdout.strip().splitlines()[-1]}", flush=True)
    return True


def prepare_checks(copy: Path, wanted: list[str]) -> list[Callable[[], bool]]:
    """The checks of each folder that says which providers it needs, to be run in any order."""
    env = provider_environment()
    found = {
        path.parent.relative_to(copy).as_posix(): path.parent for path in copy.rglob("versions.tf")
    }
    unknown = [name for name in wanted if name not in found]
    if unknown:
        sys.exit(
            f"flux: no Terraform in {', '.join(unknown)}; there is {', '.join(sorted(found))}."
        )
    checks: list[Callable[[], bool]] = []
    for folder in sorted(wanted or found):
        name = f"infrastructure/{folder}".removesuffix("/.")
        # One at a time: a folder for downloaded providers does not take two at once.
        fine = initialise(found[folder], name, env)
        if fine is None:
            skip(
                "the Terraform checks",
                "the providers could not be had; connect to registry.terraform.io, or set"
                " TF_CLI_CONFIG_FILE to a file that names a mirror.",
            )
            return []
        checks.append(partial(check_folder, found[folder], name, env) if fine else lambda: False)
    return checks


def run_checkov(copy: Path) -> bool:
    found = attempt([*CHECKOV, "--version"], times=3)
    if found.returncode:
        skip("checkov", f"it could not be installed: {found.stdout.strip()}")
        return True
    words = ["--framework", "terraform", "--skip-path", "tests", "--skip-download"]
    done = attempt([*CHECKOV, "--directory", copy, *words, "--quiet", "--compact"], times=1)
    print(done.stdout.strip(), flush=True)
    return done.returncode == 0


def copy_to(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def main() -> int:
    wanted = [name.removeprefix("infrastructure/").rstrip("/") for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="flux-infra-") as folder:
        copy = Path(folder) / "infrastructure"
        shutil.copytree(SOURCE, copy, ignore=NOT_COPIED)
        for name in ALSO_COPIED:
            copy_to(ROOT / name, Path(folder) / name)
        checks: list[Callable[[], bool]] = []
        problem = terraform_problem()
        if problem:
            skip("the Terraform checks", problem)
        else:
            checks = prepare_checks(copy, wanted)
        # All run, so that one look shows everything that is wrong; the longest, the root, comes first.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = [pool.submit(check) for check in (*checks, partial(run_checkov, copy))]
        *folders, checkov = (result.result() for result in results)
    if folders:
        print(f"flux: terraform: {sum(folders)} folders in order, {folders.count(False)} not.")
    return 0 if all(folders) and checkov else 1


if __name__ == "__main__":
    sys.exit(main())
