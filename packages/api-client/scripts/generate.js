// Writes src/schema.ts from the API's OpenAPI document. With --check it writes nothing and fails when the file is stale.
import { readFile, writeFile } from 'node:fs/promises'

import openapiTS, { astToString } from 'openapi-typescript'

const documentUrl = new URL('../../../apps/api/openapi.json', import.meta.url)
const schemaUrl = new URL('../src/schema.ts', import.meta.url)
const header =
  '// Generated from apps/api/openapi.json by `pnpm --filter @flux/api-client generate`. Do not edit.\n\n'

// Through JSON.parse, so that the result depends on what the document says and not on how it is laid out.
const document = JSON.parse(await readFile(documentUrl, 'utf8'))
const generated = header + astToString(await openapiTS(document, { alphabetize: true }))

if (!process.argv.includes('--check')) {
  await writeFile(schemaUrl, generated)
} else if (generated !== (await readFile(schemaUrl, 'utf8').catch(() => ''))) {
  console.error(
    'The API client is stale: packages/api-client/src/schema.ts does not match apps/api/openapi.json. ' +
      'Run `pnpm --filter @flux/api-client generate` and commit the result.',
  )
  process.exitCode = 1
}
