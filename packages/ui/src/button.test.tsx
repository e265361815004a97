import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { Button } from '.'

test('a loading button keeps its name and focus, says that it is busy and ignores clicks', async () => {
  const onClick = vi.fn()
  const { rerender } = render(<Button onClick={onClick}>Log in</Button>)
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  expect(onClick).toHaveBeenCalledOnce()

  rerender(
    <Button onClick={onClick} isLoading>
      Log in
    </Button>,
  )
  const button = screen.getByRole('button', { name: 'Log in' })
  expect(button).toHaveFocus()
  expect(button).toHaveAttribute('aria-busy', 'true')
  await userEvent.click(button)
  expect(onClick).toHaveBeenCalledOnce()
})

test('a loading submit button does not submit its form again', async () => {
  const onSubmit = vi.fn((event: Event) => {
    event.preventDefault()
  })
  render(
    <form
      onSubmit={(event) => {
        onSubmit(event.nativeEvent)
      }}
    >
      <Button type="submit" isLoading>
        Log in
      </Button>
    </form>,
  )
  await userEvent.click(screen.getByRole('button'))
  expect(onSubmit).not.toHaveBeenCalled()
})

test('a button does not submit a form unless told so', () => {
  render(<Button>Cancel</Button>)
  expect(screen.getByRole('button')).toHaveAttribute('type', 'button')
})

test('a link can look like a button and stays a link', () => {
  render(
    <Button asChild>
      <a href="/register">Create an account</a>
    </Button>,
  )
  expect(screen.getByRole('link', { name: 'Create an account' })).toHaveAttribute('href', '/register')
  expect(screen.queryByRole('button')).toBeNull()
})
