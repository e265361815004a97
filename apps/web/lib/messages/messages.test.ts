import { expect, test } from 'vitest'

import { en } from './en'
import { es } from './es'

type Tree = Record<string, unknown>

/** Every text by its path; one that takes arguments, said with marks for them. */
function textsOf(tree: Tree, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const here = `${path}/${key}`
    if (typeof value === 'function') {
      const say = value as (...args: string[]) => unknown
      const said = say(...Array.from({ length: say.length }, (_, index) => `{${index}}`))
      if (typeof said !== 'string') throw new Error(`${here} says nothing`)
      texts.set(here, said)
    } else if (typeof value === 'string') texts.set(here, value)
    else textsOf(value as Tree, here).forEach((text, below) => texts.set(below, text))
  }
  return texts
}

const english = textsOf(en)
const spanish = textsOf(es)

test('every text is there in both languages, and says something', () => {
  // The API has English words for its codes itself, so here it is enough to have them in the others.
  const isOwn = (path: string) => !/^\/(codes|rejections|fileProblems|report\/(topics|phrases))\//.test(path)
  expect([...spanish.keys()].filter(isOwn).sort()).toEqual([...english.keys()].filter(isOwn).sort())
  expect([...spanish.values(), ...english.values()].filter((text) => text.trim() === '')).toEqual([])
})

test('what is put into a text is put into it in both languages', () => {
  const marks = (text = '') => [...new Set(text.match(/\{\d\}/g))].sort()
  for (const [path, text] of english) expect([path, marks(spanish.get(path))]).toEqual([path, marks(text)])
})

test('hardly any text is the same in both, as one that was forgotten would be', () => {
  const isWorded = (text: string) => /\p{L}/u.test(text)
  const same = [...english].filter(([path, text]) => isWorded(text) && spanish.get(path) === text)
  expect(same.map(([path]) => path)).toEqual(['/product'])
})
