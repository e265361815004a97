/** Which of the links leads to the page one is on, or to the one above it: of several the closest. */
export function findCurrent(hrefs: string[], path: string): string | undefined {
  const above = hrefs.filter((href) => path === href || path.startsWith(`${href}/`))
  return above.sort((a, b) => b.length - a.length)[0]
}
