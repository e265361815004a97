"""`python -m flux`: the same as the `flux` command, for folders whose path a script cannot hold."""

from flux.cli import app

app()
