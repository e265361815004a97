import { useEffect, useRef, useState, type RefObject } from 'react'

/** How wide an element is: 0 until it is known. While it is hidden, or the window is, it is as wide as it was before. */
export function useWidth<Frame extends Element>(): [RefObject<Frame | null>, number] {
  const frame = useRef<Frame>(null)
  const [width, setWidth] = useState(0)

  useEffect(() => {
    const observer = new ResizeObserver((entries) => {
      const now = entries.at(-1)?.contentRect.width
      if (now) setWidth(now)
    })
    if (frame.current) observer.observe(frame.current)
    return () => {
      observer.disconnect()
    }
  }, [])

  return [frame, width]
}
