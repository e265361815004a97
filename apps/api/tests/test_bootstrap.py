"""`make` says in one sentence what the machine lacks, and does nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "bootstrap.py"


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env=os.environ | {"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def put_program(folder: Path, name: str, says: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


def test_a_missing_node_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "flux: needs Node.js 20 or newer with npm, and found none."
        " Install it from nodejs.org, then run this again.\n"
    )


def test_an_old_node_is_named_with_its_version(tmp_path: Path) -> None:
    put_program(tmp_path, "node", "v18.20.1")
    put_program(tmp_path, "npm", "10")
    done = run(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"flux: needs Node.js 20 or newer, and {tmp_path / 'node'} is v18.20.1."
        " Update it, then run this again.\n"
    )


def test_an_old_python_is_told_how_to_name_a_newer_one(tmp_path: Path) -> None:
    source = SCRIPT.read_text().replace("NEEDED_PYTHON = (3, 11)", "NEEDED_PYTHON = (9, 0)")
    newer = tmp_path / "bootstrap.py"
    newer.write_text(source)
    done = subprocess.run(
        [sys.executable, newer, "test"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.endswith("Install one, then run: make PYTHON=python3.11 test\n")
    assert done.stderr.count("\n") == 1


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    """With no network tool in sight: every step must find its work done."""
    for name in ("node", "npm"):
        put_program(tmp_path, name, "v20.0.0")
    done = run(tmp_path)
    if "installing" in done.stdout and not os.environ.get("CI"):
        pytest.skip("the environment these tests run in was not made by `make`")
    assert (done.returncode, done.stdout) == (0, "")
