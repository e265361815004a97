"""The workflows and actions of `.github`, as GitHub reads them."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
GITHUB = ROOT / ".github"
Yaml = dict[str, Any]


def load(path: Path) -> Yaml:
    # YAML 1.1 takes the word `on` for a truth.
    text = re.sub(r"^on:", '"on":', path.read_text(), flags=re.MULTILINE)
    read: Yaml = yaml.safe_load(text)
    return read


WORKFLOWS = {path.stem: load(path) for path in sorted((GITHUB / "workflows").glob("*.yml"))}
ACTIONS = {path.parent.name: load(path) for path in sorted((GITHUB / "actions").glob("*/*.yml"))}
