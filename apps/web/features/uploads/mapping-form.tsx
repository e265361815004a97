'use client'

import { ApiProblem, type Columns, type Upload } from '@flux/api-client'
import { Alert, Button, Card, Field, Select } from '@flux/ui'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Answer } from '@/lib/answer'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

import { chooseColumns, columnsQuery, uploadQuery } from './api'
import { LocationChoice } from './location-choice'
import { columnFields, findGaps, proposedChoices, toMapping, type Choices } from './mapping'

/** Which column is which, asked once for each header: the answer is remembered. */
export function MappingForm({ upload }: { upload: Upload }) {
  const m = useMessages().mapping
  const query = useQuery(columnsQuery(upload.id))
  return (
    <Card title={m.title} description={m.description}>
      <Answer query={query} errorTitle={m.errorTitle} shapes={['h-24', 'h-24']}>
        {(columns) => <Form upload={upload} known={columns} />}
      </Answer>
    </Card>
  )
}

function Form({ upload, known }: { upload: Upload; known: Columns }) {
  const messages = useMessages()
  const m = messages.mapping
  const queryClient = useQueryClient()
  const [choices, setChoices] = useState(() => proposedChoices(known))
  const [location, setLocation] = useState<string | null>(null)
  const [isAsked, setIsAsked] = useState(false)
  const isTillKnown = known.till !== null
  const needsLocation = known.locations.length > 0
  const gaps = isTillKnown ? [] : findGaps(choices)
  const isLocationMissing = needsLocation && location === null
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => chooseColumns(upload.id, toMapping(isTillKnown ? {} : choices, location)),
    onSuccess: (changed) => {
      queryClient.setQueryData(uploadQuery(upload.id).queryKey, changed)
      void queryClient.invalidateQueries({ queryKey: ['uploads'] })
    },
  })

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setIsAsked(true)
        if (gaps.length === 0 && !isLocationMissing) mutate()
      }}
      className="space-y-6"
    >
      {isTillKnown ? (
        <p>{m.tillKnown(known.till ?? '')}</p>
      ) : (
        <ColumnList known={known} choices={choices} onChange={setChoices} />
      )}
      {gaps.includes('date_missing') && (
        <div>
          <p>{m.noDates}</p>
          <TextLink href="/exports">{messages.upload.howToExport}</TextLink>
        </div>
      )}
      {needsLocation && (
        <LocationChoice locations={known.locations} value={location} onChange={setLocation} />
      )}
      {isAsked && (gaps.length > 0 || isLocationMissing) && (
        <Alert tone="danger" title={m.notYet}>
          <ul className="list-disc space-y-1 pl-4">
            {gaps.map((gap) => (
              <li key={gap}>{m.gaps[gap]}</li>
            ))}
            {isLocationMissing && <li>{m.locationMissing}</li>}
          </ul>
        </Alert>
      )}
      {error && <Refused error={error} />}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" isLoading={isPending}>
          {m.submit}
        </Button>
        <p className="text-sm text-muted">{m.remembered}</p>
      </div>
    </form>
  )
}

function ColumnList({
  known,
  choices,
  onChange,
}: {
  known: Columns
  choices: Choices
  onChange: (choices: Choices) => void
}) {
  const m = useMessages().mapping
  return (
    <ol className="divide-y divide-line border-y border-line">
      {known.columns.map(({ number, name, samples }) => (
        <li key={number} className="grid gap-3 py-4 sm:grid-cols-[minmax(0,1fr)_15rem] sm:items-center">
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere">{name || m.unnamed(String(number))}</p>
            <ul aria-label={m.samplesOf(name || String(number))} className="mt-1 flex flex-wrap gap-1.5">
              {samples.map((sample, index) => (
                <li
                  key={index}
                  className="max-w-full truncate rounded bg-raised px-1.5 py-0.5 text-sm text-muted"
                >
                  {sample}
                </li>
              ))}
              {samples.length === 0 && <li className="text-sm text-muted italic">{m.noSamples}</li>}
            </ul>
          </div>
          <Field label={m.holds(name || String(number))}>
            <Select
              value={choices[number] ?? ''}
              onChange={({ target: { value } }) => {
                onChange({ ...choices, [number]: columnFields.find((field) => field === value) })
              }}
            >
              <option value="">{m.notNeeded}</option>
              {columnFields.map((field) => (
                <option key={field} value={field}>
                  {m.fields[field]}
                </option>
              ))}
            </Select>
          </Field>
        </li>
      ))}
    </ol>
  )
}

/** What the API said about single columns, if it did: the form looks at the rest itself. */
function Refused({ error }: { error: Error }) {
  const m = useMessages().mapping
  if (!(error instanceof ApiProblem) || error.fields.length === 0) return <ErrorAlert error={error} />
  return (
    <Alert tone="danger" title={m.notYet}>
      <ul lang="en" className="list-disc space-y-1 pl-4">
        {error.fields.map(({ pointer, detail }) => (
          <li key={pointer}>{detail}</li>
        ))}
      </ul>
    </Alert>
  )
}
