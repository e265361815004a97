"""What columns and values are called in exports that no file in `formats/` knows.

Synonyms are those seen in exports of tills and in spreadsheets, as `recognise.normalise` writes them.
"""

import re
from collections.abc import Mapping

from flux.ingestion.formats import Field
from flux.ingestion.meaning import (
    CANCELLED,
    CHARGE,
    DEFERRED,
    DELETED,
    OPEN,
    REFUND,
    SALE,
    TRAINING,
    VOIDED,
    Treatment,
)

# In order of preference. `PRICE` is a price of which the name does not say whether it is a unit's.
_ENGLISH: Mapping[Field, tuple[str, ...]] = {
    Field.ORDER: (
        "order id", "order number", "order no", "transaction id", "transaction number", "receipt number", "receipt id",
        "receipt no", "receipt", "check id", "check number", "check no", "invoice number", "invoice no", "invoice",
        "order", "transaction", "bill number", "ticket number", "id",
    ),
    Field.MOMENT: (
        "date time", "datetime", "date and time", "timestamp", "order date time", "order time and date", "created at",
        "sold at", "order datetime", "transaction date time",
    ),
    Field.DATE: (
        "date", "order date", "transaction date", "sale date", "sales date", "business date", "sent date", "day",
    ),
    Field.TIME: ("time", "order time", "transaction time", "sale time", "time of day"),
    Field.ITEM: (
        "item name", "item", "menu item", "product name", "product", "description", "article", "item description",
        "dish", "name",
    ),
    Field.CATEGORY: ("category", "item category", "menu category", "product category", "sales category", "group", "type"),
    Field.VARIANT: ("variant", "size", "price point name", "variation", "portion"),
    Field.QUANTITY: (
        "quantity", "qty", "quantity sold", "qty sold", "units", "count", "item quantity",
        "item qty", "order quantity", "quantity ordered", "units sold", "number of items", "no of items", "item count",
        "pcs", "pieces",
    ),
    Field.LINE_AMOUNT: (
        "net sales", "net price", "net amount", "line total", "total price", "item total", "line amount", "amount",
        "total",
    ),
    Field.UNIT_PRICE: ("unit price", "price each", "price per unit", "item price", "product price", "price per item"),
    Field.PRICE: ("price", "selling price", "sale price"),
}  # fmt: skip

# The same in German, Spanish, French, Italian, Portuguese and Dutch, a line each.
_OTHERS: Mapping[Field, tuple[str, ...]] = {
    Field.ORDER: (
        "bestellnummer", "bestell nr", "belegnummer", "beleg nr", "bonnummer", "bon nr", "rechnungsnummer",
        "rechnung nr", "transaktionsnummer", "transaktions id", "auftragsnummer", "bestellung", "beleg", "rechnung",
        "numero de pedido", "n pedido", "no pedido", "n de pedido", "no de pedido", "numero de ticket", "numero de recibo", "numero de factura", "id de transaccion",
        "pedido", "ticket", "recibo", "factura", "transaccion",
        "numero de commande", "n commande", "no commande", "n de commande", "no de commande", "numero de facture", "numero de recu", "id de transaction", "commande",
        "facture", "recu",
        "numero ordine", "n ordine", "no ordine", "nr ordine", "numero scontrino", "n scontrino", "numero ricevuta", "id transazione", "ordine",
        "scontrino", "ricevuta",
        "numero do pedido", "n do pedido", "numero do recibo", "numero da fatura", "id da transacao", "fatura",
        "bestelnummer", "bestelnr", "kassabonnummer", "factuurnummer", "transactie id", "bestelling", "kassabon", "bon",
    ),
    Field.MOMENT: (
        "datum und uhrzeit", "datum uhrzeit", "zeitpunkt", "zeitstempel",
        "fecha y hora", "fecha hora",
        "date et heure", "date heure", "horodatage",
        "data e ora", "data ora",
        "data e hora", "data hora",
        "datum en tijd", "datum tijd", "tijdstip",
    ),
    Field.DATE: (
        "datum", "belegdatum", "verkaufsdatum", "rechnungsdatum", "bestelldatum",
        "fecha", "fecha de venta", "fecha de pedido",
        "date de vente", "date de commande", "jour",
        "data", "data vendita", "data ordine",
        "data da venda", "data do pedido",
        "verkoopdatum", "besteldatum",
    ),
    Field.TIME: ("uhrzeit", "zeit", "hora", "heure", "ora", "orario", "tijd"),
    Field.ITEM: (
        "artikelname", "artikelbezeichnung", "artikel", "produktname", "produkt", "speise", "gericht", "bezeichnung",
        "nombre del articulo", "nombre del producto", "articulo", "producto", "plato", "descripcion",
        "nom de l article", "nom du produit", "produit", "plat", "libelle", "designation",
        "nome articolo", "nome prodotto", "articolo", "prodotto", "piatto", "descrizione",
        "nome do produto", "nome do artigo", "produto", "artigo", "prato", "descricao",
        "artikelnaam", "productnaam", "gerecht", "omschrijving",
    ),
    Field.CATEGORY: (
        "kategorie", "warengruppe", "artikelgruppe", "categoria", "familia", "categorie", "famille", "productgroep",
    ),
    Field.VARIANT: ("variante", "grosse", "tamano", "taille", "taglia", "variacao", "tamanho", "maat"),
    Field.QUANTITY: (
        "menge", "anzahl", "stuckzahl", "stuck", "cantidad", "unidades", "quantite", "qte", "quantita", "qta",
        "quantidade", "qtd", "qtde", "aantal", "hoeveelheid",
    ),
    Field.LINE_AMOUNT: (
        "nettoumsatz", "umsatz netto", "nettobetrag", "betrag netto", "netto", "zeilensumme", "gesamtpreis",
        "gesamtbetrag", "umsatz", "betrag", "summe",
        "ventas netas", "importe neto", "neto", "total linea", "importe total", "importe",
        "ventes nettes", "montant net", "total ligne", "montant total", "montant",
        "vendite nette", "importo netto", "totale riga", "importo totale", "importo", "totale",
        "vendas liquidas", "valor liquido", "total da linha", "valor total", "valor",
        "netto omzet", "omzet netto", "nettobedrag", "regeltotaal", "totaalprijs", "omzet", "bedrag", "totaal",
    ),
    Field.UNIT_PRICE: (
        "einzelpreis", "stuckpreis", "preis pro stuck", "precio unitario", "precio por unidad", "prix unitaire",
        "prezzo unitario", "preco unitario", "stukprijs", "eenheidsprijs", "prijs per stuk",
    ),
    Field.PRICE: ("preis", "verkaufspreis", "precio", "prix", "prezzo", "preco", "prijs", "verkoopprijs"),
}  # fmt: skip
SYNONYMS = {field: _ENGLISH[field] + _OTHERS[field] for field in _ENGLISH}

# In a list of orders these are a customer's name, or all that was ordered: an item only beside what items have.
WEAK_ITEMS = frozenset(
    {"name", "description", "bezeichnung", "descripcion", "libelle", "descrizione", "descricao", "omschrijving"}
)  # fmt: skip
ITEM_SIGNS = frozenset(
    {Field.QUANTITY, Field.CATEGORY, Field.VARIANT, Field.UNIT_PRICE, Field.PRICE}
)
QUANTITY_WORDS = re.compile(
    r"\b(?:qty|quantity|quantities|quant|units|pcs|pieces|menge|anzahl|stuck|stuckzahl|cantidad|unidades|quantite|qte"
    r"|quantita|qta|quantidade|qtde?|aantal|hoeveelheid)\b|\bsold$"
)
# An amount after discounts.
NET_WORDS = re.compile(
    r"\b(?:net|netto|nettoumsatz|nettobetrag|nettobedrag|netos?|netas?|nettes?|nett[aei]|liquid[oa]s?)\b"
)
_TAX = r"(?:tax(?:es)?|vat|gst|mwst|mehrwertsteuer|ust|umsatzsteuer|steuern?|iva|impuestos?|tva|imposte?|impostos?|btw)"
# The name of an amount that holds the tax, and of one that does not: the first that fits.
WITH_TAX = re.compile(
    rf"\b(?:ttc|brutto|bruttoumsatz|bruttobetrag|bruttopreis|toutes taxes comprises)\b"
    rf"|\b(?:incl\w*|inkl\w*|inc|with|avec|con|com|mit|met) (?:\w+ )?{_TAX}\b|\b{_TAX} (?:incl\w*|inkl\w*|compresa)\b"
)
WITHOUT_TAX = re.compile(
    rf"\b(?:ht|hors taxes?)\b|\b(?:excl\w*|exkl\w*|exc|ex|without|before|sans|ohne|zzgl|plus|sin|senza|sem|zonder) (?:\w+ )?{_TAX}\b"
    rf"|\b{_TAX} (?:excl\w*|exkl\w*|esclusa)\b|{NET_WORDS.pattern}"
)
# A column with the amount of the tax.
TAXES = frozenset(
    {"tax", "taxes", "tax amount", "total tax", "sales tax", "vat", "vat amount", "gst",
     "mwst", "mwst betrag", "mehrwertsteuer", "ust", "umsatzsteuer", "steuer", "steuerbetrag",
     "iva", "importe iva", "cuota iva", "impuesto", "impuestos", "tva", "montant tva", "taxe",
     "importo iva", "imposta", "imposte", "valor iva", "imposto", "impostos", "btw", "btw bedrag"}
)  # fmt: skip
# An amount that may as well be the order's, or hold the tax.
VAGUE_AMOUNTS = frozenset(
    {"amount", "total", "total price", "gesamtpreis", "gesamtbetrag", "umsatz", "betrag", "summe", "importe total",
     "importe", "montant total", "montant", "importo totale", "importo", "totale", "valor total", "valor", "totaalprijs",
     "omzet", "bedrag", "totaal"}
)  # fmt: skip

# Columns that change what a line means, and what their values make of it; a blank or a zero makes
# nothing of it. A value that is not named is not guessed at.
NO = dict.fromkeys(
    ("false", "no", "n", "none", "nein", "falsch", "non", "faux", "falso", "nao", "não", "nee", "onwaar"), SALE
)  # fmt: skip
_YES = (
    "true",
    "yes",
    "y",
    "ja",
    "wahr",
    "si",
    "sí",
    "sì",
    "oui",
    "vrai",
    "verdadero",
    "vero",
    "sim",
    "verdadeiro",
    "waar",
)


def _yes(treatment: Treatment) -> Mapping[str, Treatment]:
    return NO | dict.fromkeys(_YES, treatment)


_STATUS = dict.fromkeys(
    ("closed", "paid", "completed", "complete", "success", "sale", "approved", "ok"), SALE
) | {
    "open": OPEN, "unpaid": OPEN, "pending": OPEN,
    "cancelled": CANCELLED, "canceled": CANCELLED, "void": VOIDED, "voided": VOIDED,
}  # fmt: skip
_EVENT = {
    "payment": SALE, "sale": SALE, "sales": SALE, "refund": REFUND,
    "cancelled": CANCELLED, "canceled": CANCELLED, "void": VOIDED, "voided": VOIDED,
}  # fmt: skip
_ROW = _EVENT | {"item": SALE, "product": SALE}
TREATMENTS: Mapping[str, Mapping[str, Treatment]] = {
    "event type": _EVENT,
    "receipt type": _EVENT,
    "transaction type": _EVENT,
    "sale type": _EVENT,
    "line type": _ROW,
    "row type": _ROW,
    "status": _STATUS,
    "payment status": _STATUS,
    "payment state": _STATUS,
    "order status": _STATUS,
    "order state": _STATUS,
    "order payment state": _STATUS,
    "transaction status": _STATUS,
    "receipt status": _STATUS,
    "item status": _STATUS,
    "financial status": _STATUS,
    "deferred": _yes(DEFERRED),
    "deleted": _yes(DELETED),
    "training": _yes(TRAINING),
    "service charge": _yes(CHARGE),
    "void": _yes(VOIDED),
    "voided": _yes(VOIDED),
    "is void": _yes(VOIDED),
    "is voided": _yes(VOIDED),
    "cancelled": _yes(CANCELLED),
    "canceled": _yes(CANCELLED),
    "is cancelled": _yes(CANCELLED),
    "is canceled": _yes(CANCELLED),
}
MEANINGFUL_WORDS = re.compile(
    r"\b(?:void(?:s|ed)?|refund(?:s|ed)?|cancel(?:s|l?ed|lations?)?|return(?:s|ed)?|reversed|exchanged"
    r"|storno|storniert|stornierung|ruckerstattung|erstattung|retoure"
    r"|anulad[oa]s?|anulacion|devolucion|devoluciones|reembolsos?|cancelad[oa]s?|cancelacion"
    r"|annulee?s?|annulation|rembourse|remboursements?"
    r"|annullat[oi]|annullamento|stornat[oi]|res[oi]|rimbors[oi]"
    r"|cancelamento|estorno|estornado|devolucao"
    r"|geannuleerd|annulering|terugbetaling|retour)\b"
)
# A column called “Type” is what kind of item it is, unless it says one of these.
NO_KINDS_OF_ITEM = frozenset(
    {"refund", "refunds", "refunded", "return", "returns", "returned", "void", "voids", "voided", "cancelled",
     "canceled", "cancellation", "split", "recall", "transfer", "float", "exchange"}
)  # fmt: skip
PLACES = frozenset(
    {"filiale", "standort", "betrieb", "sucursal", "tienda", "etablissement", "magasin", "sede", "negozio",
     "punto vendita", "loja", "vestiging", "winkel", "location", "location name", "store", "store name", "property name", "branch", "site", "outlet", "shop", "venue",
     "restaurant", "restaurant name"}
)  # fmt: skip
ZERO = re.compile(r"\W*0+(?:[.,]0+)?\W*")
DISCOUNT_WORDS = re.compile(
    r"\b(?:discounts?|discounted|discnt|disc|comps?|promos?|promotions?|vouchers?|rebates?|rabatte?|nachlass|descuentos?"
    r"|dto|remises?|reductions?|scont[oi]|descontos?|korting(?:en)?)\b"
)
CURRENCIES = frozenset(
    {"currency", "currency code", "wahrung", "moneda", "divisa", "devise", "monnaie", "valuta", "moeda"}
)  # fmt: skip
# What undoes a sale, in whichever column it stands.
UNDOING_VALUES = frozenset(
    {"void", "voided", "refund", "refunded", "cancelled", "canceled", "returned",
     "storno", "storniert", "stornierung", "ruckerstattung", "erstattet", "retoure",
     "anulado", "anulada", "cancelado", "cancelada", "devolucion", "devuelto", "reembolso", "reembolsado",
     "annule", "annulee", "rembourse", "remboursement",
     "annullato", "annullata", "stornato", "reso", "rimborso", "rimborsato",
     "estorno", "estornado", "devolucao", "devolvido",
     "geannuleerd", "terugbetaald", "terugbetaling", "retour"}
)  # fmt: skip
# What stands as a line of its own but is nothing from the menu, by the whole name of the item.
ITEM_TREATMENTS: Mapping[str, Treatment] = dict.fromkeys(
    (
        "tip", "tips", "gratuity", "auto gratuity", "service charge", "service fee", "delivery", "delivery fee",
        "delivery charge", "packaging", "packaging charge", "packaging fee", "booking fee", "cover charge",
        "trinkgeld", "bedienungsgeld", "servicegebuhr", "servicepauschale", "lieferung", "liefergebuhr", "lieferkosten",
        "verpackung", "verpackungspauschale",
        "propina", "cargo por servicio", "gastos de envio", "embalaje",
        "pourboire", "pourboires", "frais de service", "livraison", "frais de livraison", "emballage",
        "mancia", "coperto", "consegna", "spese di consegna", "imballaggio",
        "gorjeta", "taxa de servico", "taxa de entrega", "entrega", "embalagem",
        "fooi", "servicekosten", "bezorging", "bezorgkosten", "verpakking",
    ),
    CHARGE,
) | dict.fromkeys(
    (
        "gift card", "gift cards", "egift card", "e gift card", "gift certificate", "gift voucher",
        "gutschein", "geschenkgutschein", "geschenkkarte", "wertgutschein",
        "tarjeta regalo", "cheque regalo", "carte cadeau", "bon cadeau", "carta regalo", "buono regalo",
        "vale presente", "cartao presente", "cadeaubon", "cadeaukaart",
    ),
    DEFERRED,
)  # fmt: skip
