import type { AllPhrases } from './en'

/** What the API calls what stands between two columns. */
const separators: Record<string, string | undefined> = {
  comma: 'comas',
  semicolon: 'puntos y coma',
  tab: 'tabuladores',
  'vertical bar': 'barras verticales',
}

/** A number as the API writes it, with Spanish signs. */
function numeral(text: string): string {
  return text.replace(/[.,]/g, (sign) => (sign === ',' ? '.' : ','))
}

/** A date as the API writes it, such as 31 May 2026. */
function day(text: string): string {
  const date = new Date(`${text} UTC`)
  if (Number.isNaN(date.getTime())) return text
  return date.toLocaleDateString('es', { dateStyle: 'long', timeZone: 'UTC' })
}

function cut(total: string, currency: string, orders: string, sum: string, gap: string): string {
  return `El archivo está cortado: la última fila dice que los pedidos suman ${numeral(total)} ${currency}, y los ${numeral(orders)} pedidos de encima suman ${numeral(sum)}, que son ${gap}.`
}

/** What a conclusion is about. */
export const topics: Record<string, string | undefined> = {
  amount: 'importe',
  'amounts of lines': 'importes de las líneas',
  'amounts of orders': 'importes de los pedidos',
  complete: 'completo',
  'counted once': 'contado una vez',
  dates: 'fechas',
  'decimal sign': 'signo decimal',
  joined: 'unido',
  'left out': 'omitido',
  location: 'local',
  'orders with lines': 'pedidos con líneas',
  orders: 'pedidos',
  'receipts checked': 'recibos comprobados',
  refunds: 'devoluciones',
  report: 'informe',
  sheet: 'hoja',
  tax: 'impuestos',
  text: 'texto',
  'time zone': 'zona horaria',
  'unclear orders': 'pedidos dudosos',
  'unclear sales': 'ventas dudosas',
  undone: 'deshecho',
  category: 'categoría',
  date: 'fecha',
  'date and time': 'fecha y hora',
  item: 'artículo',
  'line amount': 'importe de la línea',
  'order number': 'número del pedido',
  'order number of the day': 'número del pedido en el día',
  price: 'precio',
  quantity: 'cantidad',
  'set apart': 'contado aparte',
  'line amount with tax': 'importe de la línea con impuestos',
  'net amount': 'importe neto',
  tips: 'propinas',
  charges: 'cargos',
  discounts: 'descuentos',
  'paid in advance': 'pagado por adelantado',
  total: 'total',
  time: 'hora',
  'unit price': 'precio de una unidad',
  variant: 'tamaño o variante',
}

/** Why a line was refused. */
export const rejections: Record<string, string | undefined> = {
  date_missing: 'Falta la fecha. Rellénala.',
  time_missing: 'Falta la hora. Rellénala.',
  zone_unknown: 'Flux no conoce esta zona horaria. Escríbela como America/New_York.',
  times_differ: 'La hora junto a la fecha no es la de la columna de la hora. Corrige una de las dos.',
  date_unreadable: 'No es una fecha y hora como las demás del archivo. Corrígela.',
  date_too_old: 'La fecha es anterior al año 2000. Corrígela.',
  date_in_future: 'La fecha está en el futuro. Corrígela.',
  item_missing: 'Falta el nombre del artículo. Rellénalo.',
  text_unreadable: 'El texto tiene caracteres que no se pueden leer. Escríbelo de nuevo.',
  text_too_long: 'El texto es demasiado largo. Acórtalo.',
  totals_row:
    'Esta fila se llama como un total, pero tiene fecha como una venta. No se ha contado. Si es una venta, dale otro nombre al artículo.',
  quantity_missing: 'Falta la cantidad. Rellénala.',
  quantity_unreadable: 'No es una cantidad. Pon un número como 1.',
  quantity_out_of_range: 'La cantidad no puede ser 0 ni más de 100.000. Corrígela.',
  quantity_too_precise: 'La cantidad tiene más de tres decimales. Redondéala.',
  amount_missing: 'Falta el importe. Rellénalo.',
  amount_unreadable: 'No es un importe. Pon un número como 12.50.',
  sign_unclear:
    'No está claro si es una venta o una devolución. En una devolución la cantidad y el importe de la línea son negativos, pero no el precio de una unidad.',
  amount_too_precise: 'El importe tiene más decimales que la moneda. Redondéalo.',
  amount_unclear: 'Podrían ser miles o milésimas. Escríbelo con los decimales de la moneda.',
  amount_too_large: 'El importe es demasiado grande para una línea vendida. Corrígelo.',
  order_missing: 'Falta el número del pedido. Rellénalo.',
  charges_unclear:
    'Los importes de este pedido no suman su total, así que no está claro si los cargos son ventas. Corrígelos o envía solo la lista de artículos vendidos.',
  refund_unclear:
    'Se devolvió una parte de este pedido y la caja no dice cuánto era impuesto, propina o cargo. Envía para él la lista de artículos vendidos.',
  quotes_broken:
    'La fila no se puede dividir en celdas: una comilla no se cierra donde debe o una celda es demasiado larga. Corrige la fila.',
  cells_missing: 'La fila tiene menos celdas que la cabecera, y no está claro cuál falta. Complétala.',
  cells_too_many: 'La fila tiene más celdas que la cabecera. Busca un separador de más.',
  order_twice:
    'Este pedido está más de una vez en el archivo y las filas no dicen lo mismo. Deja la correcta.',
}

/** Why a whole file was refused. */
export const fileProblems: Record<string, string | undefined> = {
  wrong_report: 'Este informe de tu caja no lista las ventas una a una, así que no se puede usar.',
  file_empty: 'El archivo está vacío. Expórtalo otra vez de tu caja.',
  no_rows: 'El archivo no tiene ventas. Expórtalo otra vez de tu caja.',
  no_valid_rows:
    'Ninguna fila se ha podido leer como una venta, así que no se ha contado nada. Comprueba que es la lista de ventas una a una y no un resumen.',
  not_a_csv: 'Esto no es un archivo CSV. Elige en tu caja exportar como CSV.',
  columns_not_recognised: 'No hemos encontrado todas las columnas que hacen falta.',
  several_locations:
    'El archivo contiene más de un local. Elige cuál es este restaurante o exporta un archivo por local.',
  file_never_came: 'El archivo no llegó a tiempo. Envíalo otra vez.',
  wrong_size: 'El archivo que llegó no tiene el tamaño anunciado, así que no se ha leído. Envíalo otra vez.',
  gave_up:
    'Flux no ha podido terminar de leer este archivo, tres veces seguidas. El archivo está guardado y lo estamos mirando.',
  time_missing:
    'Las fechas de este archivo no tienen hora. Exporta el informe que lista cada venta con su hora, no un resumen diario.',
  dates_unreadable:
    'Ninguna fecha de este archivo está escrita de una forma que Flux lea. Flux lee fechas como 2026-05-31, 31/05/2026 y 5/31/2026.',
  dates_unclear:
    'No está claro qué parte de las fechas es el año. Exporta el archivo con años de cuatro cifras.',
  dates_mixed:
    'Las fechas de este archivo están escritas de dos formas, como pasa al guardar un CSV con una hoja de cálculo. Expórtalo otra vez de tu caja y envíalo sin abrirlo antes.',
  times_unreadable:
    'Ninguna hora de este archivo está escrita de una forma que Flux lea. Flux lee horas como 18:30, 18:30:59 y 6:30 PM.',
  decimals_mixed:
    'Algunos importes llevan coma decimal y otros punto, así que ninguno es de fiar. Expórtalo otra vez de tu caja y envíalo sin abrirlo antes.',
  decimals_unclear:
    'Los importes podrían ser miles o milésimas (como 1,234). Exporta el archivo con decimales.',
  other_currency: 'Los importes están en otra moneda que la del restaurante. Flux nunca suma dos monedas.',
  known_from_elsewhere:
    'Flux ya tiene la mayoría de estos pedidos, de otra exportación. Contarlos otra vez duplicaría tus ventas. Envía el mismo informe con las mismas columnas que antes.',
  quotes_broken: 'Demasiadas filas tienen una comilla que no se cierra. Expórtalo otra vez de tu caja.',
  archive_broken:
    'El archivo comprimido está dañado o se cortó por el camino. Expórtalo otra vez de tu caja.',
  archive_locked: 'El zip está cerrado con contraseña. Descomprímelo y envía el archivo.',
  archive_too_large:
    'El archivo es demasiado grande al descomprimirlo. Exporta un periodo más corto, o exporta como CSV.',
  archive_without_table:
    'El zip no contiene ningún CSV ni libro de Excel. Descomprímelo y envía solo los archivos con tus ventas.',
  archive_in_archive:
    'El zip contiene otros zips o libros antiguos (.xls). Descomprímelo, guarda los libros como CSV y envíalos uno a uno.',
  workbook_broken:
    'El libro de Excel no se puede leer. Ábrelo en una hoja de cálculo y guárdalo como CSV UTF-8.',
  workbook_too_large:
    'El libro de Excel es demasiado grande. Guarda la hoja con tus ventas como CSV UTF-8 y envíala.',
  workbook_without_sales:
    'Ninguna hoja de este libro tiene columnas para un artículo, una fecha y un importe. Guarda como CSV la hoja con tus ventas y envíala.',
  workbook_of_several:
    'Más de una hoja de este libro contiene ventas. Guarda cada una como archivo propio y envíalos.',
  encoding_unknown: 'El texto de este archivo no se puede leer. Expórtalo o guárdalo como «CSV UTF-8».',
  line_too_long:
    'Una línea de este archivo es mucho más larga que una fila de ventas. Expórtalo como CSV otra vez de tu caja.',
  too_many_rows: 'El archivo tiene demasiadas filas. Exporta periodos más cortos, un archivo tras otro.',
  cells_missing: 'Ninguna fila tiene tantas celdas como columnas. Expórtalo otra vez de tu caja.',
  discounts_not_read_yet:
    'El archivo tiene descuentos pero no dice con certeza el importe después de ellos. Expórtalo con las ventas netas.',
  price_unclear:
    'El archivo no muestra si el precio es de una unidad o de toda la línea. Cambia el nombre de la columna a «Unit price» o «Line total» y envíalo otra vez.',
  orders_unclear:
    'No se distinguen los pedidos de esta lista, porque una hoja de cálculo ha redondeado sus números. Expórtala otra vez de tu caja y envíala sin abrirla antes.',
  amount_unclear:
    'El importe puede ser el de todo el pedido, o incluir impuestos: no es precio por cantidad, o es el mismo en cada línea de un pedido. Si es el importe de la línea, llama a la columna «Line total».',
  rows_above_header:
    'Una fila parece una venta, pero está encima de la fila con los nombres de las columnas. Sube esos nombres arriba del todo o exporta el archivo otra vez de tu caja.',
  meaning_not_read_yet:
    'Una fila está marcada como algo distinto de una venta normal. Flux aún no lee esas filas y no las cuenta como ventas. El archivo está guardado.',
  other_file_unreadable: 'Otro archivo puede tener algunos de los mismos pedidos, y Flux ya no puede leerlo.',
  known_under_other_name:
    'Flux lee ahora los pedidos de este tipo de archivo con otro nombre, y otros archivos de los mismos días se leyeron como antes. Deshazlos todos y haz que se lean otra vez.',
  dsfinvk_incomplete:
    'A esta exportación DSFinV-K le falta una parte. Expórtala otra vez de tu caja y envía el zip sin cambios.',
  archive_of_different_tables:
    'El zip contiene tablas de ventas distintas, sin las mismas columnas. Descomprímelo y envíalas una a una.',
  archive_of_several:
    'El zip contiene varias tablas y ninguna tiene columnas para un artículo, una fecha y un importe. Descomprímelo y envía solo el archivo con tus ventas.',
  archive_of_too_many: 'El zip contiene demasiados archivos. Envía solo los que tienen tus ventas.',
  archive_overlaps:
    'Dos archivos del zip contienen el mismo pedido con líneas distintas. Descomprímelo y envía los archivos uno a uno, primero el más antiguo.',
}

/** What is said of a file. */
export const phrases: AllPhrases = {
  column: (name) => `columna «${name}»`,
  report: (till, report) => `${till}, ${report}`,
  text: (encoding, separator = '') =>
    `${encoding}, columnas separadas por ${separators[separator] ?? separator}`,
  year_first: () => 'primero el año',
  day_first: () => 'primero el día',
  month_first: () => 'primero el mes',
  point: () => 'punto',
  comma: () => 'coma',
  line_price: (name) => `«${name}» es el precio de una línea`,
  unit_price: (name) => `«${name}» es el precio de una unidad`,
  without_tax: (name) => `«${name}» es sin impuestos`,
  holds_tax: (name) => `«${name}» incluye impuestos`,
  tax_unknown: (name) => `no se sabe si «${name}» incluye impuestos`,
  orders_by: (name) => `las líneas con el mismo «${name}» en el mismo día de trabajo son un pedido`,
  line_is_order: () => 'cada línea es un pedido propio',
  value: (name) => `«${name}»`,
  till_names_it: (till) => `${till} la llama así`,
  of_its_name: () => 'lo dice su nombre',
  name_says_so: () => 'lo dice su nombre',
  you_chose_it: () => 'lo has elegido tú',
  you_chose_it_on: (date) => `lo elegiste tú (${day(date)})`,
  all_columns: (row) => `la fila ${row} tiene todas las columnas de ese informe`,
  text_fits: () => 'todo se puede leer así y las primeras filas se dividen en columnas iguales',
  months_as_words: () => 'los meses están escritos con letras',
  year_begins: () => 'las fechas empiezan por un año de cuatro cifras',
  first_above_12: (row) => `en la fila ${row} la primera parte es mayor que 12`,
  second_above_12: (row) => `en la fila ${row} la segunda parte es mayor que 12`,
  custom_of_country: (country) =>
    `ninguna fecha lo decide, y es la costumbre del país del restaurante (${country})`,
  whole_numbers: () => 'todos los importes son números enteros',
  amounts_show_it: (number) => `${numeral(number)} importes lo muestran`,
  till_exports_it: (till) => `${till} lo exporta así`,
  no_quantity: () => 'no hay cantidad: cada línea es una unidad',
  one_unit_a_line: () => 'cada línea es de una unidad',
  same_for_several: (rows) =>
    `los precios son los mismos para una unidad y para varias (filas que lo muestran: ${numeral(rows)})`,
  grows_with_quantity: (rows) =>
    `los precios crecen con la cantidad (filas que lo muestran: ${numeral(rows)})`,
  tax_not_shown: () => 'su nombre no dice nada de impuestos',
  several_lines: (name) => `varias líneas llevan el mismo «${name}»`,
  no_order_number: () => 'el archivo no tiene número de pedido',
  numbers_lines: (name) => `«${name}» es distinto en cada línea, así que numera las líneas y no los pedidos`,
  zone_of_restaurant: () => 'las horas sin zona son las del restaurante',
  no_other_place: (column) => `la columna «${column}» no nombra otro`,
  toast_other_reports: () =>
    'Toast lista devoluciones, propinas y gratificaciones en otros informes; no están en este.',
  toast_refunds: () => 'Toast lista las devoluciones en sus «Payment Details»; no están en este informe.',
  shopify_refunds: () =>
    'Shopify no dice cuándo se devolvió un pedido; las devoluciones cuentan a la hora de su pedido.',
  clover_refunds: () =>
    'Clover no marca todas las devoluciones en su lista de artículos, así que las ventas pueden salir algo altas.',
  lightspeed_outlets: () =>
    'Lightspeed no dice en qué local se hizo una venta. Si tienes varios, exporta solo este.',
  dates_guessed: (order, why) =>
    `Las fechas se han leído así: ${order}, porque ${why}. Si no es correcto, exporta un periodo más largo.`,
  orders_not_apart: (why) =>
    `No se pueden distinguir los pedidos: ${why}. Las sumas son correctas; el número de pedidos es el de líneas.`,
  rows_missing: (row, total, found) =>
    `La fila ${row} da un total de ${numeral(total)}, pero las filas contadas suman ${numeral(found)}. Puede que falten algunas: las cajas cortan las exportaciones largas. Exporta un periodo más corto y compara.`,
  cut_less: (total, currency, orders, sum, gap) => cut(total, currency, orders, sum, `${numeral(gap)} menos`),
  cut_more: (total, currency, orders, sum, gap) => cut(total, currency, orders, sum, `${numeral(gap)} más`),
  till_stops: (said, till, number) =>
    `${said} ${till} se detiene en ${numeral(number)} pedidos sin avisar: exporta periodos más cortos.`,
  sum_differs: (order, lines, list, currency) =>
    `1 pedido da otra suma que sus líneas: ${order}, cuyas líneas suman ${numeral(lines)}, mientras que la lista de pedidos de la caja dice ${numeral(list)} ${currency}. Las ventas se cuentan por las líneas.`,
  sums_differ: (number, order, lines, list, currency) =>
    `${numeral(number)} pedidos dan otra suma que sus líneas: el primero es ${order}, cuyas líneas suman ${numeral(lines)}, mientras que la lista de pedidos de la caja dice ${numeral(list)} ${currency}. Las ventas se cuentan por las líneas.`,
  not_undone: (problem) =>
    `Este envío no se ha podido deshacer, y lo que se contó se queda como estaba. ${problem}`,
  not_read_again: (problem) =>
    `No se ha podido leer otra vez este archivo, y lo que se contó se queda como estaba. ${problem}`,
  problem: (detail, code) => fileProblems[code] ?? detail,
  zone: (name) => name,
  and: (one, other) => `${one} y ${other}`,
  also: (one, other) => `${one}; ${other}`,
  rounded: (name, row) => `una hoja de cálculo ha redondeado «${name}» (fila ${row})`,
  rounded_alike: (name, row) =>
    `una hoja de cálculo ha redondeado «${name}» (fila ${row}), así que pedidos distintos pueden parecer uno`,
  currency_decimals: (currency, digits) => `los importes en ${currency} tienen ${digits} decimales`,
  currency_whole: (currency) => `los importes en ${currency} no tienen decimales`,
  tax_outside: () => 'los importes son sin impuestos',
  tax_outside_or_none: () =>
    'los importes son sin impuestos, salvo en las filas sin precio neto, que no los tienen',
  tax_on_top_outside: () =>
    'los importes son sin los impuestos que se añaden aparte; los que van dentro del precio están incluidos',
  tax_on_top_unknown: () =>
    'los importes son sin los impuestos que se añaden aparte; no se sabe si incluyen los que van dentro del precio',
  with_tax_it_is: (tax, other, rows) =>
    `con «${tax}» es «${other}», en cada una de las primeras filas con impuestos: ${rows}`,
  without_tax_it_is: (tax, other, rows) =>
    `sin «${tax}» es «${other}», en cada una de las primeras filas con impuestos: ${rows}`,
  tax_unrelated: (tax) => `el archivo no muestra qué tiene que ver «${tax}» con él`,
  row_of: (why) => `1 fila: ${why}`,
  rows_of: (number, why) => `${numeral(number)} filas: ${why}`,
  file_says_so: (row) => `lo dice el archivo, por primera vez en la fila ${row}`,
  refunds_apart: () => 'devoluciones, restadas de las ventas',
  charges_apart: () => 'propinas, servicio y reparto, que no cuentan como ventas',
  deferred_apart: () => 'tarjetas regalo y similares, que no cuentan como ventas',
  free_apart: () => 'con precio 0, contado como invitación',
  nothing_missing: () => 'no falta ninguna fila',
  adds_up: (row) => `suman lo que dice la fila ${row}`,
  sold: () => 'vendido',
  refunded: () => 'devuelto',
  a_charge: () => 'un cargo',
  paid_in_advance: () => 'pagado por adelantado',
  voided: () => 'anulado',
  cancelled: () => 'cancelado',
  not_paid_yet: () => 'todavía sin pagar',
  only_practice: () => 'solo prácticas',
  deleted: () => 'borrado',
  of_another_location: () => 'de otro local',
  total_of_others: () => 'un total de otras filas',
  sums_of_all: () => 'las sumas de todos los pedidos',
  sum_of_sale: () => 'la suma de una venta, cuyas líneas tienen los artículos',
  a_payment: () => 'un pago',
  cash_moved: () => 'efectivo que se mete o se saca',
  staff_tip: () => 'una propina para el personal',
  subsidy: () => 'una subvención',
  broken_off: () => 'interrumpido antes de pagarse',
  only_ordered: () => 'solo pedido; el recibo lo tiene otra vez',
  moved: () => 'pasado de una cuenta a otra',
  unpaid_invoice: () => 'una factura que aún no está pagada',
  given_to_staff: () => 'dado al personal',
  no_sale: () => 'no es una venta',
  payment_failed: () => 'sin pagar: el pago falló',
  exchanged: () => 'cambiado',
  file: (name) => `el archivo «${name}»`,
  more_files: (number) => `${number} archivos más`,
  hold_no_sales: () => 'no contienen ventas',
  zip_kinds: () => 'de un zip solo se leen archivos CSV y libros de Excel (.xlsx)',
  list_of_orders: (kind) =>
    `Es ${kind}: pedidos sin lo que se vendió en ellos. Envíalo por separado para añadir propinas e impuestos.`,
  unknown_among_known: () => 'No es un informe que Flux conozca, y otros del zip sí lo son.',
  same_file: (name) => `Es el mismo archivo que «${name}».`,
  rows_of_file: (name, first, last) => `«${name}» son las filas ${first} a ${last}`,
  more_joined: (number) => `y ${number} más en el orden de sus nombres`,
  sales_list: () => 'una lista de ventas',
  same_columns: (kind) => `todos son ${kind} con las mismas columnas`,
  orders_of_file: (name, number) => `pedidos de «${name}»: ${numeral(number)}`,
  in_earlier_file: () => 'están también en un archivo anterior, con las mismas líneas',
  filled_sheet: () => 'es la única que tiene algo',
  possible_sheet: () => 'es la única que podría ser una tabla de ventas',
  only_sheet: (sheets, kind) => `de ${sheets} hojas solo esta tiene columnas así: ${kind}`,
  other_sheet: (said, name, why) => `${said}. «${name}»: ${why}`,
  counted_by_lines: (number, orders) =>
    `${numeral(number)} de ${numeral(orders)} cuentan una vez, por sus líneas; esta lista añade sus impuestos, propinas y cargos`,
  sold_items_known: () => 'Flux ya los tiene de la lista de artículos vendidos de la caja',
  taken_away: (removed, restored) =>
    `pedidos que se han quitado: ${numeral(removed)}; repuestos de otros archivos: ${numeral(restored)}`,
  you_asked: () => 'lo has pedido tú',
  line_subtotals: () => '«Subtotal» de cada línea',
  line_subtotals_times: (number) =>
    `«Subtotal» de cada línea, por «Quantity» en las ventas en que es de una unidad: ${numeral(number)}`,
  sale_adds_up: () =>
    'las líneas de una venta suman el de la venta, que es después de descuentos y sin impuestos',
  unclear_sales: (number) => `ventas con todas sus líneas rechazadas: ${numeral(number)}`,
  unclear_orders: (number) => `pedidos con todas sus filas rechazadas: ${numeral(number)}`,
  figures_clash: () => 'sus cifras no encajan; cada fila rechazada dice cuáles',
  price_less_discounts: () =>
    'el precio de cada línea por su cantidad, menos los descuentos y los impuestos incluidos',
  order_adds_up: () => 'suman Subtotal y Total, pedido a pedido',
  refunded_orders: (number) =>
    `pedidos devueltos con líneas propias debajo de la última fila: ${numeral(number)}`,
  no_refund_rows: () => 'la exportación no tiene filas para devoluciones, solo «Refunded Amount»',
  dsfinvk_tables: (lines, amounts, times) =>
    `las filas son las de ${lines}, con los importes de ${amounts} y las horas de ${times}`,
  dsfinvk_export: () => 'el zip es una exportación DSFinV-K',
  receipts_held: (table, checked, receipts) =>
    `recibos cuyas posiciones se han comparado con ${table}: ${numeral(checked)} de ${numeral(receipts)}`,
  table_has_it: (table) => `${table} lo tiene para ellos`,
}
