import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'

import { Button, Dialog, DialogClose } from '.'

function open(onUndo = vi.fn()) {
  render(
    <Dialog
      title="Undo this upload?"
      description="Its 320 orders no longer count."
      closeLabel="Close"
      trigger={<Button>Undo</Button>}
      actions={
        <>
          <DialogClose>
            <Button look="secondary">Keep it</Button>
          </DialogClose>
          <Button onClick={onUndo}>Undo the upload</Button>
        </>
      }
    />,
  )
  return userEvent.click(screen.getByRole('button', { name: 'Undo' }))
}

test('a dialog says what it is about', async () => {
  await open()
  const dialog = screen.getByRole('dialog', { name: 'Undo this upload?' })
  expect(dialog).toHaveAccessibleDescription('Its 320 orders no longer count.')
})

test('a dialog holds the focus', async () => {
  await open()
  const dialog = screen.getByRole('dialog')
  for (let times = 0; times < 4; times += 1) {
    await userEvent.tab()
    expect(dialog).toContainElement(document.activeElement as HTMLElement)
  }
})

test.each([
  ['Escape', () => userEvent.keyboard('{Escape}')],
  ['its cross', () => userEvent.click(screen.getByRole('button', { name: 'Close' }))],
  ['its way out', () => userEvent.click(screen.getByRole('button', { name: 'Keep it' }))],
])('%s closes a dialog, and the focus goes back', async (_, close) => {
  const onUndo = vi.fn()
  await open(onUndo)
  await close()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByRole('button', { name: 'Undo' })).toHaveFocus()
  expect(onUndo).not.toHaveBeenCalled()
})

test('a dialog can be closed when its work is done, and the focus goes back', async () => {
  function Confirm() {
    const [isOpen, setIsOpen] = useState(false)
    return (
      <Dialog
        title="Sure?"
        closeLabel="Close"
        trigger={<Button>Ask</Button>}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        actions={
          <Button
            onClick={() => {
              setIsOpen(false)
            }}
          >
            Do it
          </Button>
        }
      />
    )
  }
  render(<Confirm />)
  await userEvent.click(screen.getByRole('button', { name: 'Ask' }))
  await userEvent.click(screen.getByRole('button', { name: 'Do it' }))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByRole('button', { name: 'Ask' })).toHaveFocus()
})
