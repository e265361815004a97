import { Alert, Button } from '@flux/ui'
import type { ReactNode } from 'react'

import { describeError } from './errors'
import { useMessages } from './language'

type ErrorAlertProps = {
  error: unknown
  /** What failed; without it the error speaks for itself. */
  title?: string
  /** What the error means here, where that is more than its own words. */
  detail?: string | undefined
  /** The way on, where that is not to try again. */
  action?: ReactNode
  onRetry?: () => void
  isRetrying?: boolean
}

/** Any error, in words, with a way on. */
export function ErrorAlert({ error, title, detail, action, onRetry, isRetrying = false }: ErrorAlertProps) {
  const messages = useMessages()
  const words = describeError(error, messages)
  return (
    <Alert
      tone="danger"
      title={title ?? words.title}
      action={
        action ??
        (onRetry && (
          <Button look="secondary" onClick={onRetry} isLoading={isRetrying}>
            {messages.tryAgain}
          </Button>
        ))
      }
    >
      <p>{detail ?? words.detail}</p>
      {!detail && words.reference && <p>{words.reference}</p>}
    </Alert>
  )
}
