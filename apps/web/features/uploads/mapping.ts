import type { ColumnField, Columns, Mapping } from '@flux/api-client'

/** What an owner can say that a column holds, in the order in which it is offered. */
export const columnFields: readonly ColumnField[] = [
  'item',
  'date_and_time',
  'date',
  'time',
  'line_amount',
  'unit_price',
  'quantity',
  'order_number',
  'category',
  'variant',
]

/** What each column holds, by its number; one that is not named is not needed. */
export type Choices = Record<number, ColumnField | undefined>

/** What Flux takes the columns for; of two that it takes for the same, the first. */
export function proposedChoices({ columns }: Pick<Columns, 'columns'>): Choices {
  const choices: Choices = {}
  const taken = new Set<ColumnField>()
  for (const { number, proposal } of columns) {
    if (proposal && !taken.has(proposal)) {
      taken.add(proposal)
      choices[number] = proposal
    }
  }
  return choices
}

export type Gap =
  'item_missing' | 'date_missing' | 'date_twice' | 'time_twice' | 'amount_missing' | 'amount_twice' | 'twice'

/** What is still missing, or said twice, before the file can be read by these choices. */
export function findGaps(choices: Choices): Gap[] {
  const chosen = Object.values(choices).filter((field) => field !== undefined)
  const has = (field: ColumnField) => chosen.includes(field)
  const gaps: Gap[] = []
  if (new Set(chosen).size < chosen.length) gaps.push('twice')
  if (!has('item')) gaps.push('item_missing')
  if (!has('date') && !has('date_and_time')) gaps.push('date_missing')
  if (has('date') && has('date_and_time')) gaps.push('date_twice')
  if (has('time') && has('date_and_time')) gaps.push('time_twice')
  if (!has('line_amount') && !has('unit_price')) gaps.push('amount_missing')
  if (has('line_amount') && has('unit_price')) gaps.push('amount_twice')
  return gaps
}

/** The choices as the API takes them. */
export function toMapping(choices: Choices, location: string | null): Mapping {
  const columns = Object.entries(choices).flatMap(([number, field]) =>
    field ? [[field, Number(number)]] : [],
  )
  return { columns: Object.fromEntries(columns) as Record<string, number>, location }
}
