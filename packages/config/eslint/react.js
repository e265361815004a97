import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'

import { base } from './base.js'

export function react(root) {
  return [
    ...base(root),
    reactHooks.configs.flat['recommended-latest'],
    jsxA11y.flatConfigs.strict,
    {
      rules: {
        // A grid is a table that the arrow keys walk through (ARIA Authoring Practices).
        'jsx-a11y/no-noninteractive-element-to-interactive-role': [
          'error',
          { table: ['grid'], td: ['gridcell'] },
        ],
      },
    },
  ]
}
