"""What is said of most files, as codes with values, so that a page can say it in its reader's language.

The sentence itself stays in English for logs, the CLI and whoever has no other; what is rarely said has no code. A
code and the order of its values stay as they are, since reports are stored.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class PhraseCode(StrEnum):
    """A part of a conclusion: what was decided, or why."""

    COLUMN = "column"
    REPORT = "report"
    TEXT = "text"
    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    POINT = "point"
    COMMA = "comma"
    LINE_PRICE = "line_price"
    UNIT_PRICE = "unit_price"
    WITHOUT_TAX = "without_tax"
    HOLDS_TAX = "holds_tax"
    TAX_UNKNOWN = "tax_unknown"
    ORDERS_BY = "orders_by"
    LINE_IS_ORDER = "line_is_order"
    VALUE = "value"
    TILL_NAMES_IT = "till_names_it"
    OF_ITS_NAME = "of_its_name"
    NAME_SAYS_SO = "name_says_so"
    YOU_CHOSE_IT = "you_chose_it"
    YOU_CHOSE_IT_ON = "you_chose_it_on"
    ALL_COLUMNS = "all_columns"
    TEXT_FITS = "text_fits"
    MONTHS_AS_WORDS = "months_as_words"
    YEAR_BEGINS = "year_begins"
    FIRST_ABOVE_12 = "first_above_12"
    SECOND_ABOVE_12 = "second_above_12"
    CUSTOM_OF_COUNTRY = "custom_of_country"
    WHOLE_NUMBERS = "whole_numbers"
    AMOUNTS_SHOW_IT = "amounts_show_it"
    TILL_EXPORTS_IT = "till_exports_it"
    NO_QUANTITY = "no_quantity"
    ONE_UNIT_A_LINE = "one_unit_a_line"
    SAME_FOR_SEVERAL = "same_for_several"
    GROWS_WITH_QUANTITY = "grows_with_quantity"
    TAX_NOT_SHOWN = "tax_not_shown"
    SEVERAL_LINES = "several_lines"
    NO_ORDER_NUMBER = "no_order_number"
    NUMBERS_LINES = "numbers_lines"
    ZONE_OF_RESTAURANT = "zone_of_restaurant"
    NO_OTHER_PLACE = "no_other_place"


_ENGLISH = {
    PhraseCode.COLUMN: "column “{0}”",
    PhraseCode.REPORT: "{0}, {1}",
    PhraseCode.TEXT: "{0}, columns separated by {1}",
    PhraseCode.YEAR_FIRST: "year first",
    PhraseCode.DAY_FIRST: "day first",
    PhraseCode.MONTH_FIRST: "month first",
    PhraseCode.POINT: "point",
    PhraseCode.COMMA: "comma",
    PhraseCode.LINE_PRICE: "“{0}” is the price of a line",
    PhraseCode.UNIT_PRICE: "“{0}” is the price of a unit",
    PhraseCode.WITHOUT_TAX: "“{0}” is without tax",
    PhraseCode.HOLDS_TAX: "“{0}” holds tax",
    PhraseCode.TAX_UNKNOWN: "not known whether “{0}” holds tax",
    PhraseCode.ORDERS_BY: "lines with the same “{0}” on the same business day are one order",
    PhraseCode.LINE_IS_ORDER: "each line is an order of its own",
    PhraseCode.VALUE: "“{0}”",
    PhraseCode.TILL_NAMES_IT: "{0} names it so",
    PhraseCode.OF_ITS_NAME: "of its name",
    PhraseCode.NAME_SAYS_SO: "its name says so",
    PhraseCode.YOU_CHOSE_IT: "you chose it",
    PhraseCode.YOU_CHOSE_IT_ON: "you chose it on {0}",
    PhraseCode.ALL_COLUMNS: "row {0} has all the columns of that report",
    PhraseCode.TEXT_FITS: "all of it can be read that way, and the first rows split into equal columns",
    PhraseCode.MONTHS_AS_WORDS: "months are written as words",
    PhraseCode.YEAR_BEGINS: "dates begin with a four-digit year",
    PhraseCode.FIRST_ABOVE_12: "row {0} has a first part above 12",
    PhraseCode.SECOND_ABOVE_12: "row {0} has a second part above 12",
    PhraseCode.CUSTOM_OF_COUNTRY: "no date decides it, and that is the custom of the restaurant's country ({0})",
    PhraseCode.WHOLE_NUMBERS: "all amounts are whole numbers",
    PhraseCode.AMOUNTS_SHOW_IT: "{0} amounts show it",
    PhraseCode.TILL_EXPORTS_IT: "{0} exports it so",
    PhraseCode.NO_QUANTITY: "there is no quantity: each line is one unit",
    PhraseCode.ONE_UNIT_A_LINE: "every line is of one unit",
    PhraseCode.SAME_FOR_SEVERAL: "prices are the same for one unit and for several (rows that show it: {0})",
    PhraseCode.GROWS_WITH_QUANTITY: "prices grow with the quantity (rows that show it: {0})",
    PhraseCode.TAX_NOT_SHOWN: "the file does not show a word of tax in its name",
    PhraseCode.SEVERAL_LINES: "several lines carry the same “{0}”",
    PhraseCode.NO_ORDER_NUMBER: "the file has no order number",
    PhraseCode.NUMBERS_LINES: "“{0}” differs on every line, so it numbers lines, not orders",
    PhraseCode.ZONE_OF_RESTAURANT: "times without a zone are those of the restaurant",
    PhraseCode.NO_OTHER_PLACE: "column “{0}” names no other",
}


class Phrase(BaseModel):
    """A code and what goes into its sentence, in the order that its English has it."""

    model_config = ConfigDict(frozen=True)

    code: PhraseCode
    values: tuple[str, ...] = ()


class Said(str):
    """The English of a phrase, which it remembers."""

    __slots__ = ("phrase",)
    phrase: Phrase


def say(code: PhraseCode, *values: str) -> Said:
    """The phrase in English."""
    said = Said(_ENGLISH[code].format(*values))
    said.phrase = Phrase(code=code, values=values)
    return said
