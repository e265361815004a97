import { act, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'

import { readToken, useLinkToken } from './link-token'

const token = `flux_v_${'aB-_'.repeat(10)}aBc01234567`
const newer = token.replace('aB', 'cD')

afterEach(() => {
  window.history.replaceState(null, '', '/')
})

/** What a browser does with a link to the page that is open already: the fragment changes, nothing is loaded. */
async function openInSameTab(fragment: string) {
  await act(async () => {
    const changed = new Promise((done) => {
      window.addEventListener('hashchange', done, { once: true })
    })
    window.location.hash = fragment
    await changed
  })
}

test.each([
  [`#${token}`, token],
  ['', null],
  ['#', null],
  ['#content', null],
  [token, null],
  [`#${token}.`, null],
  [`#${token}#${token}`, null],
  [`#flux_v_${'a'.repeat(200)}`, null],
])('the fragment %j holds %j', (fragment, expected) => {
  expect(readToken(fragment)).toBe(expected)
})

test('the secret is kept and the address bar no longer shows it', async () => {
  window.history.replaceState(null, '', `/verify?from=mail#${token}`)
  const { result } = renderHook(() => useLinkToken('/verify'), { reactStrictMode: true })
  expect(result.current).toBe(token)
  await act(() => Promise.resolve())
  expect(window.location.href).toMatch(/\/verify\?from=mail$/)
  expect(result.current).toBe(token)
})

test('a page gone back to still knows its secret, another page does not', async () => {
  window.history.replaceState(null, '', `/verify#${token}`)
  renderHook(() => useLinkToken('/verify')).unmount()
  await act(() => Promise.resolve())
  expect(renderHook(() => useLinkToken('/reset')).result.current).toBeNull()
  expect(renderHook(() => useLinkToken('/verify')).result.current).toBe(token)
})

test('a newer link in the same tab takes the place of the older', async () => {
  window.history.replaceState(null, '', `/join#${token}`)
  const { result } = renderHook(() => useLinkToken('/join'))
  await act(() => Promise.resolve())
  await openInSameTab(newer)
  expect(result.current).toBe(newer)
  expect(window.location.hash).toBe('')
})
