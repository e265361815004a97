/** The tills that have a page on how to export, in the order in which they are listed. */
export const guides = [
  'toast',
  'square',
  'clover',
  'loyverse',
  'lightspeed',
  'shopify',
  'sumup',
  'flipdish',
  'dsfinvk',
  'other',
] as const
export type Guide = (typeof guides)[number]

export const guideNames: Record<Exclude<Guide, 'dsfinvk' | 'other'>, string> = {
  toast: 'Toast',
  square: 'Square',
  clover: 'Clover',
  loyverse: 'Loyverse',
  lightspeed: 'Lightspeed Retail',
  shopify: 'Shopify',
  sumup: 'SumUp',
  flipdish: 'Flipdish',
}

/** The till by the report that the API says to send instead. */
const byReport: Record<string, Guide | undefined> = {
  'Item Selection Details': 'toast',
  'Items Detail': 'square',
  'Line Items': 'clover',
  'Receipts by item': 'loyverse',
  'Sales history': 'lightspeed',
  'DSFinV-K': 'dsfinvk',
  'the whole zip of the DSFinV-K export': 'dsfinvk',
  'the list of single sales, with a date, a time and the item on each line': 'other',
}

export function guideOf(rightReport: string | null): Guide | null {
  return byReport[rightReport ?? ''] ?? null
}

export const isGuide = (value: string): value is Guide => guides.some((guide) => guide === value)
