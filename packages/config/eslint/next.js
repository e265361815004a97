import nextPlugin from '@next/eslint-plugin-next'

import { react } from './react.js'

export function next(root) {
  return [
    ...react(root),
    nextPlugin.configs['core-web-vitals'],
    {
      files: ['**/*.ts', '**/*.tsx'],
      rules: {
        'no-restricted-globals': [
          'error',
          { name: 'fetch', message: 'Ask the API through @flux/api-client.' },
        ],
        'no-restricted-properties': [
          'error',
          { object: 'process', property: 'env', message: 'Only env.ts reads the environment.' },
        ],
      },
    },
    { files: ['env.ts'], rules: { 'no-restricted-properties': 'off' } },
    // All words of a language stand together, however many there are.
    { files: ['lib/messages/*.ts'], rules: { 'max-lines': 'off' } },
  ]
}
