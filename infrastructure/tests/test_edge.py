"""The two pieces of JavaScript that run on AWS, run here by Node: CloudFront's function, and the canary."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from conftest import FOLDER

MODULES = FOLDER / "modules"
PAGES = ["", "dashboard", "dashboard/data", "dashboard/export/[^/]+", "login"]


def run_node(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "--input-type=commonjs", "--eval", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def lead(uri: str, status: int = 200) -> tuple[str, int]:
    """The file that the bucket is asked for, and the status that people get, if the bucket's is this."""
    code = (MODULES / "web" / "pages.js.tftpl").read_text().replace("${pages}", json.dumps(PAGES))
    call = f"""
        const context = (eventType) => ({{ context: {{ eventType }} }});
        const request = handler({{ ...context('viewer-request'), request: {{ uri: {json.dumps(uri)} }} }});
        const response = (uri) => handler({{
          ...context('viewer-response'), request: {{ uri }}, response: {{ statusCode: {status} }},
        }}).statusCode;
        console.log(JSON.stringify([request.uri, response({json.dumps(uri)}), response(request.uri)]));
    """
    done = run_node(code + call)
    assert not done.stderr
    file, asked_as_sent, asked_as_led = json.loads(done.stdout)
    # Whether CloudFront shows the address as it was sent or as it was led, the status is the same.
    assert asked_as_sent == asked_as_led
    return file, asked_as_sent


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/login", "/login.html"),
        ("/login/", "/login.html"),
        ("/dashboard/data", "/dashboard/data.html"),
        ("/dashboard/export/toast", "/dashboard/export/toast.html"),
        ("/_next/static/chunks/main-0f.js", "/_next/static/chunks/main-0f.js"),
        ("/login.txt", "/login.txt"),
    ],
)
def test_an_address_leads_to_its_file(uri: str, file: str) -> None:
    assert lead(uri) == (file, 200)


@pytest.mark.parametrize(
    "uri",
    [
        "/nowhere",
        "/log",
        "/login/more",
        "/LOGIN",
        "/dashboard/export/a/b",
        "/404",
        "/404.html",
        "/..",
        "/logins",
    ],
)
def test_any_other_address_is_the_page_that_says_so_with_404(uri: str) -> None:
    assert lead(uri) == ("/404.html", 404)


def test_a_status_of_the_bucket_is_not_touched() -> None:
    assert lead("/login", status=304) == ("/login.html", 304)
    assert lead("/nowhere", status=503) == ("/404.html", 503)


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, tuple[int, str]]]]:
    """A server on loopback, and what it answers."""
    answers = {"/": (200, "<html><body></body></html>"), "/api/health": (200, '{"status": "ok"}')}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers[self.path]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


def look(url: str) -> str:
    """What the canary says of the site; nothing if all is well."""
    script = f"require({json.dumps(str(MODULES / 'monitoring' / 'canary.js'))}).handler().catch((e) => console.log(e.message))"
    return run_node(script, WEB_URL=url).stdout.strip()


def test_the_canary_is_content_with_a_site_that_works(site: tuple[str, dict[str, Any]]) -> None:
    assert look(site[0]) == ""


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/", (503, ""), "was answered by 503"),
        ("/", (200, "<html><body>"), "is no whole page"),
        ("/api/health", (503, '{"status": "down"}'), "was answered by 503"),
        ("/api/health", (200, '{"status": "degraded"}'), "Flux says that it is degraded"),
        ("/api/health", (200, "<html></html>"), "not valid JSON"),
    ],
)
def test_the_canary_fails_with_a_sentence(
    site: tuple[str, dict[str, Any]], path: str, answer: tuple[int, str], says: str
) -> None:
    url, answers = site
    answers[path] = answer
    assert says in look(url)


def test_the_canary_fails_where_nobody_answers() -> None:
    assert "fetch failed" in look("http://127.0.0.1:1")
