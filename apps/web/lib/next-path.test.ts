import { expect, test } from 'vitest'

import { loginPath, safeNextPath } from './next-path'

test.each(['/dashboard', '/dashboard?upload=1#rows', '/a/b'])('%s is followed', (path) => {
  expect(safeNextPath(path)).toBe(path)
})

test.each([
  null,
  '',
  'dashboard',
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  '/login',
  '/login?next=/login',
  '/register',
  '/forgot',
  '/reset#flux_p_secret',
  '/',
])('%j is not followed', (path) => {
  expect(safeNextPath(path)).toBe('/dashboard')
})

test('the login page knows the way back', () => {
  expect(loginPath('/dashboard')).toBe('/login?next=%2Fdashboard')
  expect(loginPath('/')).toBe('/login')
})
