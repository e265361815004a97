"""Which column has the amount of a line, and whether it is for one unit or the line: by the rows."""

from decimal import Decimal

from flux.ingestion.cells import DecimalSign, read_decimal
from flux.ingestion.evidence import Evidence
from flux.ingestion.formats import Field, OrderReport
from flux.ingestion.meaning import PriceMeaning
from flux.ingestion.phrases import PhraseCode, Said, say
from flux.ingestion.recognise import Layout, normalise
from flux.ingestion.report import Conclusion, refuse
from flux.ingestion.words import NET_WORDS


def decide_price(
    seen: Evidence,
    layout: Layout,
    decimal_sign: DecimalSign,
    conclusions: list[Conclusion],
) -> tuple[Field, PriceMeaning]:
    """The column of the amount and what it means, added to the conclusions.

    Raises `FileRefusedError` where the rows do not show it.
    """
    columns = layout.columns
    if isinstance(layout.report, OrderReport):
        # What its figures mean is known.
        return Field.LINE_AMOUNT, PriceMeaning.LINE
    if layout.report is not None:
        chosen = Field.LINE_AMOUNT
        if layout.report.price is None:
            meaning, because = _compare_prices(seen, decimal_sign)
        else:
            meaning = layout.report.price
            because = say(PhraseCode.TILL_EXPORTS_IT, layout.report.till)
    elif layout.chosen_on and Field.LINE_AMOUNT in columns:
        # Its owner was asked for the line's amount after discounts, so neither is open any more.
        chosen, meaning, because = (
            Field.LINE_AMOUNT,
            PriceMeaning.LINE,
            say(PhraseCode.YOU_CHOSE_IT),
        )
    elif Field.LINE_AMOUNT in columns:
        _check_line_amount(seen, layout, decimal_sign)
        chosen, meaning = Field.LINE_AMOUNT, PriceMeaning.LINE
        because = say(PhraseCode.NAME_SAYS_SO)
    else:
        if seen.is_discounted:
            raise refuse(
                "discounts_not_read_yet",
                "The file has discounts but no column with the amount after them. Export it with net sales.",
                needs_mapping=True,
            )
        if Field.UNIT_PRICE in columns:
            chosen, meaning = Field.UNIT_PRICE, PriceMeaning.UNIT
            because = say(PhraseCode.YOU_CHOSE_IT if layout.chosen_on else PhraseCode.NAME_SAYS_SO)
        elif Field.QUANTITY not in columns:
            chosen, meaning, because = (
                Field.PRICE,
                PriceMeaning.LINE,
                say(PhraseCode.NO_QUANTITY),
            )
        else:
            chosen = Field.PRICE
            meaning, because = _compare_prices(seen, decimal_sign)
    conclusions.append(
        Conclusion(
            what="amount",
            decided=say(PhraseCode[f"{meaning.name}_PRICE"], layout.name_of(chosen)),
            because=because,
        )
    )
    return chosen, meaning


def _check_line_amount(seen: Evidence, layout: Layout, sign: DecimalSign) -> None:
    """Refuse an amount that may be one before discounts, or the whole order's, or one with tax."""
    name = layout.name_of(Field.LINE_AMOUNT)
    words = normalise(name)
    if seen.is_discounted and not NET_WORDS.search(words):
        raise refuse(
            "discounts_not_read_yet",
            f"The file has discounts, and does not say whether “{name}” is the amount after them. Name the column with"
            " the amount after discounts “Net sales”.",
            needs_mapping=True,
        )
    if not layout.has_vague_amount:
        return
    is_unit = Field.UNIT_PRICE in layout.columns
    sums = others = 0
    for texts in seen.amounts:
        price, quantity, amount = (read_decimal(text, sign) for text in texts)
        if price is None or quantity is None or amount is None:
            continue
        is_line = amount == price * quantity or (amount == price and not is_unit)
        sums, others = sums + is_line, others + (not is_line)
    whole = sum(lines > 1 for _, lines in seen.order_amounts.values())
    parts = sum(lines < 0 for _, lines in seen.order_amounts.values())
    if others * 10 > sums + others or (not sums and whole >= 3 and whole > 9 * parts):
        raise refuse(
            "amount_unclear",
            f"“{name}” may be the amount of the whole order, or hold tax: it is not price times quantity, or the same"
            " on every line of an order. If it is the line's amount, name it “Line total”.",
            needs_mapping=True,
        )


def _compare_prices(seen: Evidence, sign: DecimalSign) -> tuple[PriceMeaning, Said]:
    """Unit or line, by items that were sold singly and several at a time at comparable prices."""
    if not seen.several_units:
        return PriceMeaning.LINE, say(PhraseCode.ONE_UNIT_A_LINE)
    single: dict[str, set[Decimal]] = {}
    several: list[tuple[str, Decimal, Decimal]] = []
    for item, quantity_text, price_text in seen.prices:
        quantity, price = read_decimal(quantity_text, sign), read_decimal(price_text, sign)
        if not quantity or not price:
            continue
        if quantity == 1:
            single.setdefault(item, set()).add(price)
        else:
            several.append((item, quantity, price))
    unit = sum(price in single.get(item, ()) for item, _, price in several)
    line = sum(price / quantity in single.get(item, ()) for item, quantity, price in several)
    if unit and unit > 9 * line:
        return (
            PriceMeaning.UNIT,
            say(PhraseCode.SAME_FOR_SEVERAL, f"{unit:,}"),
        )
    if line and line > 9 * unit:
        return (
            PriceMeaning.LINE,
            say(PhraseCode.GROWS_WITH_QUANTITY, f"{line:,}"),
        )
    raise refuse(
        "price_unclear",
        "The file does not show whether “price” is for one unit or for the whole line. Rename the column to"
        " “Unit price” or “Line total” and upload the file again.",
        needs_mapping=True,
    )
