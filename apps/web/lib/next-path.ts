const home = '/dashboard'
const here = 'http://flux.invalid'
/** Pages for people without a session: no place to be led to after logging in. */
const outside = ['/', '/login', '/register', '/forgot', '/verify', '/reset', '/join']

/**
 * Where to go after logging in. Only a path of this site is followed, so that a link to the login page cannot send
 * anyone elsewhere. The parser decides and not a look at the text: browsers read `\` as `/` and drop tabs and line ends.
 */
export function safeNextPath(next: string | null): string {
  if (!next?.startsWith('/') || !URL.canParse(next, here)) return home
  const { origin, pathname, search, hash } = new URL(next, here)
  if (origin !== here || pathname.startsWith('//')) return home
  if (outside.includes(pathname)) return home
  return pathname + search + hash
}

/** The login page, which comes back to `path`. */
export function loginPath(path: string): string {
  return safeNextPath(path) === path ? `/login?next=${encodeURIComponent(path)}` : '/login'
}
