"""The packages of the Lambdas, unpacked into empty folders, do their work with nothing else on the path.

Run by `make package`, not by `make test`: it needs the package index. Where it runs on the platform and the
Python of production, as on GitHub, what is proven here is byte for byte what is shipped.
"""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lambdas.cloud import ORIGIN, Cloud
from lambdas.instance import Browser
from lambdas.journey import migrate_twice, travel

API = Path(__file__).resolve().parents[2]
SHIPPED = API / "dist"
# Twice what is promised, since processors differ: this finds a library that is no longer loaded late, not a slow machine.
FIRST_ANSWER_SECONDS = 3


def build(out: Path) -> dict[str, dict[str, Any]]:
    script = API / "scripts" / "package_lambda.py"
    subprocess.run([sys.executable, script, "--here", "--out", out], check=True)
    return read(out)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads((folder / "packages.json").read_text())
    return known


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    build(folder)
    return folder


def unpack(built: Path, name: str) -> Path:
    folder = built / name
    if not folder.exists():
        with zipfile.ZipFile(built / f"{name}.zip") as archive:
            archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def api(built: Path) -> Path:
    return unpack(built, "api")


@pytest.fixture(scope="session")
def ingest(built: Path) -> Path:
    return unpack(built, "ingest")


def test_two_builds_are_the_same_to_the_byte(built: Path, tmp_path: Path) -> None:
    first, shipped = read(built), read(SHIPPED)
    platform = ("python", "architecture")
    is_shipped = all(first["api.zip"][each] == shipped["api.zip"][each] for each in platform)
    assert (shipped if is_shipped else build(tmp_path)) == first


def test_the_packages_hold_just_what_is_said_of_them(built: Path) -> None:
    for name, most in (("api", 120e6), ("ingest", 200e6)):
        with zipfile.ZipFile(built / f"{name}.zip") as archive:
            entries = archive.infolist()
        assert sum(each.file_size for each in entries) <= most
        assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert not [each for each in entries if each.filename.startswith(("flux/local/", "bin/"))]
        # Whoever made a library is named, and its licence is there, as most of them ask for.
        assert [each for each in entries if each.filename.endswith("dist-info/METADATA")]
        assert [each for each in entries if "/licenses/" in each.filename]


def test_from_an_empty_database_to_figures_by_the_packages_alone(
    cloud: Cloud, api: Path, ingest: Path
) -> None:
    travel(cloud, api, ingest)


@pytest.mark.parametrize("name", ["api", "mail", "migrate", "ingest", "sweep"])
def test_nothing_is_imported_but_the_package_and_the_standard_library(
    cloud: Cloud, api: Path, ingest: Path, name: str
) -> None:
    folder = ingest if name in ("ingest", "sweep") else api
    standard = sysconfig.get_path("stdlib")
    with cloud.start(name, folder) as instance:
        files = {each: file for each, file in instance.modules.items() if file}
    assert files["flux"].startswith(str(folder))
    for module, file in files.items():
        assert file.startswith((str(folder), standard)), module
        assert "site-packages" not in file, module
    # These take most of a second together, and are imported once they are asked for.
    assert not {"boto3", "botocore"} & instance.modules.keys()


@pytest.fixture
def migrated(cloud: Cloud) -> Cloud:
    migrate_twice(cloud)
    return cloud


def first_answer(cloud: Cloud, folder: Path) -> tuple[float, float]:
    """Seconds of a processor for the modules of a new instance, and until its first answer."""
    with cloud.start("api", folder) as instance:
        imported = instance.processor_seconds
        status, _ = Browser(instance, ORIGIN).request("GET", "/api/health")
        assert status == 200
        return imported, instance.processor_seconds


def test_a_cold_api_gives_its_first_answer_in_time(
    migrated: Cloud, api: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the secrets fetched and the database asked, which is hardly waited for on one machine.

    The best of five, and by the processor's time: others work on this machine too.
    """
    measured = [first_answer(migrated, api) for _ in range(5)]
    imported, answered = (min(each) for each in zip(*measured, strict=True))
    with capsys.disabled():
        said = f"{imported:.2f} s to import, {answered:.2f} s to the first answer"
        sys.stdout.write(f"\nflux: api.zip, cold, in seconds of a processor: {said}\n")
    assert answered <= FIRST_ANSWER_SECONDS
