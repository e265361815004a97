import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Stepper } from '.'

const steps = ['Send the file', 'Check the columns', 'See the result']
const at = (current: number) => <Stepper label="Upload" steps={steps} current={current} doneLabel="done" />
const items = () => within(screen.getByRole('list', { name: 'Upload' })).getAllByRole('listitem')

test('a stepper says which steps are done and which one is next', () => {
  render(at(1))
  expect(items().map(({ textContent }) => textContent)).toEqual([
    'Send the file, done',
    '2Check the columns',
    '3See the result',
  ])
  expect(items().map((item) => item.getAttribute('aria-current'))).toEqual([null, 'step', null])
})

test('after the last step none is current', () => {
  render(at(3))
  for (const item of items()) {
    expect(item).not.toHaveAttribute('aria-current')
    expect(item).toHaveTextContent(', done')
  }
})
