import type { Messages } from './en'

/** Every word the product shows, in Spanish. */
export const es: Messages = {
  product: 'Flux',
  tagline: 'Tu historial de ventas, por fin útil.',
  description: 'Suelta la exportación de tu caja en una página y mira lo que dice.',
  skipToContent: 'Ir al contenido',
  loading: 'Cargando',
  tryAgain: 'Volver a intentar',
  close: 'Cerrar',
  language: 'Idioma',

  titles: {
    home: 'Bienvenida',
    login: 'Entrar',
    register: 'Crea tu cuenta',
    forgot: '¿Has olvidado tu contraseña?',
    verify: 'Confirma tu correo',
    reset: 'Pon una contraseña nueva',
    join: 'Únete a un restaurante',
    dashboard: 'Resumen',
    data: 'Datos de ventas',
    upload: 'Archivo enviado',
    exports: 'Cómo exportar tus ventas',
    team: 'Equipo',
    settings: 'Ajustes',
    notFound: 'Página no encontrada',
  },

  theme: {
    label: 'Aspecto',
    system: 'Como este dispositivo',
    light: 'Claro',
    dark: 'Oscuro',
  },

  errors: {
    unreachableTitle: 'No se puede llegar a Flux',
    unreachable: 'Comprueba tu conexión a internet. Si funciona, Flux no está disponible en este momento.',
    unreachableWaiting: 'Esta página vuelve a intentarlo sola cada pocos segundos.',
    unexpectedTitle: 'Algo ha fallado',
    unexpected: 'Es culpa nuestra, no tuya. Vuelve a intentarlo en un momento.',
    reference: (id: string) => `Si vuelve a pasar, dinos este número: ${id}`,
    tooMany: 'Demasiados intentos. Espera un minuto y vuelve a intentarlo.',
    refusedTitle: 'No ha funcionado',
    notFoundTitle: 'Esta página no existe',
    notFound: 'Puede que la dirección esté mal escrita o que la página haya cambiado de sitio.',
    toDashboard: 'Ir al resumen',
  },

  codes: {
    wrong_credentials:
      'El correo o la contraseña no son correctos. Si acabas de registrarte, abre primero el enlace de nuestro correo.',
    signed_out: 'Tu sesión ha terminado. Entra otra vez.',
    role_too_low: 'Tu papel no lo permite. Pide al propietario del restaurante que lo haga.',
    restaurant_not_found: 'No existe ese restaurante, o no trabajas en él.',
    upload_not_found: 'No existe ese envío.',
    upload_state: 'Este envío ya no está en un estado en el que se pueda hacer eso.',
    file_too_large: 'El archivo es demasiado grande. Exporta un periodo más corto y envía las partes.',
    file_type_not_read:
      'Flux lee archivos CSV y libros de Excel (.xlsx), también CSV en un zip. Elige en tu caja exportar como CSV, o guarda como CSV en una hoja de cálculo.',
    file_empty: 'El archivo está vacío. Expórtalo otra vez de tu caja.',
    upload_limit:
      'Por ahora no se pueden enviar más archivos. Espera a que terminen los anteriores o vuelve a intentarlo más tarde.',
    bad_signature: 'La dirección de envío ya no vale. Empieza el envío otra vez.',
    member_not_found: 'Nadie así trabaja en el restaurante.',
    last_owner: 'Un restaurante necesita un propietario. Haz antes propietario a otra persona.',
    already_member: 'Esta persona ya trabaja en el restaurante.',
    invitation_not_found: 'No existe esa invitación; puede que ya se haya aceptado.',
    wrong_password: 'No es tu contraseña actual.',
    session_not_found: 'No existe esa sesión, o ya ha terminado.',
    weak_password: 'Esta contraseña es fácil de adivinar. Elige otra.',
    too_many_tries: 'Demasiados intentos. Espera un poco y vuelve a intentarlo.',
    invalid_input: 'Algo de lo escrito no es válido. Compruébalo.',
    parts_misfit: 'El archivo no llegó entero. Empieza el envío otra vez.',
  },

  auth: {
    loginTitle: 'Entrar',
    loginIntro: 'Qué bien volver a verte.',
    login: 'Entrar',
    registerTitle: 'Crea tu cuenta',
    registerIntro: 'Tarda un minuto. Después solo necesitas una exportación de tu caja.',
    register: 'Crear la cuenta',
    noAccount: '¿Primera vez aquí?',
    toRegister: 'Crea una cuenta',
    hasAccount: '¿Ya tienes una cuenta?',
    toLogin: 'Entrar',
    logout: 'Salir',
    restaurantName: 'Nombre del restaurante',
    email: 'Correo electrónico',
    password: 'Contraseña',
    newPasswordHint: 'Al menos 10 caracteres. Unas cuantas palabras seguidas se recuerdan bien.',
    showPassword: 'Mostrar la contraseña',
    hidePassword: 'Ocultar la contraseña',
    where: '¿Dónde está tu restaurante?',
    whereHint:
      'Lo hemos deducido de tu dispositivo. Compruébalo: de ello depende cómo se leen las horas y los importes.',
    country: 'País',
    currency: 'Moneda',
    timezone: 'Zona horaria',
    timezonesHere: (country: string) => `En ${country}`,
    timezonesElsewhere: 'En otros lugares',
    emailMissing: 'Escribe tu dirección de correo, por ejemplo ana@example.com.',
    passwordMissing: 'Escribe tu contraseña.',
    passwordShort: 'Usa al menos 10 caracteres.',
    passwordLong: 'Usa como mucho 128 caracteres.',
    restaurantMissing: 'Escribe el nombre de tu restaurante.',
    restaurantLong: 'Usa como mucho 120 caracteres.',
    forgot: '¿Has olvidado tu contraseña?',
  },

  checkMail: {
    title: 'Mira tu correo',
    sent: 'Hemos enviado un correo a esta dirección:',
    sentIfKnown: 'Si hay una cuenta con esta dirección, un correo está en camino:',
    sentIfWaiting: 'Si esta dirección aún está por confirmar, un correo está en camino:',
    change: 'Cambiar',
    changeWhat: 'la dirección',
    linkLasts: 'Vale durante 30 minutos, y solo cuenta el más reciente.',
    noMail: '¿No llega en un minuto? Mira en el correo no deseado o pide que se envíe otra vez.',
    sendAgain: 'Enviar otra vez',
  },

  confirm: {
    title: 'Confirma tu correo',
    intro: 'Escribe la contraseña que elegiste al registrarte. Así sabemos que eras tú.',
    submit: 'Confirmar y entrar',
    wrongPassword: 'Esta no es la contraseña que elegiste al registrarte.',
    done: '¿Ya está confirmado?',
    openLink: 'Abre el enlace que contiene y escribe allí tu contraseña.',
    knownAlready: 'Si ya tienes una cuenta, el correo dice cómo entrar.',
    keepOpen: 'Mientras tanto puedes dejar esta página abierta.',
    confirmed: 'Ya lo he confirmado',
    notYetTitle: 'Aún no está confirmado',
    notYet:
      'Abre el enlace de nuestro correo, escribe allí tu contraseña y vuelve a intentarlo. Si ya tenías una cuenta, entra con su contraseña.',
    sentAgain: 'Enviado, si esta dirección aún está por confirmar. Solo vale el enlace más reciente.',
    spentIntro:
      'Ya se usó, tiene más de 30 minutos, lo sustituyó otro más reciente o no se copió entero. Escribe tu correo y te enviamos uno nuevo.',
    sendNew: 'Enviar un enlace nuevo',
    bannerSent: 'Enviado otra vez. Solo vale el enlace más reciente.',
    bannerTitle: 'Confirma tu dirección de correo',
    banner: (email: string) =>
      `Hemos enviado un enlace a ${email}. Ábrelo para que sepamos que la dirección es tuya.`,
  },

  forgot: {
    title: '¿Has olvidado tu contraseña?',
    intro: 'Escribe tu correo y te enviamos un enlace para poner una nueva.',
    submit: 'Enviar el enlace',
    remembered: '¿La has recordado?',
    openLink: 'Abre el enlace que contiene y escribe la contraseña que quieras.',
    sentAgain: 'Enviado, si hay una cuenta con esta dirección. Solo vale el enlace más reciente.',
    setNew: 'Poner una contraseña nueva',
  },

  reset: {
    title: 'Pon una contraseña nueva',
    intro: 'Se cerrará la sesión en todos tus dispositivos, para que nadie siga dentro con la anterior.',
    password: 'Contraseña nueva',
    submit: 'Guardar la contraseña',
    doneTitle: 'Tu contraseña está guardada',
    done: 'Se ha cerrado la sesión en todos los dispositivos. Entra con la contraseña nueva para seguir.',
    spentIntro:
      'Ya se usó, tiene más de 30 minutos, lo sustituyó otro más reciente o no se copió entero. Tu contraseña sigue siendo la misma.',
    askNew: 'Pedir un enlace nuevo',
  },

  join: {
    title: 'Únete a un restaurante',
    titleOf: (restaurant: string) => `Únete a ${restaurant}`,
    intro: {
      owner: (inviter: string) =>
        `${inviter} te ha invitado como propietario: ves las ventas, envías exportaciones de la caja y decides quién más puede.`,
      manager: (inviter: string) =>
        `${inviter} te ha invitado como encargado: ves las ventas y envías exportaciones de la caja.`,
      viewer: (inviter: string) => `${inviter} te ha invitado como lector: ves las ventas.`,
    },
    newPassword: 'Elige una contraseña',
    knownPassword: 'Tu contraseña de Flux',
    knownPasswordHint: 'Ya hay una cuenta con esta dirección. Basta con su contraseña.',
    wrongPassword: 'Esta no es la contraseña de tu cuenta de Flux.',
    submit: 'Unirme',
    joined: '¿Ya te has unido?',
    errorTitle: 'No se ha podido cargar la invitación',
    spentIntro: (inviter: string | undefined) =>
      `La invitación ya se aceptó, tiene más de una semana, se retiró o se sustituyó, o su enlace no se copió entero. Pide otra a ${inviter ?? 'quien te invitó'}.`,
  },

  spentTitle: 'Este enlace no funciona',

  nav: {
    label: 'Principal',
    dashboard: 'Resumen',
    data: 'Ventas',
    team: 'Equipo',
    settings: 'Ajustes',
    account: 'Tu cuenta',
    promise: 'Guardamos cada archivo que envías. Enviar uno dos veces nunca cuenta una venta dos veces.',
  },

  dashboard: {
    title: 'Resumen',
    noRestaurantTitle: 'Aún sin restaurante',
    noRestaurant: 'Tu cuenta no pertenece a ningún restaurante. Pide a su propietario que te invite.',
  },

  figures: {
    title: 'Ventas hasta ahora',
    revenue: 'Ingresos',
    orders: 'Pedidos',
    items: 'Artículos vendidos',
    averageCheck: 'Ticket medio',
    emptyTitle: 'Aún no hay ventas',
    empty: 'Envía una exportación de tu caja y tus cifras aparecerán aquí en segundos.',
    emptyViewer:
      'Cuando un propietario o un encargado envíe una exportación de la caja, las cifras aparecerán aquí.',
    emptyAction: 'Envía tu primer archivo',
    errorTitle: 'No se han podido cargar las cifras',
  },

  upload: {
    title: 'Enviar ventas',
    description: 'Una exportación de tu caja en la que salga cada venta.',
    drop: 'Suelta aquí tus archivos o toca para elegirlos',
    dropHint:
      'CSV, Excel (.xlsx) o zip, varios a la vez. También puedes pegarlos. Los periodos antiguos o que se solapan no son problema.',
    letGo: 'Suelta para enviar',
    onTheirWay: 'Archivos en camino',
    sending: (name: string) => `Enviando ${name}`,
    waiting: (name: string) => `${name} es el siguiente`,
    sent: (done: string, total: string) => `${done} de ${total}`,
    timeLeft: (time: string) => `quedan ${time}`,
    stop: 'Parar',
    remove: 'Quitar',
    goOn: 'Seguir desde ahí',
    sendingHint:
      'Mientras tanto puedes mirar otras páginas, pero deja esta pestaña abierta hasta que se hayan enviado los archivos.',
    leftTitle: (name: string) => `${name} no se envió hasta el final`,
    left: (sent: string) =>
      `Habían llegado ${sent} cuando se dejó la página. Elige el archivo otra vez y sigue desde ahí.`,
    failedTitle: (name: string) => `${name} no se ha enviado`,
    emptyFile: 'El archivo está vacío. Expórtalo otra vez de tu caja y envíalo de nuevo.',
    interrupted:
      'La conexión se cortó mientras se enviaba el archivo. Sigue solo en cuanto vuelvas a tener conexión, o inténtalo ahora.',
    refused:
      'El archivo no se ha podido guardar. Vuelve a intentarlo y, si falla otra vez, expórtalo de nuevo de tu caja.',
    howToExport: 'Cómo exportar de tu caja',
    template: 'Descargar la plantilla',
    viewerTitle: 'Solo los propietarios y los encargados pueden enviar archivos',
    viewer: (restaurant: string) =>
      `Puedes ver las cifras de ${restaurant}. Para añadir ventas, pide a su propietario que las envíe o que te haga encargado.`,
  },

  history: {
    title: 'Archivos hasta ahora',
    description: 'Guardamos todos los archivos que has enviado.',
    emptyTitle: 'Aún no se ha enviado nada',
    empty: 'Cuando envíes un archivo verás aquí qué ha sido de él.',
    errorTitle: 'No se han podido cargar los archivos',
    counts: (added: string, known: string) => `${added} pedidos nuevos, ${known} ya conocidos`,
    more: 'Mostrar archivos anteriores',
  },

  uploadStatus: {
    awaiting_file: 'Esperando el archivo',
    processing: 'Leyendo',
    needs_mapping: 'Necesita tu ayuda',
    completed: 'Listo',
    completed_in_part: 'Listo, faltan algunas líneas',
    failed: 'No usado',
    cancelled: 'Parado',
    undone: 'Deshecho',
    undo: 'Deshaciendo',
    read_again: 'Leyendo otra vez',
  },

  uploadPage: {
    back: 'Todos los archivos',
    result: 'Qué ha sido de él',
    steps: 'Progreso',
    stepSent: 'Enviado',
    stepRead: 'Leído y comprobado',
    stepCounted: 'En tus cifras',
    stepDone: 'hecho',
    errorTitle: 'No se ha podido cargar este envío',
    notFound: 'No existe ese envío. Puede que el enlace esté incompleto o que sea de otro restaurante.',
  },

  actions: {
    cancel: 'Parar',
    readAgain: 'Leer otra vez',
    readAgainHint: 'Guardamos el archivo. Leerlo otra vez ayuda cuando Flux ha aprendido a leerlo mejor.',
    undo: 'Deshacer',
    undoTitle: '¿Deshacer este envío?',
    undoAbout: (name: string) =>
      `Las ventas que solo contiene ${name} dejarán de contar. Lo que también está en otros archivos se queda. Guardamos el archivo, así que más adelante se puede leer otra vez.`,
    keep: 'Dejarlo',
    undoConfirm: 'Deshacer el envío',
  },

  mapping: {
    title: '¿Qué columna es cuál?',
    description: 'Cada columna sale con valores de tu archivo. Elige qué contiene.',
    errorTitle: 'No se han podido cargar las columnas',
    tillKnown: (till: string) => `Conocemos este informe de ${till}. Solo queda una pregunta.`,
    unnamed: (number: string) => `Columna ${number}`,
    samplesOf: (name: string) => `Valores de ${name}`,
    noSamples: 'vacía',
    holds: (name: string) => `${name} contiene`,
    notNeeded: 'No hace falta',
    fields: {
      item: 'El artículo vendido',
      date_and_time: 'Fecha y hora',
      date: 'Fecha sin hora',
      time: 'Hora',
      line_amount: 'Importe de la línea, con descuentos',
      unit_price: 'Precio de una unidad',
      quantity: 'Cantidad',
      order_number: 'Número del pedido',
      category: 'Categoría',
      variant: 'Tamaño o variante',
    },
    location: '¿Qué local es este restaurante?',
    locationHint: 'El archivo contiene varios. Aquí solo cuentan las filas del que elijas.',
    locationMissing: 'Elige el local.',
    notYet: 'Aún falta algo',
    gaps: {
      item_missing: 'Elige la columna con el nombre del artículo.',
      date_missing: 'Elige la columna con la fecha.',
      date_twice: 'Elige o bien una columna con fecha y hora, o bien una solo con la fecha. No las dos.',
      time_twice: 'Una columna con la hora va con otra que solo tiene la fecha.',
      amount_missing: 'Elige la columna con el importe: de la línea o de una unidad.',
      amount_twice: 'Elige o bien el importe de la línea, o bien el precio de una unidad. No los dos.',
      twice: 'Dos columnas dicen contener lo mismo. Elige una de ellas.',
    },
    submit: 'Leer el archivo',
    remembered: 'Lo recordamos para todos los archivos con las mismas columnas.',
  },

  latest: {
    title: 'Último archivo',
    emptyTitle: 'Aún no se ha enviado nada',
    empty: 'Aquí verás lo que hemos entendido de tu archivo, y lo que no.',
    errorTitle: 'No se ha podido cargar el último archivo',
    received: (size: string, when: string) => `${size}, ${when}`,
    reading: (name: string) => `Leyendo ${name}`,
    readingHint: 'Puedes dejar esta página. El archivo está a salvo con nosotros.',
    lostTouch: 'Hemos perdido el contacto con Flux y seguimos intentándolo. Tu archivo está a salvo.',
    waiting: (name: string) => `Esperando ${name}`,
    waitingHint: 'Si el envío se interrumpió, envía el archivo otra vez. Nada cuenta dos veces.',
    mappingTitle: 'No sabemos qué columna es cuál',
    mapping: 'Aún no se ha añadido nada. Dinos qué contienen las columnas y el archivo se lee enseguida.',
    failedTitle: 'Este archivo no se ha podido usar',
    failed: 'No se ha añadido nada. Expórtalo otra vez de tu caja y envía el archivo nuevo.',
    rightReport: 'Exporta esto en su lugar:',
    cancelled: 'Este envío se paró. No se ha añadido nada.',
    undone: 'Este envío se deshizo. Sus ventas ya no cuentan.',
    undo: (name: string) => `Deshaciendo ${name}`,
    read_again: (name: string) => `Leyendo ${name} otra vez`,
    requestedHint: 'Hasta que esté hecho, sus ventas cuentan como antes.',
    notDoneTitle: 'No se ha podido hacer',
    stays: 'Sus ventas cuentan como antes.',
    stepsOf: (till: string) => `Más sobre exportar de ${till}`,
    details: 'Ver todo sobre este archivo',
    help: 'Elegir las columnas',
  },

  report: {
    nothingNewTitle: 'Nada nuevo en este archivo',
    nothingNew: (orders: string) => `Los ${orders} pedidos ya se conocían, así que no se ha añadido nada.`,
    ordersNew: 'Pedidos nuevos',
    ordersKnown: 'Ya conocidos',
    ordersChanged: 'Cambiados',
    linesAccepted: 'Líneas aceptadas',
    linesRejected: 'Líneas rechazadas',
    linesLeftOut: 'No son ventas, omitidas',
    linesOf: (total: string) => `de ${total}`,
    total: 'Total de este archivo',
    period: 'Periodo',
    warnings: 'Compruébalo',
    conclusions: 'Cómo hemos leído tu archivo, y por qué',
    inEnglish: 'Los detalles están en inglés.',
    topics: {
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
    },
  },

  rejected: {
    title: 'Líneas que no hemos tomado',
    description: 'Todo lo demás del archivo se ha tomado.',
    download: 'Descargarlas como CSV',
    filename: 'lineas-rechazadas.csv',
    howToFix:
      'Abre el CSV en una hoja de cálculo, corrige lo que dicen sus primeras columnas y envíalo aquí. También contiene las demás líneas de los mismos pedidos. Nada cuenta dos veces.',
    row: 'Fila',
    column: 'Columna',
    value: 'Valor',
    problem: 'Qué hacer',
    blank: 'vacío',
    more: 'Mostrar más',
    shown: (shown: string, total: string) => `Se muestran ${shown} de ${total}`,
    errorTitle: 'No se han podido cargar las líneas rechazadas',
    moreErrorTitle: 'No se han podido cargar las líneas siguientes',
  },

  rejections: {
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
  },

  fileProblems: {
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
    wrong_size:
      'El archivo que llegó no tiene el tamaño anunciado, así que no se ha leído. Envíalo otra vez.',
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
  },

  exports: {
    intro: '¿Qué caja tienes? Te mostramos qué informe exportar y dónde está.',
    titleOf: (till: string) => `Cómo exportar de ${till}`,
    wanted: (report: string) => `Lo que necesitas es: ${report}.`,
    steps: 'Qué hacer',
    notes: 'Conviene saber',
    others: 'Otras cajas',
    toData: 'A tus datos de ventas',
    dsfinvk: 'Una caja en Alemania (DSFinV-K)',
    other: 'Otra caja',
  },
}
