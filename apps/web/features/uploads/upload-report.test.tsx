import { screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { answerBy, me, renderPage } from '@/features/insights/fake-api'
import { LanguageProvider } from '@/lib/language'

import { UploadReading } from './upload-report'

const report = {
  source: 'generic',
  lines_total: 1,
  lines_accepted: 1,
  lines_rejected: 0,
  lines_left_out: 0,
  rejections: {},
  orders_new: 1,
  orders_known: 0,
  orders_changed: 0,
  net_minor: 450,
  currency: 'USD',
  first_at: null,
  last_at: null,
  warnings: ['This upload could not be undone, and what was counted stays as it was. No rows.', 'Old words.'],
  warning_phrases: [
    {
      code: 'not_undone' as const,
      values: [{ code: 'problem' as const, values: ['No rows.', 'no_rows'] }],
    },
    null,
  ],
  problem: null,
  conclusions: [
    {
      what: 'orders',
      decided: 'lines with the same “Ticket” on the same business day are one order',
      because: 'several lines carry the same “Ticket”',
      decided_phrase: { code: 'orders_by' as const, values: ['Ticket'] },
      because_phrase: { code: 'several_lines' as const, values: ['Ticket'] },
    },
    {
      what: 'left out',
      decided: '1,234 rows: voided',
      because: 'the file says so, first in row 7',
      decided_phrase: {
        code: 'rows_of' as const,
        values: ['1,234', { code: 'voided' as const, values: [] }],
      },
      because_phrase: null,
    },
  ],
}

beforeEach(() => {
  answerBy({ 'GET /api/auth/me': me() })
})

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
  document.documentElement.lang = 'en'
})

test('how a file was read is told in the words of the API', async () => {
  renderPage(<UploadReading report={report} />)
  expect(
    await screen.findByText('lines with the same “Ticket” on the same business day are one order'),
  ).toBeVisible()
  expect(screen.getByText('because several lines carry the same “Ticket”')).toBeVisible()
})

test('in Spanish it is told in Spanish, and what has no code is marked as English', async () => {
  document.documentElement.lang = 'es'
  renderPage(
    <LanguageProvider>
      <UploadReading report={report} />
    </LanguageProvider>,
  )
  expect(
    await screen.findByText('las líneas con el mismo «Ticket» en el mismo día de trabajo son un pedido'),
  ).toBeVisible()
  expect(screen.getByText('porque: varias líneas llevan el mismo «Ticket»')).not.toHaveAttribute('lang')
  expect(screen.getByText('1.234 filas: anulado')).not.toHaveAttribute('lang')
  expect(screen.getByText('porque: the file says so, first in row 7')).toHaveAttribute('lang', 'en')
  expect(
    screen.getByText(/^Este envío no se ha podido deshacer, .* El archivo no tiene ventas\./),
  ).not.toHaveAttribute('lang')
  expect(screen.getByText('Old words.')).toHaveAttribute('lang', 'en')
})
