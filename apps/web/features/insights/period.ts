/** Business days from the first to the last, both of them in it. */
export type Period = { from: string; to: string }

export const lengths = [7, 28, 90, 365] as const
export type Length = (typeof lengths)[number]
const usual: Length = 28
export const mostDays = 3 * 366
const dayMs = 86_400_000

/** What was chosen: so many days up to the last with sales, or days of one's own. */
export type Choice = { days: Length } | Period

const isoDate = /^\d{4}-\d\d-\d\d$/
const isDate = (text: string | null): text is string =>
  text !== null && isoDate.test(text) && addDays(text, 0) === text

export function addDays(date: string, days: number): string {
  const at = new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10)
}

/** How many days there are in it: none or fewer if it ends before it begins. */
export function countDays({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
}

export function isPeriod(period: Period): boolean {
  const days = countDays(period)
  return isDate(period.from) && isDate(period.to) && days >= 1 && days <= mostDays
}

/** What the address says; the usual period where it says nothing, or nonsense. */
export function readChoice(query: URLSearchParams): Choice {
  const days = lengths.find((length) => String(length) === query.get('days'))
  if (days) return { days }
  const [from, to] = [query.get('from'), query.get('to')]
  if (isDate(from) && isDate(to) && isPeriod({ from, to })) return { from, to }
  return { days: usual }
}

export function writeChoice(choice: Choice): Record<string, string> {
  return 'days' in choice ? { days: String(choice.days) } : choice
}

export function periodOf(choice: Choice, lastDay: string): Period {
  return 'days' in choice ? { from: addDays(lastDay, 1 - choice.days), to: lastDay } : choice
}
