const longest = 10_000

/** Says how many seconds the rest takes, by how fast it went in the last ten; null before anybody can know. */
export type Pace = (done: number, total: number) => number | null

export function createPace(now: () => number = () => performance.now()): Pace {
  const seen: { at: number; done: number }[] = []
  return (done, total) => {
    const at = now()
    seen.push({ at, done })
    while (seen.length > 2 && at - (seen[1]?.at ?? at) > longest) seen.shift()
    const [first] = seen
    if (!first || at - first.at < 1000 || done <= first.done) return null
    return Math.max(1, Math.ceil(((total - done) * (at - first.at)) / (done - first.done) / 1000))
  }
}
