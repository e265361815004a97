import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { FileDrop } from '.'

const csv = new File(['a,b\n1,2\n'], 'sales.csv', { type: 'text/csv' })
const label = 'Drop your file here or choose it'

function setUp({ isDisabled = false } = {}) {
  const onFile = vi.fn()
  const { container } = render(
    <FileDrop
      label={label}
      hint="CSV, up to 100 MB"
      dropLabel="Let go to send"
      isDisabled={isDisabled}
      onFile={onFile}
    />,
  )
  const input = container.querySelector<HTMLInputElement>('input[type=file]')
  if (!input) throw new Error('no file input')
  return { onFile, input, target: screen.getByRole('button') }
}

test('a dropped file is taken, the first when there are several', () => {
  const { onFile, target } = setUp()
  const other = new File(['x'], 'other.csv')
  fireEvent.dragOver(target, { dataTransfer: { files: [csv, other] } })
  expect(target).toHaveAccessibleName('Let go to send')
  fireEvent.drop(target, { dataTransfer: { files: [csv, other] } })
  expect(onFile).toHaveBeenCalledExactlyOnceWith(csv)
  expect(target).toHaveAccessibleName(label)
})

test('a picked file is taken, and the same one may be picked again', async () => {
  const { onFile, input } = setUp()
  await userEvent.upload(input, csv)
  await userEvent.upload(input, csv)
  expect(onFile).toHaveBeenCalledTimes(2)
  expect(onFile).toHaveBeenLastCalledWith(csv)
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
  const { onFile, input, target } = setUp({ isDisabled: true })
  const isLeftToBrowser = fireEvent.drop(target, { dataTransfer: { files: [csv] } })
  expect(isLeftToBrowser).toBe(false)
  await userEvent.upload(input, csv)
  await userEvent.click(target)
  expect(target).toBeDisabled()
  expect(onFile).not.toHaveBeenCalled()
})

test('a drop without a file, such as dragged text, is nothing', () => {
  const { onFile, target } = setUp()
  fireEvent.drop(target, { dataTransfer: { files: [] } })
  expect(onFile).not.toHaveBeenCalled()
})
