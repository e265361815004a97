import { readFileSync } from 'node:fs'

import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { newOwner, openAccount } from './account'
import { chooseFiles, corpus, csv, sendFile } from './files'
import { photograph } from './pictures'

const header = 'Order ID,Date,Time,Item name,Category,Quantity,Net sales'
const status = (page: Page) => page.getByRole('main').getByRole('status').first()
const result = (page: Page) => page.getByRole('region', { name: 'What became of it' })

test.beforeEach(async ({ page }) => {
  await openAccount(page, newOwner('Pizza Place'))
})

test('what is wrong with a file is mended in its rejected rows, and sent again', async ({
  page,
}, testInfo) => {
  await test.step('there is nothing yet', async () => {
    await page.goto('/dashboard/data')
    await expect(page.getByText('Nothing uploaded yet')).toBeVisible()
    await expectAccessible(page)
    await photograph(page, testInfo, 'data-empty')
  })

  await test.step('sends a file with two mistakes', async () => {
    await sendFile(
      page,
      csv('may.csv', [
        header,
        '1001,2026-05-31,18:30,House burger,Food,1,14.50',
        '1002,2026-05-31,18:45,Lemonade,Drinks,two,7.00',
        '1002,2026-05-31,18:45,Fries,Food,1,4.50',
        '1003,2026-05-31,19:10,,Food,1,12.00',
      ]),
    )
    await expect(status(page)).toHaveText('Done, some lines left out')
    await expect(result(page)).toContainText('Lines rejected2')
    const table = page.getByRole('table', { name: 'Lines we did not take' })
    await expect(table.getByRole('row', { name: /^3 / })).toContainText('Put in a number such as 1')
    await expect(table.getByRole('row', { name: /^5 / })).toContainText('Fill it in')
    await expectAccessible(page)
    await photograph(page, testInfo, 'upload-rejected')
  })

  await test.step('mends them in the CSV', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download them as CSV' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('rejected-rows.csv')
    const text = readFileSync(await download.path(), 'utf8')
    // The good line of the same order is in it, too.
    expect(text).toContain('Fries')
    const mended = text.replace('two,7.00', '2,7.00').replace(',,Food,1,12.00', ',Pizza,Food,1,12.00')
    await sendFile(page, { name: 'mended.csv', mimeType: 'text/csv', buffer: Buffer.from(mended) })
    await expect(status(page)).toHaveText('Done')
    await expect(page.getByRole('table', { name: 'Lines we did not take' })).toHaveCount(0)
    await expectAccessible(page)
    await photograph(page, testInfo, 'upload-done')
  })

  await test.step('both stand in the list', async () => {
    await page.getByRole('link', { name: 'All files' }).click()
    const files = page.getByRole('region', { name: 'Files so far' }).getByRole('listitem')
    await expect(files).toHaveCount(2)
    await expect(files.first()).toContainText('mended.csv')
    await expectAccessible(page)
    await photograph(page, testInfo, 'data')
  })
})

test('an upload is undone once it is confirmed, and can be read again', async ({ page }, testInfo) => {
  await sendFile(page, csv('june.csv', [header, '1,2026-06-01,12:00,Soup,Food,1,6.00']))
  await expect(status(page)).toHaveText('Done')
  await page.getByRole('button', { name: 'Undo' }).click()
  const dialog = page.getByRole('dialog', { name: 'Undo this upload?' })
  await expect(dialog).toContainText('june.csv')
  await expectAccessible(page)
  await photograph(page, testInfo, 'undo')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(status(page)).toHaveText('Done')

  await page.getByRole('button', { name: 'Undo' }).click()
  await dialog.getByRole('button', { name: 'Undo the upload' }).click()
  await expect(status(page)).toHaveText('Undone')
  await expect(result(page)).toContainText('Its sales no longer count')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Read again' }).click()
  await expect(status(page)).toHaveText('Done')
})

test('the columns of an unknown file are asked for once', async ({ page }, testInfo) => {
  const unknown = (name: string, order: number) =>
    csv(name, [
      'Ref,Wann,Was,Stk,X1,X2',
      `${order},2026-05-31 18:30,House burger,1,14.50,9`,
      `${order + 1},2026-05-31 18:45,Lemonade,2,7.00,9`,
      `${order + 2},2026-05-31 18:50,Fries,1,4.50,9`,
    ])
  await sendFile(page, unknown('first.csv', 1))
  await expect(status(page)).toHaveText('Needs your help')
  const form = page.getByRole('region', { name: 'Which column is which?' })
  await expect(form.getByRole('list', { name: 'Values of X1' })).toContainText('14.50')
  await expect(form.getByRole('list', { name: 'Values of X1' }).getByRole('listitem')).toHaveCount(3)
  await expectAccessible(page)
  await photograph(page, testInfo, 'mapping')

  for (const [column, holds] of [
    ['Ref', 'order_number'],
    ['Wann', ''],
    ['Was', 'item'],
    ['Stk', 'quantity'],
    ['X1', 'line_amount'],
    ['X2', ''],
  ] as const) {
    await form.getByLabel(`${column} holds`).selectOption(holds)
  }
  await form.getByRole('button', { name: 'Read the file' }).click()
  await expect(form.getByRole('alert')).toContainText('Choose the column with the date')
  await expect(form.getByText('No column with dates?')).toBeVisible()
  await expectAccessible(page)
  await form.getByLabel('Wann holds').selectOption('Date and time')
  await expect(form.getByText('No column with dates?')).toBeHidden()
  await form.getByRole('button', { name: 'Read the file' }).click()
  await expect(status(page)).toHaveText('Done')
  await expect(result(page)).toContainText('New orders3')

  await sendFile(page, unknown('second.csv', 11))
  await expect(status(page)).toHaveText('Done')
})

test('of a file with several locations one is chosen', async ({ page }, testInfo) => {
  const [columns = ''] = corpus('toast_items_32.csv').buffer.toString().split('\n')
  const row = (place: string, order: number) =>
    `${place},${order},1,8/3/26 5:17 PM,8/3/26 5:17 PM,${order},,,,,,${order},${order},${order},,,Negroni,,Drinks,Bar,` +
    'Liquor,12.00,0.00,12.00,1,1.00,false,false,false,,,'
  const moved = [columns.trim(), row('Elm Street', 901), row('Harbour', 902)]
  await sendFile(page, csv('two-places.csv', moved))
  await expect(status(page)).toHaveText('Needs your help')
  await expect(page.getByText('Only one question is left')).toBeVisible()
  await page.getByRole('button', { name: 'Read the file' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Choose the location')
  await expectAccessible(page)
  await photograph(page, testInfo, 'location')
  await page.getByRole('radio', { name: 'Harbour' }).check()
  await page.getByRole('button', { name: 'Read the file' }).click()
  await expect(status(page)).toHaveText(/^Done/)
})

test('whoever sends the wrong report is told which one, and how to get it', async ({ page }, testInfo) => {
  await sendFile(page, corpus('toast_product_mix.csv'))
  await expect(status(page)).toHaveText('Not used')
  const refusal = result(page).getByRole('alert')
  await expect(refusal).toContainText('Product Mix')
  await expect(refusal).toContainText('Item Selection Details')
  await expect(result(page).getByRole('list')).toContainText('Reports, then Sales')
  await expectAccessible(page)
  await photograph(page, testInfo, 'wrong-report')
  await result(page).getByRole('link', { name: 'More on exporting from Toast' }).click()
  await expect(page).toHaveURL('/exports/toast')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How to export from Toast')
  await expectAccessible(page)
  await photograph(page, testInfo, 'export-toast')
  await page.getByRole('link', { name: 'Other tills' }).click()
  await expect(page).toHaveURL('/exports')
  await expectAccessible(page)
  await photograph(page, testInfo, 'exports')
})

test('several files are sent at once: chosen, dropped or pasted', async ({ page }) => {
  await page.goto('/dashboard/data')
  const day = (date: number) =>
    csv(`day-${date}.csv`, [header, `${date},2026-05-0${date},12:00,Soup,Food,1,6.00`])
  const files = page.getByRole('region', { name: 'Files so far' }).getByRole('listitem')
  await chooseFiles(page, [day(1), day(2), day(3)])
  await expect(files).toHaveCount(3)

  for (const [kind, type, count] of [
    ['drop', 'drop', 4],
    ['paste', 'paste', 5],
  ] as const) {
    const { name, buffer } = day(count)
    await page.getByRole('button', { name: 'Drop your files here' }).evaluate(
      (target, given) => {
        const data = new DataTransfer()
        data.items.add(new File([given.text], given.name, { type: 'text/csv' }))
        target.dispatchEvent(
          given.type === 'drop'
            ? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })
            : new ClipboardEvent('paste', { bubbles: true, clipboardData: data }),
        )
      },
      { name, text: buffer.toString(), type },
    )
    await expect(files, kind).toHaveCount(count)
  }
  await expect(files.filter({ hasText: 'Done' })).toHaveCount(5)
})

test('the template that is downloaded is read as it is, and as it is filled in', async ({ page }) => {
  await page.goto('/dashboard/data')
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the template' }).click()
  const file = await downloaded
  expect(file.suggestedFilename()).toBe('flux-template.csv')
  const template = readFileSync(await file.path(), 'utf8').trimEnd()
  const lines = template.split(/\r?\n/)
  expect(lines.length).toBeGreaterThan(1)

  const filled = [...lines, ...lines.slice(1).map((line) => line.replace(/\d{4}-\d\d-\d\d/, '2026-05-31'))]
  await sendFile(page, csv('filled-in.csv', filled))
  await expect(status(page)).toHaveText('Done')
  await expect(result(page)).toContainText('Lines rejected0')
})
