"""The browser tests, against Flux as `make up` starts it: built web app, own data folder, free port.

Run by `make test` and `make e2e`. Needs Chromium; without one it says so and skips, but never in CI.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PNPM = ROOT / ".tools" / "node_modules" / ".bin" / "pnpm"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
READY_SECONDS = 120


def find_browser() -> str | None:
    named = os.environ.get("CHROMIUM_PATH")
    found = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, flux: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and flux.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit("flux: the server for the browser tests did not start; what it said stands above.")


def main() -> int:
    browser = find_browser()
    if browser is None:
        sentence = "no Chromium was found; install one, or set CHROMIUM_PATH to it."
        if os.environ.get("CI"):
            sys.exit(f"flux: the browser tests cannot run: {sentence}")
        print(f"flux: the browser tests are SKIPPED: {sentence}")
        return 0
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="flux browser tests ") as folder:
        Path(folder).chmod(0o755)
        own = {
            "FLUX_DATA_DIR": folder,
            "FLUX_PORT": str(port),
            "FLUX_ENV": "development",
            # As in production: an account is used once its address is confirmed. `make up` does without.
            "FLUX_CONFIRM_EMAIL": "true",
        }
        given = {
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "DATABASE_ADMIN_URL",
            "REDIS_URL",
        }
        env = {name: value for name, value in os.environ.items() if name not in given} | own
        flux = subprocess.Popen([sys.executable, "-m", "flux", "up"], env=env, cwd=ROOT)
        try:
            wait_until_ready(url, flux)
            tests = subprocess.run(
                [PNPM, "--filter", "@flux/web", "e2e", *sys.argv[1:]],
                env=env | {"FLUX_URL": url, "CHROMIUM_PATH": browser},
                cwd=ROOT,
                check=False,
            )
        finally:
            flux.send_signal(signal.SIGTERM)
            stopped = flux.wait(60)
    if stopped != 0:
        sys.exit(f"flux: the server for the browser tests ended with status {stopped}.")
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
