import { Button, Header, Popover, Sidebar, TabBar } from '@flux/ui'
import { ChartNoAxesColumn, FileText, Settings, Users } from 'lucide-react'

import { Brand } from '@/lib/brand'
import { Link } from '@/lib/link'

import { Section } from './section'

const items = [
  { href: '#dashboard', label: 'Dashboard', icon: ChartNoAxesColumn },
  { href: '#data', label: 'Sales data', icon: FileText },
  { href: '#team', label: 'Team', icon: Users },
  { href: '#settings', label: 'Settings', icon: Settings },
]

export function Navigation() {
  return (
    <Section title="Navigation">
      <div className="grid overflow-hidden rounded-card border border-line sm:grid-cols-[16rem_minmax(0,1fr)]">
        <div className="h-96 border-line bg-surface max-sm:hidden sm:border-r">
          <Sidebar label="Wide" brand={<Brand />} items={items} currentPath="#dashboard" Link={Link}>
            <p className="px-3 pb-2 text-sm text-muted">We keep every file you send.</p>
          </Sidebar>
        </div>
        <div className="min-w-0">
          <Header
            title="Ristorante Pizzeria della Nonna Concetta e Figli, Trastevere"
            subtitle="ana@example.com"
            actions={
              <Popover label="Your account" button="A" locationKey="/dev/ui">
                <Button look="secondary">Log out</Button>
              </Popover>
            }
          />
          <div className="mt-4">
            <TabBar label="Narrow" items={items} currentPath="#dashboard" Link={Link} />
          </div>
        </div>
      </div>
    </Section>
  )
}
