import type { Language } from '@/lib/language-script'

import type { Guide } from './guides'

export type GuideText = {
  /** What the export is called in the till. */
  report: string
  /** What to do, one thing after the other. */
  steps: string[]
  /** What else to know: what is missing in it, which others to leave. */
  notes: string[]
}

/**
 * How to export from each till. Menus are named only where a document or a real export shows them (the docstrings of
 * `apps/api/src/flux/ingestion/formats`); elsewhere a page says what to look for.
 */
export const guideTexts: Record<Language, Record<Guide, GuideText>> = {
  en: {
    toast: {
      report: 'Item Selection Details',
      steps: [
        'Open Toast Web on a computer and log in.',
        'Go to Reports, then Sales, then Item Selection Details.',
        'Choose the period. A year at once is fine.',
        'Export it as CSV. An Excel file (.xlsx) works too.',
        'Drop the file on the page “Sales data”, without opening it first: a spreadsheet program would ruin the long order numbers.',
      ],
      notes: [
        'If you have several locations, export one file a location.',
        'Tips are in another report, Order Details. You may send it as a second file; the two complete each other.',
        'Product Mix, Payment Details, Check Details and Modifier Selection Details do not list single sales of items. They are refused.',
        'The zip that Toast puts on its file server every night can be sent as it is.',
      ],
    },
    square: {
      report: 'Items Detail CSV',
      steps: [
        'Open the Square Dashboard on a computer and log in.',
        'Go to the list of transactions and choose the period.',
        'Press Export and choose “Items Detail CSV”.',
        'Drop the file, whose name begins with “items-”, on the page “Sales data”.',
      ],
      notes: [
        'The date at the end of the file’s name is the day after the last one in it.',
        'Tips are in “Transactions CSV”. You may send it as a second file; the two complete each other.',
      ],
    },
    clover: {
      report: 'Line Items',
      steps: [
        'Open the Clover dashboard on a computer and log in.',
        'Open Orders and choose Line items.',
        'Choose the period and export it.',
        'Drop the file, whose name begins with “LineItemsExport”, on the page “Sales data”.',
      ],
      notes: [
        'Clover does not mark every refund in this list, so sales may be a little too high. The upload says so.',
        'Tips are in the export of Orders. You may send it as a second file; the two complete each other.',
        'The export of Payments does not say what was sold. It is refused.',
      ],
    },
    loyverse: {
      report: 'Receipts by item',
      steps: [
        'Open the Loyverse Back Office on a computer and log in.',
        'Go to Reports, then Receipts, and choose the period.',
        'Press Export and choose “Receipts by item”.',
        'Drop the file, whose name begins with “receipts-by-item”, on the page “Sales data”.',
      ],
      notes: [
        'English and Indonesian exports are known by name. In another language Flux may ask you which column is which, once.',
        '“Sales by item” and “Sales summary” add sales up. They are refused.',
        'Tips are in “Receipts”. You may send it as a second file; the two complete each other.',
      ],
    },
    lightspeed: {
      report: 'Sales history',
      steps: [
        'Open Lightspeed Retail (X-Series, once called Vend) on a computer and log in.',
        'Open the Sales history.',
        'Choose the period and export the list.',
        'Drop the file on the page “Sales data”.',
      ],
      notes: [
        'The export does not say at which outlet a sale was made. If you have several, export one outlet alone.',
        'The product export lists products and prices without sales. It is refused.',
        'For Lightspeed Restaurant we have not seen an export yet. Look for one of transactions or receipts with their items; Flux asks you which column is which, if it has to.',
      ],
    },
    shopify: {
      report: 'Orders',
      steps: [
        'Open the Shopify admin on a computer and log in.',
        'Open Orders and choose the period.',
        'Press Export and choose a CSV file.',
        'Drop the file, whose name begins with “orders_export”, on the page “Sales data”.',
      ],
      notes: [
        'Shopify does not say when an order was refunded, so a refund counts for the time of its order.',
        'Names and addresses of customers in the file are left out: they never reach our database.',
      ],
    },
    sumup: {
      report: 'Sales report (Verkaufsbericht)',
      steps: [
        'Log in to SumUp in a browser.',
        'Look among the reports for the Sales report (in German Verkaufsbericht): the one that lists each item sold.',
        'Choose the period and export it as CSV.',
        'Drop the file on the page “Sales data”.',
      ],
      notes: [
        'English and German exports are known by name.',
        'The transactions report lists payments without what was sold. It is not the one.',
      ],
    },
    flipdish: {
      report: 'Sales data',
      steps: [
        'Log in to Flipdish in a browser.',
        'Look among the reports for the sales data: the list with one row for each order.',
        'Choose a period with fewer than 5,000 orders, because the export stops there without a word.',
        'Drop the file, whose name holds “sales_data”, on the page “Sales data”, then the next period.',
      ],
      notes: [
        'Flipdish lists orders without their items, so you will see revenue and orders but no dishes.',
        'Should a file have been cut short, Flux notices by its row of totals.',
      ],
    },
    dsfinvk: {
      report: 'DSFinV-K',
      steps: [
        'Every till in Germany can make this export for the tax office, also Orderbird and ready2order.',
        'Look in the settings or reports of your till for “DSFinV-K”.',
        'Choose the period and export it. You get a zip.',
        'Drop the zip on the page “Sales data” as it is, without unpacking it.',
      ],
      notes: [
        'A Z-report has the sums of a day, without single sales. It is refused.',
        'Each closing of the till is a part of the export; a long period is fine.',
      ],
    },
    other: {
      report: 'A list of single sales',
      steps: [
        'Look in your till for an export of receipts, transactions or sold items “with details”.',
        'It needs a row for each item sold, with the date and time, the item, and the amount. An order number helps.',
        'Choose the period and export it as CSV or Excel (.xlsx).',
        'Drop the file on the page “Sales data”. If Flux is not sure which column is which it asks you, and remembers.',
      ],
      notes: [
        'Daily summaries and product mixes add sales up. They cannot be used.',
        'Keep your sales by hand? The template has the columns that Flux always understands.',
      ],
    },
  },
  es: {
    toast: {
      report: 'Item Selection Details',
      steps: [
        'Abre Toast Web en un ordenador y entra.',
        'Ve a Reports, después a Sales y después a Item Selection Details.',
        'Elige el periodo. Un año de una vez no es problema.',
        'Expórtalo como CSV. También vale un archivo de Excel (.xlsx).',
        'Suelta el archivo en la página «Datos de ventas» sin abrirlo antes: una hoja de cálculo estropearía los números largos de pedido.',
      ],
      notes: [
        'Si tienes varios locales, exporta un archivo por local.',
        'Las propinas están en otro informe, Order Details. Puedes enviarlo como segundo archivo; los dos se completan.',
        'Product Mix, Payment Details, Check Details y Modifier Selection Details no listan cada artículo vendido. Se rechazan.',
        'El zip que Toast deja cada noche en su servidor de archivos se puede enviar tal cual.',
      ],
    },
    square: {
      report: 'Items Detail CSV',
      steps: [
        'Abre el panel de Square en un ordenador y entra.',
        'Ve a la lista de transacciones y elige el periodo.',
        'Pulsa Export y elige «Items Detail CSV».',
        'Suelta el archivo, cuyo nombre empieza por «items-», en la página «Datos de ventas».',
      ],
      notes: [
        'La fecha al final del nombre del archivo es el día después del último que contiene.',
        'Las propinas están en «Transactions CSV». Puedes enviarlo como segundo archivo; los dos se completan.',
      ],
    },
    clover: {
      report: 'Line Items',
      steps: [
        'Abre el panel de Clover en un ordenador y entra.',
        'Abre Orders y elige Line items.',
        'Elige el periodo y expórtalo.',
        'Suelta el archivo, cuyo nombre empieza por «LineItemsExport», en la página «Datos de ventas».',
      ],
      notes: [
        'Clover no marca todas las devoluciones en esta lista, así que las ventas pueden salir algo altas. El envío lo dice.',
        'Las propinas están en la exportación de Orders. Puedes enviarla como segundo archivo; los dos se completan.',
        'La exportación de Payments no dice qué se vendió. Se rechaza.',
      ],
    },
    loyverse: {
      report: 'Receipts by item',
      steps: [
        'Abre Loyverse Back Office en un ordenador y entra.',
        'Ve a Reports, después a Receipts, y elige el periodo.',
        'Pulsa Export y elige «Receipts by item».',
        'Suelta el archivo, cuyo nombre empieza por «receipts-by-item», en la página «Datos de ventas».',
      ],
      notes: [
        'Conocemos por su nombre las exportaciones en inglés y en indonesio. En otro idioma Flux puede preguntarte una vez qué columna es cuál.',
        '«Sales by item» y «Sales summary» suman las ventas. Se rechazan.',
        'Las propinas están en «Receipts». Puedes enviarlo como segundo archivo; los dos se completan.',
      ],
    },
    lightspeed: {
      report: 'Sales history',
      steps: [
        'Abre Lightspeed Retail (X-Series, antes Vend) en un ordenador y entra.',
        'Abre Sales history, el historial de ventas.',
        'Elige el periodo y exporta la lista.',
        'Suelta el archivo en la página «Datos de ventas».',
      ],
      notes: [
        'La exportación no dice en qué local se hizo cada venta. Si tienes varios, exporta uno solo.',
        'La exportación de productos lista productos y precios sin ventas. Se rechaza.',
        'De Lightspeed Restaurant aún no hemos visto ninguna exportación. Busca una de transacciones o recibos con sus artículos; Flux te pregunta qué columna es cuál si hace falta.',
      ],
    },
    shopify: {
      report: 'Orders',
      steps: [
        'Abre el panel de Shopify en un ordenador y entra.',
        'Abre Orders, los pedidos, y elige el periodo.',
        'Pulsa Export y elige un archivo CSV.',
        'Suelta el archivo, cuyo nombre empieza por «orders_export», en la página «Datos de ventas».',
      ],
      notes: [
        'Shopify no dice cuándo se devolvió un pedido, así que la devolución cuenta en el momento del pedido.',
        'Los nombres y direcciones de clientes del archivo se dejan fuera: nunca llegan a nuestra base de datos.',
      ],
    },
    sumup: {
      report: 'Informe de ventas (Sales report, Verkaufsbericht)',
      steps: [
        'Entra en SumUp con un navegador.',
        'Busca entre los informes el de ventas (Sales report, en alemán Verkaufsbericht): el que lista cada artículo vendido.',
        'Elige el periodo y expórtalo como CSV.',
        'Suelta el archivo en la página «Datos de ventas».',
      ],
      notes: [
        'Conocemos por su nombre las exportaciones en inglés y en alemán. En otro idioma Flux puede preguntarte una vez qué columna es cuál.',
        'El informe de transacciones lista pagos sin lo que se vendió. No es ese.',
      ],
    },
    flipdish: {
      report: 'Sales data',
      steps: [
        'Entra en Flipdish con un navegador.',
        'Busca entre los informes los datos de ventas (sales data): la lista con una fila por pedido.',
        'Elige un periodo con menos de 5.000 pedidos, porque la exportación se corta ahí sin avisar.',
        'Suelta el archivo, cuyo nombre contiene «sales_data», en la página «Datos de ventas», y después el periodo siguiente.',
      ],
      notes: [
        'Flipdish lista pedidos sin sus artículos, así que verás ingresos y pedidos pero no platos.',
        'Si un archivo se cortó, Flux lo nota por su fila de totales.',
      ],
    },
    dsfinvk: {
      report: 'DSFinV-K',
      steps: [
        'Cualquier caja en Alemania puede hacer esta exportación para Hacienda, también Orderbird y ready2order.',
        'Busca «DSFinV-K» en los ajustes o informes de tu caja.',
        'Elige el periodo y expórtalo. Obtienes un zip.',
        'Suelta el zip tal cual en la página «Datos de ventas», sin descomprimirlo.',
      ],
      notes: [
        'Un informe Z tiene las sumas de un día, sin las ventas una a una. Se rechaza.',
        'Cada cierre de caja es una parte de la exportación; un periodo largo no es problema.',
      ],
    },
    other: {
      report: 'Una lista de ventas una a una',
      steps: [
        'Busca en tu caja una exportación de recibos, transacciones o artículos vendidos «con detalle».',
        'Necesita una fila por artículo vendido, con la fecha y la hora, el artículo y el importe. Un número de pedido ayuda.',
        'Elige el periodo y expórtalo como CSV o Excel (.xlsx).',
        'Suelta el archivo en la página «Datos de ventas». Si Flux no está seguro de qué columna es cuál te pregunta, y lo recuerda.',
      ],
      notes: [
        'Los resúmenes diarios y las sumas por producto no sirven.',
        '¿Llevas tus ventas a mano? La plantilla tiene las columnas que Flux siempre entiende.',
      ],
    },
  },
}
