"""All that is decided about a file before its first line is read."""

from dataclasses import dataclass, replace
from typing import BinaryIO

from flux.ingestion.cells import DateOrder, DecimalSign
from flux.ingestion.decode import Decoding, decide_decoding, read_records
from flux.ingestion.formats import Field
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.phrases import Said
from flux.ingestion.recognise import Layout, recognise_header
from flux.ingestion.report import Conclusion
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.tax import take_samples


@dataclass(frozen=True)
class Conventions:
    """How to read the cells of one file; `location` is the one it names, or empty."""

    date_order: DateOrder
    decimal_sign: DecimalSign
    amount: Field
    price_meaning: PriceMeaning
    restaurant: Restaurant
    order: Field | None
    location: str
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[Said, ...]

    def reads_like(self, other: "Conventions") -> bool:
        """Whether both make the same of every cell, whatever the reasons."""
        return replace(self, conclusions=(), warnings=()) == replace(
            other, conclusions=(), warnings=()
        )


@dataclass(frozen=True)
class FileReading:
    """What was decided."""

    decoding: Decoding
    layout: Layout
    conventions: Conventions

    def conclusions(self) -> list[Conclusion]:
        return [
            *self.decoding.conclusions(),
            *self.layout.conclusions(),
            *self.conventions.conclusions,
        ]


def find_layout(file: BinaryIO, restaurant: Restaurant) -> tuple[Decoding, Layout]:
    """How the bytes become rows, and which column is which. Raises `FileRefusedError`."""
    decoding = decide_decoding(file)
    layout = recognise_header(read_records(file, decoding), restaurant.choices)
    decoding = replace(decoding, width=len(layout.names))
    return decoding, replace(layout, samples=take_samples(read_records(file, decoding), layout))
