import { render, screen } from '@testing-library/react'
import { FileText } from 'lucide-react'
import { expect, test } from 'vitest'

import { Button, EmptyState } from '.'

test('an empty state says why nothing is here and offers what to do', () => {
  const { container } = render(
    <EmptyState icon={FileText} title="No sales yet" action={<Button>Upload your first file</Button>}>
      Upload an export of your till.
    </EmptyState>,
  )
  expect(container).toHaveTextContent('No sales yetUpload an export of your till.Upload your first file')
  expect(screen.getByRole('button', { name: 'Upload your first file' })).toBeVisible()
})
