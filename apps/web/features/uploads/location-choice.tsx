import type { Columns } from '@flux/api-client'
import { useId } from 'react'

import { useMessages } from '@/lib/language'

type LocationChoiceProps = {
  locations: Columns['locations']
  value: string | null
  onChange: (location: string) => void
}

/** Which of the places in a file is this restaurant. */
export function LocationChoice({ locations, value, onChange }: LocationChoiceProps) {
  const m = useMessages().mapping
  const name = useId()
  const places = [...new Set(locations.flatMap(({ names }) => names))]
  return (
    <fieldset>
      <legend className="font-medium">{m.location}</legend>
      <p className="mt-0.5 mb-3 text-sm text-muted">{m.locationHint}</p>
      <div className="grid gap-2 sm:grid-cols-2">
        {places.map((place) => (
          <label
            key={place}
            className="flex min-h-touch cursor-pointer items-center gap-3 rounded-control border border-edge px-4 py-2 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name={name}
              checked={value === place}
              onChange={() => {
                onChange(place)
              }}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0 wrap-anywhere">{place}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
