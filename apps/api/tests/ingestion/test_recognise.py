"""A column is taken for what its name says, and for nothing where a name says two things."""

import time

import pytest

from flux.ingestion.decode import Record
from flux.ingestion.formats import Field
from flux.ingestion.recognise import Layout, normalise, recognise_header
from flux.ingestion.report import FileRefusedError
from flux.ingestion.words import SYNONYMS


def recognise(*rows: str) -> Layout:
    records = (Record(number, row.split(",")) for number, row in enumerate(rows, start=1))
    return recognise_header(records, {})


def refusal(*rows: str) -> str:
    with pytest.raises(FileRefusedError) as caught:
        recognise(*rows)
    assert caught.value.needs_mapping
    assert caught.value.problem.code == "columns_not_recognised"
    return caught.value.problem.detail


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("id,date,time,name,size,type,price", {Field.ORDER: "id", Field.ITEM: "name", Field.PRICE: "price"}),
        ("invoice,Order Date,description,Quantity,Product Price,Total products,City",
         {Field.ORDER: "invoice", Field.ITEM: "description", Field.UNIT_PRICE: "Product Price"}),
        ("orderID,createdAt,itemName,qtySold,netSales",
         {Field.ORDER: "orderID", Field.MOMENT: "createdAt", Field.QUANTITY: "qtySold", Field.LINE_AMOUNT: "netSales"}),
        ("Order Id,Order #,Sent Date,Order Date,Menu Item,Net Price,Qty,Void?",
         {Field.ORDER: "Order Id", Field.DATE: "Order Date", Field.LINE_AMOUNT: "Net Price"}),
        ("date,datetime,cash_type,amount,item", {Field.MOMENT: "datetime", Field.LINE_AMOUNT: "amount"}),
        ("datetime,date,time,amount,item", {Field.DATE: "date", Field.TIME: "time"}),
        (",Date,Item,Item,Item Name,Total,,,", {Field.ITEM: "Item Name"}),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_names(header: str, named: dict[Field, str]) -> None:
    layout = recognise(header)
    assert {field: layout.name_of(field) for field in named} == named


@pytest.mark.parametrize(
    "header",
    [
        "Belegnummer,Datum,Uhrzeit,Artikel,Warengruppe,Größe,Menge,Umsatz netto,Rabatt",
        "Número de pedido,Fecha,Hora,Artículo,Categoría,Tamaño,Cantidad,Ventas netas,Descuento",
        "N° commande,Date,Heure,Produit,Catégorie,Taille,Quantité,Ventes nettes,Remise",
        "Numero scontrino,Data,Ora,Prodotto,Categoria,Taglia,Quantità,Vendite nette,Sconto",
        "Número do pedido,Data,Hora,Produto,Categoria,Tamanho,Quantidade,Vendas líquidas,Desconto",
        "Bestelnummer,Datum,Tijd,Gerecht,Categorie,Maat,Aantal,Netto omzet,Korting",
        "BESTELLNUMMER,DATUM,ZEIT,SPEISE,KATEGORIE,GRÖSSE,STÜCKZAHL,NETTO,NACHLASS",
        "Nº pedido,FECHA,Hora,Plato,Familia,Tamaño,Unidades,Importe neto,Dto.",
        "numero de pedido,fecha,hora,articulo,categoria,tamano,cantidad,ventas netas,descuento",
    ],
)
def test_columns_are_found_in_the_main_languages_of_europe(header: str) -> None:
    layout = recognise(header)
    names = header.split(",")
    wanted = [
        Field.ORDER, Field.DATE, Field.TIME, Field.ITEM, Field.CATEGORY, Field.VARIANT, Field.QUANTITY, Field.LINE_AMOUNT,
    ]  # fmt: skip
    assert {field: layout.name_of(field) for field in wanted} == dict(
        zip(wanted, names, strict=False)
    )
    assert layout.discounts == (8,)


def test_no_name_stands_for_two_fields() -> None:
    seen: dict[str, Field] = {}
    for field, names in SYNONYMS.items():
        for name in names:
            assert normalise(name) == name
            assert seen.setdefault(name, field) is field, name


def test_a_date_that_has_its_time_needs_no_other_column() -> None:
    assert {Field.DATE, Field.TIME}.isdisjoint(recognise("date,datetime,amount,item").columns)
    assert Field.MOMENT not in recognise("date,time,datetime,amount,item").columns


def test_the_header_is_found_below_a_title_and_a_blank_line() -> None:
    assert recognise("Sales report", "From,2026-05-01", "Date,Item,Price").header_row == 3


@pytest.mark.parametrize(
    "header",
    [
        "Date,Time,Item,Qty,Qty,Price",
        "Date,Time,Item,Price,Total,Total",
        "Order ID,Order ID,Date,Item,Price",
        "Date,Date,Item,Price",
        "Date,Item,Price,Item Qty sold",
        "Date,Item,Price,# sold",
        "Date,Item,Price,Per Unit Quantity",
    ],
)
def test_between_equal_names_and_over_an_unknown_quantity_nothing_is_guessed(header: str) -> None:
    assert "not clear" in refusal(header)


@pytest.mark.parametrize(
    "header",
    [
        "Order ID,Date,Time,Name,Total",
        "Date,Time,Gross Sales,Discounts,Net Sales,Transaction ID,Description",
        "Date,Receipt number,Net sales,Tips,Total collected,Description,Store,Status",
    ],
)
def test_a_list_of_orders_is_not_taken_for_a_list_of_items(header: str) -> None:
    assert "the item" in refusal(header)


def test_a_refusal_says_what_is_missing_and_stays_short() -> None:
    started = time.process_time()
    detail = refusal(",".join(["Quantity"] * 100_000))
    assert time.process_time() - started < 5
    assert "the date" in detail
    assert len(detail) < 600


@pytest.mark.parametrize("name", ["Item\0", "\ufeffItem", "Item\x1b[31m" + "." * 10_000])
def test_names_are_kept_as_something_that_can_be_shown(name: str) -> None:
    layout = recognise(f"Date,Price,{name},Menu item")
    assert all(each.isprintable() and len(each) <= 60 for each in layout.names)


def test_words_are_what_is_compared() -> None:
    assert normalise(" Order_ID: ") == normalise("orderId") == normalise("Order-Id") == "order id"


@pytest.mark.parametrize(
    "name", ["isVoided", "Canceled", "Cancelled at", "Refund Amount", "Is Return", "Void reason"]
)
def test_columns_that_undo_a_sale_are_noticed(name: str) -> None:
    assert list(recognise(f"Date,Item,Price,{name}").treatments) == [3]


def test_a_row_fits_if_only_blanks_stand_beyond_the_header() -> None:
    layout = recognise("Date,Item,Price,,")
    assert layout.fits(Record(2, ["a", "b", "c"]))
    assert layout.fits(Record(2, ["a", "b", "c", " ", ""]))
    assert not layout.fits(Record(2, ["a", "b"]))
    assert not layout.fits(Record(2, ["a", "b", "c", "d"]))
