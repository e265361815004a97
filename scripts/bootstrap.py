"""Installs what `make` needs and nothing twice: uv, the Python environment, pnpm, the web's packages.

Runs on any Python 3 with the standard library alone, so that it can say what is missing. Each step
is skipped while the files it depends on are unchanged (stamps in `.tools/`), and prints one line
before it starts, since a cold step takes seconds to a minute.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
STAMPS = TOOLS / "stamps.json"
VENV = ROOT / "apps" / "api" / ".venv"
UV_VERSION = "0.13.9"
NEEDED_PYTHON = (3, 11)
NEEDED_NODE = 20


def fail(sentence):
    sys.exit("flux: " + sentence)


def run(command, to, env=None):
    """Run a command quietly and return what it said; on failure show that, and stop."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=str(ROOT), env=env, check=False
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stdout)
        fail(f"could not {to} (see above). Check the network, then run the same command again.")
    return done.stdout.decode().strip()


def digest(*files):
    # An environment is bound to the Python it was made from, and to where it lies.
    total = hashlib.sha256(f"{sys.version} {sys.base_prefix} {ROOT}".encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def step(name, says, stamp, present, work):
    """Do `work` unless it was done for the same `stamp` and what it made is still there."""
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    if stamps.get(name) == stamp and present.exists():
        return
    print(f"flux: {says} ...", flush=True)
    started = time.monotonic()
    work()
    stamps[name] = stamp
    STAMPS.write_text(json.dumps(stamps, indent=1))
    print(f"flux: {says}: done in {time.monotonic() - started:.0f} s", flush=True)


def check_python():
    if sys.version_info < NEEDED_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        goal = " ".join(sys.argv[1:]) or "up"
        fail(
            f"needs Python 3.11 or newer, and {sys.executable} is {found}."
            f" Install one, then run: make PYTHON=python3.11 {goal}"
        )


def check_node():
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        fail(
            "needs Node.js 20 or newer with npm, and found none."
            " Install it from nodejs.org, then run this again."
        )
    version = run([node, "--version"], to="ask node for its version")
    if int(version.lstrip("v").split(".")[0]) < NEEDED_NODE:
        fail(f"needs Node.js 20 or newer, and {node} is {version}. Update it, then run this again.")


def install_uv():
    environment = TOOLS / "uv"
    shutil.rmtree(str(environment), ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(environment)], capture_output=True, check=False
    )
    if made.returncode:
        fail(
            "could not make a Python environment. On Debian and Ubuntu install python3-venv;"
            " elsewhere install Python from python.org. Then run this again."
        )
    pip = [environment / "bin" / "python", "-m", "pip", "install", "-q"]
    run([*pip, "uv==" + UV_VERSION], to="install uv")


def install_python_packages():
    uv, api = TOOLS / "uv" / "bin" / "uv", ROOT / "apps" / "api"
    env = dict(os.environ, VIRTUAL_ENV=str(VENV))
    run([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], to="make an environment")
    locked = api / "requirements-dev.txt"
    run([uv, "pip", "sync", "-q", "--require-hashes", locked], to="install the packages", env=env)
    run([uv, "pip", "install", "-q", "--no-deps", "-e", api], to="install flux", env=env)


def pnpm_version():
    manager = json.loads((ROOT / "package.json").read_text())["packageManager"]
    return manager.split("@")[1].split("+")[0]


def install_pnpm():
    npm = ["npm", "install", "--silent", "--no-save", "--prefix", TOOLS]
    run([*npm, "pnpm@" + pnpm_version()], to="install pnpm")


def install_node_packages():
    pnpm = TOOLS / "node_modules" / ".bin" / "pnpm"
    run([pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], to="install web packages")


def main():
    check_python()
    check_node()
    TOOLS.mkdir(exist_ok=True)
    api, uv = ROOT / "apps" / "api", TOOLS / "uv" / "bin" / "uv"
    step("uv", "installing uv", UV_VERSION, uv, install_uv)
    step(
        "python",
        "installing the Python packages",
        digest(api / "requirements-dev.txt", api / "pyproject.toml"),
        VENV / "bin" / "python",
        install_python_packages,
    )
    step(
        "pnpm",
        "installing pnpm",
        pnpm_version(),
        TOOLS / "node_modules" / ".bin" / "pnpm",
        install_pnpm,
    )
    manifests = sorted(
        [
            ROOT / "pnpm-lock.yaml",
            ROOT / "package.json",
            *ROOT.glob("apps/*/package.json"),
            *ROOT.glob("packages/*/package.json"),
        ]
    )
    step(
        "web",
        "installing the web packages",
        digest(*manifests),
        ROOT / "node_modules" / ".modules.yaml",
        install_node_packages,
    )


if __name__ == "__main__":
    main()
