import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { Answer } from './answer'

const ask = vi.fn<() => Promise<string>>()

function Question() {
  const query = useQuery({ queryKey: ['question'], queryFn: ask, retry: false })
  return (
    <Answer query={query} errorTitle="It could not be loaded" shapes={['h-4', 'h-8']}>
      {(answer) => <p>The answer is {answer}</p>}
    </Answer>
  )
}

function show() {
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <Question />
    </QueryClientProvider>,
  )
}

test('until the answer is there its shape is, said in words to those who hear the page', async () => {
  let tell: (answer: string) => void = () => undefined
  ask.mockReturnValueOnce(new Promise((resolve) => (tell = resolve)))
  const { container } = show()
  expect(screen.getByText('Loading').parentElement).toHaveAttribute('aria-busy', 'true')
  expect(container.querySelectorAll('[aria-hidden]')).toHaveLength(2)
  tell('42')
  expect(await screen.findByText('The answer is 42')).toBeVisible()
  expect(container.querySelector('[aria-busy]')).toBeNull()
})

test('what could not be had says so, and is asked for again', async () => {
  ask.mockRejectedValueOnce(new Error('broken'))
  show()
  expect(await screen.findByRole('alert')).toHaveTextContent('It could not be loaded')
  ask.mockResolvedValueOnce('')
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  // Also an answer that is empty is one.
  expect(await screen.findByText('The answer is')).toBeVisible()
  expect(screen.queryByRole('alert')).toBeNull()
})
