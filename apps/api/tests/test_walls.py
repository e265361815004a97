"""Rules of the house that no single feature owns."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI

import flux
from owner import open_client

SOURCE = Path(flux.__file__).parent
PUBLIC = {
    ("GET", "/api/health"),
    ("GET", "/api/health/live"),
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/logout"),
    ("POST", "/api/auth/password/forgot"),
    ("POST", "/api/auth/password/reset"),
    ("POST", "/api/auth/email/verify"),
    ("POST", "/api/auth/email/resend"),
    ("POST", "/api/team/invitations/show"),
    ("POST", "/api/team/invitations/accept"),
}
MAX_LINES = 400
MAX_FUNCTION_LINES = 60


def modules() -> Iterator[tuple[str, ast.Module, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text()
        yield str(path.relative_to(SOURCE)), ast.parse(text), text


async def test_every_route_is_public_by_name_or_refuses_the_signed_out(app: FastAPI) -> None:
    routes = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    assert routes >= PUBLIC
    async with open_client(app) as client:
        for method, path in sorted(routes - PUBLIC):
            filled = re.sub(r"{\w+}", "01890000-0000-7000-8000-000000000000", path)
            answer = await client.request(method, filled)
            assert (answer.status_code, answer.json()["code"]) == (401, "signed_out"), (
                method,
                path,
            )


def test_only_the_settings_and_flux_up_read_the_environment() -> None:
    reading = {name for name, _, text in modules() if re.search(r"os\.environ|getenv", text)}
    # One tells Polars how many threads to have, which is read from there.
    assert reading == {"settings.py", "local/up.py", "ingestion/__init__.py"}


def test_the_api_does_without_the_library_that_only_reading_a_whole_file_needs() -> None:
    """It is more than half of what a Lambda may weigh, and a quarter of a second to import."""
    asked = "import sys, flux.main; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_nobody_but_the_transaction_of_the_request_commits() -> None:
    for name, tree, _ in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "commit":
                raise AssertionError(f"{name}:{node.lineno} commits; services flush")


def test_nobody_raises_http_errors_by_hand() -> None:
    """But for the two places that stand in for the framework itself."""
    raising = {
        name
        for name, tree, _ in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and "HTTPException" in ast.dump(node)
    }
    assert raising == {"core/middleware.py", "core/web.py"}


def test_ingestion_knows_nothing_of_http() -> None:
    for name, tree, _ in modules():
        if not name.startswith("ingestion/"):
            continue
        for node in ast.walk(tree):
            imported = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )
            for module in imported:
                assert not module.startswith(("fastapi", "starlette", "httpx")), name
                assert not module.startswith(("flux.auth", "flux.uploads", "flux.insights")), name


def test_time_is_read_from_the_clock_alone() -> None:
    """So that tests can turn it. Durations are measured by the monotonic clocks."""
    for name, _, text in modules():
        if name != "core/clock.py":
            assert not re.search(r"datetime\.now|utcnow|time\.time\(|date\.today", text), name


def test_files_and_functions_stay_small_enough_to_read() -> None:
    for name, tree, text in modules():
        assert text.count("\n") <= MAX_LINES, name
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno
                assert lines <= MAX_FUNCTION_LINES, f"{name}: {node.name} has {lines} lines"


def test_every_module_and_public_function_says_what_it_promises() -> None:
    """Routes' docstrings are in the OpenAPI document; a missing one would be a hole in it."""
    for name, tree, text in modules():
        assert not text or ast.get_docstring(tree), name
        if name.endswith("routes.py"):
            for node in tree.body:
                if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    assert ast.get_docstring(node), f"{name}: {node.name}"
