import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { Button, ToastProvider, useToast, type ToastMessage } from '.'

afterEach(() => {
  vi.useRealTimers()
})

function setUp(message: ToastMessage) {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) })
  function Shower() {
    const showToast = useToast()
    return (
      <Button
        onClick={() => {
          showToast(message)
        }}
      >
        Show
      </Button>
    )
  }
  render(
    <ToastProvider label="Message" regionLabel="Messages" closeLabel="Close">
      <Shower />
    </ToastProvider>,
  )
  return { user, show: () => user.click(screen.getByRole('button', { name: 'Show' })) }
}

function pass(milliseconds: number) {
  act(() => {
    vi.advanceTimersByTime(milliseconds)
  })
}

const shown = (title: string) => screen.queryByText(title, { selector: 'li *' })

test('a message is shown, read out, and goes by itself', async () => {
  const { show } = setUp({ tone: 'success', title: 'Saved', detail: 'The name was changed.' })
  await show()
  expect(shown('Saved')).toBeVisible()
  expect(shown('The name was changed.')).toBeVisible()
  pass(200)
  expect(screen.getByRole('status')).toHaveTextContent('Message SavedThe name was changed.')
  pass(10_000)
  expect(shown('Saved')).toBeNull()
})

test('a message stays while the pointer is on it', async () => {
  const { show, user } = setUp({ tone: 'info', title: 'Copied' })
  await show()
  await user.hover(screen.getByText('Copied'))
  pass(60_000)
  expect(shown('Copied')).toBeVisible()
})

test('a danger interrupts and stays until it is closed', async () => {
  const { show, user } = setUp({ tone: 'danger', title: 'Not saved' })
  await show()
  pass(200)
  expect(screen.getByRole('status')).toHaveAttribute('aria-live', 'assertive')
  pass(60_000)
  expect(shown('Not saved')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(shown('Not saved')).toBeNull()
})

test('a message with an action waits for it, and goes when it is done', async () => {
  const onAction = vi.fn()
  const { show, user } = setUp({ tone: 'info', title: 'Removed', action: { label: 'Put back', onAction } })
  await show()
  pass(60_000)
  await user.click(screen.getByRole('button', { name: 'Put back' }))
  expect(onAction).toHaveBeenCalledOnce()
  expect(shown('Removed')).toBeNull()
})

test('several messages are shown at once', async () => {
  const { show } = setUp({ tone: 'info', title: 'Copied' })
  await show()
  await show()
  expect(screen.getAllByText('Copied', { selector: 'li *' })).toHaveLength(2)
})
