import { createEvent, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { FileDrop } from '.'

const csv = new File(['a,b\n1,2\n'], 'sales.csv', { type: 'text/csv' })
const label = 'Drop your file here or choose it'

const other = new File(['x'], 'other.csv')

function setUp({ isDisabled = false, isMultiple = false } = {}) {
  const onFiles = vi.fn()
  const { container, unmount } = render(
    <FileDrop
      label={label}
      hint="CSV, up to 100 MB"
      dropLabel="Let go to send"
      isMultiple={isMultiple}
      isDisabled={isDisabled}
      onFiles={onFiles}
    />,
  )
  const input = container.querySelector<HTMLInputElement>('input[type=file]')
  if (!input) throw new Error('no file input')
  return { onFiles, input, unmount, target: screen.getByRole('button') }
}

function paste(files: File[], on: Element = document.body) {
  const event = createEvent.paste(on, { clipboardData: { files } })
  fireEvent(on, event)
}

test('a dropped file is taken, the first when there are several', () => {
  const { onFiles, target } = setUp()
  fireEvent.dragOver(target, { dataTransfer: { files: [csv, other] } })
  expect(target).toHaveAccessibleName('Let go to send')
  fireEvent.drop(target, { dataTransfer: { files: [csv, other] } })
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([csv])
  expect(target).toHaveAccessibleName(label)
})

test('a picked file is taken, and the same one may be picked again', async () => {
  const { onFiles, input } = setUp()
  await userEvent.upload(input, csv)
  await userEvent.upload(input, csv)
  expect(onFiles).toHaveBeenCalledTimes(2)
  expect(onFiles).toHaveBeenLastCalledWith([csv])
})

test.each(['{Enter}', ' '])('the keyboard opens the picker with "%s"', async (key) => {
  const { input, target } = setUp()
  const onOpen = vi.fn()
  input.addEventListener('click', onOpen)
  await userEvent.tab()
  expect(target).toHaveFocus()
  await userEvent.keyboard(key)
  expect(onOpen).toHaveBeenCalledOnce()
})

test('the hint describes the target', () => {
  expect(setUp().target).toHaveAccessibleDescription('CSV, up to 100 MB')
})

test('a disabled target takes nothing and keeps the browser from opening a dropped file', async () => {
  const { onFiles, input, target } = setUp({ isDisabled: true })
  const isLeftToBrowser = fireEvent.drop(target, { dataTransfer: { files: [csv] } })
  expect(isLeftToBrowser).toBe(false)
  await userEvent.upload(input, csv)
  await userEvent.click(target)
  paste([csv])
  expect(target).toBeDisabled()
  expect(onFiles).not.toHaveBeenCalled()
})

test('a drop without a file, such as dragged text, is nothing', () => {
  const { onFiles, target } = setUp()
  fireEvent.drop(target, { dataTransfer: { files: [] } })
  expect(onFiles).not.toHaveBeenCalled()
})

test('where several are welcome, all that are dropped or picked are taken', async () => {
  const { onFiles, input, target } = setUp({ isMultiple: true })
  fireEvent.drop(target, { dataTransfer: { files: [csv, other] } })
  await userEvent.upload(input, [csv, other])
  expect(onFiles.mock.calls).toEqual([[[csv, other]], [[csv, other]]])
})

test('files pasted on the page are taken, and pasted text is nothing', () => {
  const { onFiles, unmount } = setUp({ isMultiple: true })
  paste([])
  expect(onFiles).not.toHaveBeenCalled()
  paste([csv, other])
  expect(onFiles).toHaveBeenCalledExactlyOnceWith([csv, other])
  unmount()
  paste([csv])
  expect(onFiles).toHaveBeenCalledOnce()
})
