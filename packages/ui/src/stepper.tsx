import { Check } from 'lucide-react'

import { cn } from './cn'

export type StepperProps = {
  /** What the steps lead to. */
  label: string
  steps: string[]
  /** Index of the step one is at; as many as there are steps when all are done. */
  current: number
  /** Read out after a step that is done. */
  doneLabel: string
}

/** Where one is on a way of several steps: below each other on a phone, in a row on a wider screen. */
export function Stepper({ label, steps, current, doneLabel }: StepperProps) {
  return (
    <ol aria-label={label} className="flex flex-col sm:flex-row">
      {steps.map((step, index) => {
        const isDone = index < current
        const isCurrent = index === current
        return (
          <li
            key={step}
            aria-current={isCurrent ? 'step' : undefined}
            className="group relative flex min-w-0 flex-1 items-start gap-3 pb-5 last:pb-0 sm:flex-col sm:gap-2 sm:pr-4 sm:pb-0 sm:last:pr-0"
          >
            <span
              aria-hidden
              className={cn(
                'absolute top-9 bottom-1 left-4 w-0.5 -translate-x-1/2 rounded-full group-last:hidden',
                'sm:top-4 sm:right-2 sm:bottom-auto sm:left-10 sm:h-0.5 sm:w-auto sm:translate-x-0 sm:-translate-y-1/2',
                isDone ? 'bg-accent' : 'bg-line',
              )}
            />
            <span
              aria-hidden
              className={cn(
                'grid size-8 shrink-0 place-items-center rounded-full text-sm font-semibold tabular-nums',
                isDone && 'bg-accent-soft text-accent',
                isCurrent && 'bg-primary text-on-primary',
                !isDone && !isCurrent && 'border border-edge text-muted',
              )}
            >
              {isDone ? <Check className="size-4" /> : index + 1}
            </span>
            <span className={cn('py-1 text-sm wrap-anywhere', isCurrent ? 'font-semibold' : 'text-muted')}>
              {step}
              {isDone && <span className="sr-only">, {doneLabel}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
