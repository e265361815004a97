"""Runs the tests of the last release on the schema of today: while a deploy shifts, its code works on that.

Run by `make compatible`. A release is a tag `v...`; `--tag` names another commit. Before the first release there is no
code that the schema must suit: then a few tests of the commit at hand show that this would find it.
Left out are the tests of the schema itself, which has changed, and of what a laptop alone has.
"""

import argparse
import io
import os
import secrets
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from flux.core.migrate import upgrade_schema
from flux.core.roles import create_roles
from flux.local.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
TEMPLATE = "flux_today"
BEFORE_THE_FIRST = ("restaurants",)
ROOMS = (
    "auth",
    "health",
    "ingestion",
    "insights",
    "lambdas",
    "mail",
    "restaurants",
    "team",
    "uploads",
)
# Their subject is what a release knows of the schema, or they start servers of their own.
LEFT_OUT = ("lambdas/test_instances.py", "health/test_health.py")


def last_release() -> str | None:
    words = ["git", "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def check_out(tag: str, folder: Path) -> Path:
    """The API of that commit, with an environment of its own, beside all that its tests read of the rest."""
    words = ["git", "archive", tag]
    packed = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    api = folder / "apps" / "api"
    env = os.environ | {"VIRTUAL_ENV": str(api / ".venv")}
    for words in (
        ["venv", "-q", "--python", sys.executable, api / ".venv"],
        ["pip", "sync", "-q", "--require-hashes", api / "requirements-dev.txt"],
        ["pip", "install", "-q", "--no-deps", "-e", api],
    ):
        subprocess.run([UV, *words], env=env, check=True)
    return api


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--tag", default=last_release())
    parser.add_argument("rooms", nargs="*")
    arguments = parser.parse_args()
    tag = arguments.tag or "HEAD"
    rooms = arguments.rooms or (ROOMS if arguments.tag else BEFORE_THE_FIRST)
    if arguments.tag is None:
        print("flux: no release yet (a tag v...): a few tests of this very commit instead.")
    print(f"flux: the tests of {tag} on the schema of today ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="flux-compatible-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        api = check_out(tag, folder)
        secret = secrets.token_hex(16)
        postgres = EmbeddedPostgres(
            folder / "postgres", admin_password=secret, log_file=folder / "log", fsync=False
        )
        postgres.start()
        try:
            admin = postgres.url()
            create_roles(admin, database=TEMPLATE, owner_password=secret, app_password=secret)
            upgrade_schema(postgres.url(user="flux_owner", password=secret, database=TEMPLATE))
            found = [f"tests/{room}" for room in rooms if (api / "tests" / room).exists()]
            left_out = [f"--ignore=tests/{each}" for each in LEFT_OUT]
            own = {"DATABASE_ADMIN_URL": admin, "FLUX_TEST_TEMPLATE": TEMPLATE}
            return subprocess.run(
                [api / ".venv/bin/python", "-m", "pytest", "-n", "2", *left_out, *found],
                cwd=api,
                env=os.environ | own,
                check=False,
            ).returncode
        finally:
            postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
