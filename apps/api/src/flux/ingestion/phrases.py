"""All that is said of a file, as codes with values, so that a page can say it in its reader's language.

The sentence itself stays in English for logs, the CLI and whoever has no other. A code and the order of its values
stay as they are, since reports are stored.
"""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict


class PhraseCode(StrEnum):
    """A part of a conclusion, what was decided or why, or of a warning; with its sentence in English."""

    english: str

    def __new__(cls, code: str, english: str) -> Self:
        made = str.__new__(cls, code)
        made._value_, made.english = code, english
        return made

    COLUMN = "column", "column “{0}”"
    REPORT = "report", "{0}, {1}"
    TEXT = "text", "{0}, columns separated by {1}"
    YEAR_FIRST = "year_first", "year first"
    DAY_FIRST = "day_first", "day first"
    MONTH_FIRST = "month_first", "month first"
    POINT = "point", "point"
    COMMA = "comma", "comma"
    LINE_PRICE = "line_price", "“{0}” is the price of a line"
    UNIT_PRICE = "unit_price", "“{0}” is the price of a unit"
    WITHOUT_TAX = "without_tax", "“{0}” is without tax"
    HOLDS_TAX = "holds_tax", "“{0}” holds tax"
    TAX_UNKNOWN = "tax_unknown", "not known whether “{0}” holds tax"
    ORDERS_BY = "orders_by", "lines with the same “{0}” on the same business day are one order"
    LINE_IS_ORDER = "line_is_order", "each line is an order of its own"
    VALUE = "value", "“{0}”"
    TILL_NAMES_IT = "till_names_it", "{0} names it so"
    OF_ITS_NAME = "of_its_name", "of its name"
    NAME_SAYS_SO = "name_says_so", "its name says so"
    YOU_CHOSE_IT = "you_chose_it", "you chose it"
    YOU_CHOSE_IT_ON = "you_chose_it_on", "you chose it on {0}"
    ALL_COLUMNS = "all_columns", "row {0} has all the columns of that report"
    TEXT_FITS = (
        "text_fits",
        "all of it can be read that way, and the first rows split into equal columns",
    )
    MONTHS_AS_WORDS = "months_as_words", "months are written as words"
    YEAR_BEGINS = "year_begins", "dates begin with a four-digit year"
    FIRST_ABOVE_12 = "first_above_12", "row {0} has a first part above 12"
    SECOND_ABOVE_12 = "second_above_12", "row {0} has a second part above 12"
    CUSTOM_OF_COUNTRY = (
        "custom_of_country",
        "no date decides it, and that is the custom of the restaurant's country ({0})",
    )
    WHOLE_NUMBERS = "whole_numbers", "all amounts are whole numbers"
    AMOUNTS_SHOW_IT = "amounts_show_it", "{0} amounts show it"
    TILL_EXPORTS_IT = "till_exports_it", "{0} exports it so"
    NO_QUANTITY = "no_quantity", "there is no quantity: each line is one unit"
    ONE_UNIT_A_LINE = "one_unit_a_line", "every line is of one unit"
    SAME_FOR_SEVERAL = (
        "same_for_several",
        "prices are the same for one unit and for several (rows that show it: {0})",
    )
    GROWS_WITH_QUANTITY = (
        "grows_with_quantity",
        "prices grow with the quantity (rows that show it: {0})",
    )
    TAX_NOT_SHOWN = "tax_not_shown", "the file does not show a word of tax in its name"
    SEVERAL_LINES = "several_lines", "several lines carry the same “{0}”"
    NO_ORDER_NUMBER = "no_order_number", "the file has no order number"
    NUMBERS_LINES = "numbers_lines", "“{0}” differs on every line, so it numbers lines, not orders"
    ZONE_OF_RESTAURANT = "zone_of_restaurant", "times without a zone are those of the restaurant"
    NO_OTHER_PLACE = "no_other_place", "column “{0}” names no other"
    TOAST_OTHER_REPORTS = (
        "toast_other_reports",
        "Toast lists refunds, tips and gratuity in other reports; they are not in this one.",
    )
    TOAST_REFUNDS = (
        "toast_refunds",
        "Toast lists refunds in its Payment Details; they are not in this report.",
    )
    SHOPIFY_REFUNDS = (
        "shopify_refunds",
        "Shopify does not say when an order was refunded; refunds count for the time of their order.",
    )
    CLOVER_REFUNDS = (
        "clover_refunds",
        "Clover does not mark every refund in its list of line items, so sales may be a little too high.",
    )
    LIGHTSPEED_OUTLETS = (
        "lightspeed_outlets",
        "Lightspeed does not say at which outlet a sale was made. If you have several, export this one alone.",
    )
    DATES_GUESSED = (
        "dates_guessed",
        "Dates were read {0}: {1}. If that is wrong, export a longer period.",
    )
    ORDERS_NOT_APART = (
        "orders_not_apart",
        "Orders cannot be told apart: {0}. Sums are right; counts of orders are counts of lines.",
    )
    ROWS_MISSING = (
        "rows_missing",
        "Row {0} gives a total of {1}, but the rows that were counted add up to {2}. Some may be missing: tills"
        " cut long exports off. Export a shorter period and compare.",
    )
    CUT_LESS = (
        "cut_less",
        "The file was cut: the last row says that the orders come to {0} {1}, and the {2} orders above it come to"
        " {3}, which is {4} less.",
    )
    CUT_MORE = (
        "cut_more",
        "The file was cut: the last row says that the orders come to {0} {1}, and the {2} orders above it come to"
        " {3}, which is {4} more.",
    )
    TILL_STOPS = "till_stops", "{0} {1} stops at {2} orders without a word: export shorter periods."
    SUM_DIFFERS = (
        "sum_differs",
        "1 order comes to another sum than its lines: {0}, whose lines come to {1}, while the till's list of"
        " orders says {2} {3}. Sales are counted by the lines.",
    )
    SUMS_DIFFER = (
        "sums_differ",
        "{0} orders come to another sum than their lines: first {1}, whose lines come to {2}, while the till's"
        " list of orders says {3} {4}. Sales are counted by the lines.",
    )
    NOT_UNDONE = (
        "not_undone",
        "This upload could not be undone, and what was counted stays as it was. {0}",
    )
    NOT_READ_AGAIN = (
        "not_read_again",
        "Reading this file again failed, and what was counted stays as it was. {0}",
    )
    PROBLEM = "problem", "{0}"
    ZONE = "zone", "{0}"
    AND = "and", "{0} and {1}"
    ALSO = "also", "{0}; {1}"
    ROUNDED = "rounded", "a spreadsheet program has rounded “{0}” (row {1})"
    ROUNDED_ALIKE = (
        "rounded_alike",
        "a spreadsheet program has rounded “{0}” (row {1}), so different orders may look like one",
    )
    CURRENCY_DECIMALS = "currency_decimals", "amounts in {0} have {1} decimals"
    CURRENCY_WHOLE = "currency_whole", "amounts in {0} have no decimals"
    TAX_OUTSIDE = "tax_outside", "the amounts are without tax"
    TAX_OUTSIDE_OR_NONE = (
        "tax_outside_or_none",
        "the amounts are without tax, but for rows without a net price, which have none",
    )
    TAX_ON_TOP_OUTSIDE = (
        "tax_on_top_outside",
        "the amounts are without tax that is added on top; tax within the prices is in them",
    )
    TAX_ON_TOP_UNKNOWN = (
        "tax_on_top_unknown",
        "the amounts are without tax that is added on top; whether tax within prices is in them, is not known",
    )
    WITH_TAX_IT_IS = (
        "with_tax_it_is",
        "with “{0}” it is “{1}”, in each of the first rows that have tax: {2}",
    )
    WITHOUT_TAX_IT_IS = (
        "without_tax_it_is",
        "without “{0}” it is “{1}”, in each of the first rows that have tax: {2}",
    )
    TAX_UNRELATED = "tax_unrelated", "the file does not show how “{0}” goes with it"
    ROW_OF = "row_of", "1 row: {0}"
    ROWS_OF = "rows_of", "{0} rows: {1}"
    FILE_SAYS_SO = "file_says_so", "the file says so, first in row {0}"
    REFUNDS_APART = "refunds_apart", "refunds, taken off the sales"
    CHARGES_APART = "charges_apart", "tips, service and delivery, not counted as sales"
    DEFERRED_APART = "deferred_apart", "gift cards and the like, not counted as sales"
    FREE_APART = "free_apart", "of a price of 0, counted as given away"
    NOTHING_MISSING = "nothing_missing", "no row is missing"
    ADDS_UP = "adds_up", "they add up to row {0}"
    SOLD = "sold", "sold"
    REFUNDED = "refunded", "refunded"
    A_CHARGE = "a_charge", "a charge"
    PAID_IN_ADVANCE = "paid_in_advance", "paid in advance"
    VOIDED = "voided", "voided"
    CANCELLED = "cancelled", "cancelled"
    NOT_PAID_YET = "not_paid_yet", "not paid yet"
    ONLY_PRACTICE = "only_practice", "only practice"
    DELETED = "deleted", "deleted"
    OF_ANOTHER_LOCATION = "of_another_location", "of another location"
    TOTAL_OF_OTHERS = "total_of_others", "a total of other rows"
    SUMS_OF_ALL = "sums_of_all", "the sums of all orders"
    SUM_OF_SALE = "sum_of_sale", "the sum of a sale, whose lines have the items"
    A_PAYMENT = "a_payment", "a payment"
    CASH_MOVED = "cash_moved", "cash put in or taken out"
    STAFF_TIP = "staff_tip", "a tip for the staff"
    SUBSIDY = "subsidy", "a subsidy"
    BROKEN_OFF = "broken_off", "broken off before it was paid"
    ONLY_ORDERED = "only_ordered", "only ordered; the receipt has it again"
    MOVED = "moved", "moved from one bill to another"
    UNPAID_INVOICE = "unpaid_invoice", "an invoice that is not paid yet"
    GIVEN_TO_STAFF = "given_to_staff", "given to the staff"
    NO_SALE = "no_sale", "no sale"
    PAYMENT_FAILED = "payment_failed", "not paid: the payment failed"
    EXCHANGED = "exchanged", "exchanged"
    FILE = "file", "the file “{0}”"
    MORE_FILES = "more_files", "{0} more files"
    HOLD_NO_SALES = "hold_no_sales", "they hold no sales"
    ZIP_KINDS = "zip_kinds", "of a zip only CSV files and Excel workbooks (.xlsx) are read"
    LIST_OF_ORDERS = (
        "list_of_orders",
        "It is the {0}: orders without what was sold in them. Upload it by itself to add tips and tax.",
    )
    UNKNOWN_AMONG_KNOWN = (
        "unknown_among_known",
        "It is no report that Flux knows, and others in the archive are.",
    )
    SAME_FILE = "same_file", "It is the same file as “{0}”."
    ROWS_OF_FILE = "rows_of_file", "“{0}” is rows {1} to {2}"
    MORE_JOINED = "more_joined", "and {0} more in the order of their names"
    SALES_LIST = "sales_list", "a list of sales"
    SAME_COLUMNS = "same_columns", "all are {0} with the same columns"
    ORDERS_OF_FILE = "orders_of_file", "orders of “{0}”: {1}"
    IN_EARLIER_FILE = "in_earlier_file", "they stand with the same lines in an earlier file too"
    FILLED_SHEET = "filled_sheet", "it is the only one with anything on it"
    POSSIBLE_SHEET = "possible_sheet", "it is the only one that could be a table of sales"
    ONLY_SHEET = "only_sheet", "of {0} sheets only this one has such columns: {1}"
    OTHER_SHEET = "other_sheet", "{0}. “{1}”: {2}"
    COUNTED_BY_LINES = (
        "counted_by_lines",
        "{0} of {1} count once, by their lines; this list adds their tax, tips and charges",
    )
    SOLD_ITEMS_KNOWN = "sold_items_known", "Flux has them from the till's list of sold items"
    TAKEN_AWAY = "taken_away", "{0} orders were taken away, {1} put back from other files"
    YOU_ASKED = "you_asked", "you asked for it"
    LINE_SUBTOTALS = "line_subtotals", "“Subtotal” of each line"
    LINE_SUBTOTALS_TIMES = (
        "line_subtotals_times",
        "“Subtotal” of each line, times “Quantity” in sales of which it is for one unit: {0}",
    )
    SALE_ADDS_UP = (
        "sale_adds_up",
        "the lines of a sale add up to the sale's own, which is after discounts and without tax",
    )
    UNCLEAR_SALES = "unclear_sales", "sales of which all lines are refused: {0}"
    UNCLEAR_ORDERS = "unclear_orders", "orders of which all rows are refused: {0}"
    FIGURES_CLASH = (
        "figures_clash",
        "their figures do not fit together; each refused row says which",
    )
    PRICE_LESS_DISCOUNTS = (
        "price_less_discounts",
        "each line's price times its quantity, less discounts and the tax in it",
    )
    ORDER_ADDS_UP = "order_adds_up", "they add up to Subtotal and Total, order by order"
    REFUNDED_ORDERS = (
        "refunded_orders",
        "refunded orders with lines of their own below the last row: {0}",
    )
    NO_REFUND_ROWS = "no_refund_rows", "the export has no rows for refunds, only “Refunded Amount”"
    DSFINVK_TABLES = (
        "dsfinvk_tables",
        "rows are those of {0}, with amounts from {1} and times from {2}",
    )
    DSFINVK_EXPORT = "dsfinvk_export", "the zip is a DSFinV-K export"
    RECEIPTS_HELD = "receipts_held", "receipts whose positions were held against {0}: {1} of {2}"
    TABLE_HAS_IT = "table_has_it", "{0} has it for them"


class Phrase(BaseModel):
    """A code and what goes into its sentence, in the order that its English has it: texts, or other phrases."""

    model_config = ConfigDict(frozen=True)

    code: PhraseCode
    values: "tuple[str | Phrase, ...]" = ()


class Said(str):
    """The English of a phrase, which it remembers."""

    __slots__ = ("phrase",)
    phrase: Phrase


def say(code: PhraseCode, *values: str) -> Said:
    """The phrase in English. Values that are phrases themselves stay so, for other languages."""
    said = Said(code.english.format(*values))
    said.phrase = Phrase(
        code=code,
        values=tuple(each.phrase if isinstance(each, Said) else each for each in values),
    )
    return said
