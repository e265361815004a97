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
    drop: 'Suelta aquí tu archivo o toca para elegirlo',
    dropHint: 'CSV, TSV o TXT. Los periodos antiguos o que se solapan no son problema.',
    letGo: 'Suelta para enviar este archivo',
    sending: (name: string) => `Enviando ${name}`,
    sent: (percent: string, size: string) => `${percent} de ${size}`,
    stop: 'Parar',
    sendingHint: 'Deja esta página abierta hasta que el archivo se haya enviado.',
    failedTitle: (name: string) => `${name} no se ha enviado`,
    emptyFile: 'El archivo está vacío. Expórtalo otra vez de tu caja y envíalo de nuevo.',
    interrupted:
      'La conexión se cortó mientras se enviaba el archivo. No se ha guardado nada. Vuelve a intentarlo.',
    refused:
      'El archivo no se ha podido guardar. Vuelve a intentarlo y, si falla otra vez, expórtalo de nuevo de tu caja.',
    viewerTitle: 'Solo los propietarios y los encargados pueden enviar archivos',
    viewer: (restaurant: string) =>
      `Puedes ver las cifras de ${restaurant}. Para añadir ventas, pide a su propietario que las envíe o que te haga encargado.`,
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
    status: {
      awaiting_file: 'Esperando el archivo',
      processing: 'Leyendo',
      needs_mapping: 'Necesita tu ayuda',
      completed: 'Listo',
      completedInPart: 'Listo, faltan algunas líneas',
      failed: 'No usado',
      cancelled: 'Parado',
      undone: 'Deshecho',
    },
    mappingTitle: 'No sabemos qué columna es cuál',
    mapping:
      'No se ha añadido nada. Expórtalo otra vez con los títulos de columna de tu caja, o prueba con su informe de artículos vendidos.',
    failedTitle: 'Este archivo no se ha podido usar',
    failed: 'No se ha añadido nada. Expórtalo otra vez de tu caja y envía el archivo nuevo.',
    rightReport: 'Exporta esto en su lugar:',
    cancelled: 'Este envío se paró. No se ha añadido nada.',
    undone: 'Este envío se deshizo. Sus ventas ya no cuentan.',
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
    conclusions: 'Cómo hemos leído tu archivo',
  },

  rejected: {
    title: 'Líneas que no hemos tomado',
    description: 'Todo lo demás del archivo se ha tomado. Corrige estas en tu caja y exporta otra vez.',
    row: 'Fila',
    column: 'Columna',
    value: 'Valor',
    problem: 'Problema',
    blank: 'vacío',
    more: 'Mostrar más',
    shown: (shown: string, total: string) => `Se muestran ${shown} de ${total}`,
    errorTitle: 'No se han podido cargar las líneas rechazadas',
    moreErrorTitle: 'No se han podido cargar las líneas siguientes',
  },
}
