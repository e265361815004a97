"""Flux: an independent restaurant's own sales history, read right from any till's export."""

from importlib.metadata import version

__version__ = version("flux")
