"""`make` says in one sentence what the machine lacks, and does nothing twice. Nothing here runs it on the real tree."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

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


def load_in(folder: Path) -> ModuleType:
    """The script as a module that takes the folder for the repository: nothing real is touched."""
    copied = folder / "scripts" / "bootstrap.py"
    copied.parent.mkdir()
    copied.write_text(SCRIPT.read_text())
    spec = spec_from_file_location("bootstrap", copied)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.TOOLS.mkdir()
    return module


def test_a_step_is_done_once_for_the_same_lock_file_and_again_for_another_or_if_its_work_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap = load_in(tmp_path)
    lock, made = tmp_path / "lock", tmp_path / "made"
    lock.write_text("1")
    done: list[int] = []

    def work() -> None:
        done.append(1)
        made.touch()

    def step() -> int:
        bootstrap.step("x", "installing x", bootstrap.digest(lock), made, work)
        return len(done)

    assert [step(), step()] == [1, 1]
    assert capsys.readouterr().out.splitlines()[0] == "flux: installing x ..."
    lock.write_text("2")
    assert [step(), step()] == [2, 2]
    made.unlink()
    assert [step(), step()] == [3, 3]


def test_the_environment_is_the_same_for_the_python_in_it_and_the_one_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap = load_in(tmp_path)
    before = bootstrap.digest()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    assert bootstrap.digest() == before


def test_a_step_that_fails_is_not_taken_for_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap = load_in(tmp_path)
    made = tmp_path / "made"
    made.touch()
    command = [sys.executable, "-c", "import sys; print('no route'); sys.exit(3)"]
    for _ in range(2):
        with pytest.raises(SystemExit, match="could not install x"):
            bootstrap.step("x", "x", "1", made, lambda: bootstrap.run(command, to="install x"))
    assert "no route" in capsys.readouterr().err
