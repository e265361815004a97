import '@testing-library/jest-dom/vitest'

import { cleanup } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

afterEach(cleanup)

/** jsdom lays nothing out: whatever is observed is as wide as a card on a desktop. Not a stub, which a test would take away. */
window.ResizeObserver = class {
  constructor(private readonly callback: ResizeObserverCallback) {}
  readonly unobserve = vi.fn()
  readonly disconnect = vi.fn()

  observe(target: Element) {
    const contentRect = new DOMRect(0, 0, 640, 240)
    this.callback([{ target, contentRect } as unknown as ResizeObserverEntry], this)
  }
}
