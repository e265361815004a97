import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Strict, type-checked rules for every package. `root` is the package's own folder. */
export function base(root) {
  return tseslint.config(
    { ignores: ['**/.next/**', '**/out/**', '**/next-env.d.ts', '**/src/schema.ts', '**/test-results/**'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    js.configs.recommended,
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
    {
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
      rules: {
        'max-lines': ['error', 400],
        'no-console': 'error',
        '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
        '@typescript-eslint/consistent-type-imports': 'error',
        '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
        '@typescript-eslint/only-throw-error': 'error',
        '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      },
    },
    {
      files: ['**/*.js', '**/*.mjs', '**/*.mts'],
      extends: [tseslint.configs.disableTypeChecked],
      languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
      rules: { 'no-console': 'off' },
    },
  )
}
