import { Alert, Button, Card, EmptyState, Progress, Skeleton, Stepper } from '@flux/ui'
import { ChartNoAxesColumn } from 'lucide-react'

import { Section } from './section'

const steps = ['Send the file', 'Check the columns', 'See the result']

export function Feedback() {
  return (
    <Section title="Feedback">
      <div className="grid gap-4 sm:grid-cols-2">
        <Alert tone="info" title="Nothing new in this file">
          All 320 orders were already known.
        </Alert>
        <Alert tone="success" title="Every line was read" />
        <Alert tone="warning" title="Please check" action={<Button look="secondary">Choose columns</Button>}>
          The file ends in the middle of a day.
        </Alert>
        <Alert tone="danger" title="This file could not be used">
          It is a summary of days. Export the item sales report instead.
        </Alert>
      </div>
      <div className="space-y-6">
        <Stepper label="An upload" steps={steps} current={1} doneLabel="done" />
        <div className="grid gap-6 sm:grid-cols-2">
          <Progress label="Sending sales-march-2026.csv" value={0.42} valueText="42% of 8.1 MB" />
          <Progress label="Waiting for the file" value={null} />
        </div>
      </div>
      <div className="grid items-start gap-6 sm:grid-cols-2">
        <Card>
          <EmptyState icon={ChartNoAxesColumn} title="No sales yet" action={<Button>Upload a file</Button>}>
            Upload an export of your till, and your figures appear here within seconds.
          </EmptyState>
        </Card>
        <Card>
          <div className="space-y-4">
            <Skeleton className="h-5 w-2/3" />
            <Skeleton className="h-24" />
            <Skeleton className="h-5 w-1/2" />
          </div>
        </Card>
      </div>
    </Section>
  )
}
