import { Badge, Card, Disclosure, Table, Tabs, type Column } from '@flux/ui'

import { rejectedLines, topItems, type RejectedLine } from './sample'
import { Section } from './section'

const columns: Column<RejectedLine>[] = [
  { header: 'Row', cell: ({ row }) => row, isRowHeader: true },
  { header: 'Column', cell: ({ column }) => column },
  { header: 'Value', cell: ({ value }) => value, isNumber: true },
  { header: 'What to do', cell: ({ advice }) => advice, className: 'min-w-64' },
]

export function Content() {
  return (
    <Section title="Content">
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card
          title="Lines we did not take"
          description="Everything else in the file was taken."
          aside={<Badge tone="warning">3 lines</Badge>}
        >
          <Table
            label="Lines we did not take"
            columns={columns}
            rows={rejectedLines}
            rowKey={({ row }) => row}
          />
        </Card>
        <Card title="What sells">
          <Tabs
            label="Top items by"
            items={[
              { value: 'revenue', label: 'By revenue', content: `${topItems[0]?.name ?? ''} earns most.` },
              { value: 'quantity', label: 'By quantity', content: 'Espresso sells most.' },
              { value: 'category', label: 'By category', content: 'Pizza is two thirds of it.' },
            ]}
          />
        </Card>
      </div>
      <Disclosure label="How we read your file">
        <p className="py-4">Dates month first, as the thirteenth of a month shows.</p>
      </Disclosure>
    </Section>
  )
}
