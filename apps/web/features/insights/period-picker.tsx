import { cn, Field, Input } from '@flux/ui'
import { useState } from 'react'

import { useMessages } from '@/lib/language'

import { countDays, isPeriod, lengths, mostDays, type Choice, type Period } from './period'

type PeriodPickerProps = {
  choice: Choice
  /** The days that are shown. */
  period: Period
  onChoose: (choice: Choice) => void
}

/** So many days up to the last with sales, or others, which are asked for when both of them make sense. */
export function PeriodPicker({ choice, period, onChoose }: PeriodPickerProps) {
  const m = useMessages().insights
  const isCustom = !('days' in choice)
  const options = lengths.map((days) => ({
    label: days === 365 ? m.year : m.days(String(days)),
    isChosen: 'days' in choice && choice.days === days,
    choice: { days },
  }))
  return (
    <div className="space-y-4">
      <div role="group" aria-label={m.period} className="flex flex-wrap gap-2">
        {[...options, { label: m.custom, isChosen: isCustom, choice: period }].map((option) => (
          <button
            key={option.label}
            type="button"
            aria-pressed={option.isChosen}
            onClick={() => {
              onChoose(option.choice)
            }}
            className={cn(
              'min-h-touch cursor-pointer rounded-full border px-4 font-medium transition-colors',
              option.isChosen
                ? 'border-primary bg-primary text-on-primary'
                : 'border-edge bg-surface text-ink hover:bg-raised',
            )}
          >
            {option.label}
          </button>
        ))}
      </div>
      {isCustom && <CustomPeriod key={`${choice.from} ${choice.to}`} period={choice} onChoose={onChoose} />}
    </div>
  )
}

function CustomPeriod({ period, onChoose }: Pick<PeriodPickerProps, 'period' | 'onChoose'>) {
  const m = useMessages().insights
  const [typed, setTyped] = useState(period)
  const days = countDays(typed)
  const error = days < 1 ? m.periodReversed : days > mostDays ? m.periodLong : undefined

  const change = (part: Partial<Period>) => {
    setTyped({ ...typed, ...part })
  }
  /** Not while it is typed: a year comes digit by digit. */
  const choose = () => {
    if (isPeriod(typed) && (typed.from !== period.from || typed.to !== period.to)) onChoose(typed)
  }
  return (
    <div className="grid max-w-md grid-cols-1 gap-4 min-[24rem]:grid-cols-2">
      <Field label={m.from} error={error}>
        <Input
          type="date"
          value={typed.from}
          onChange={({ target }) => {
            change({ from: target.value })
          }}
          onBlur={choose}
          onKeyDown={({ key }) => {
            if (key === 'Enter') choose()
          }}
        />
      </Field>
      <Field label={m.to}>
        <Input
          type="date"
          value={typed.to}
          onChange={({ target }) => {
            change({ to: target.value })
          }}
          onBlur={choose}
          onKeyDown={({ key }) => {
            if (key === 'Enter') choose()
          }}
        />
      </Field>
    </div>
  )
}
