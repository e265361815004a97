import { Button, Drawer, Header, Sidebar } from '@flux/ui'
import { ChartNoAxesColumn, FileText, Settings, Users } from 'lucide-react'
import Link from 'next/link'

import { Brand } from '@/lib/brand'

import { Section } from './section'

const items = [
  { href: '#dashboard', label: 'Dashboard', icon: ChartNoAxesColumn },
  { href: '#data', label: 'Sales data', icon: FileText },
  { href: '#team', label: 'Team', icon: Users },
  { href: '#settings', label: 'Settings', icon: Settings },
]

export function Navigation() {
  const sidebar = (label: string) => (
    <Sidebar label={label} brand={<Brand />} items={items} currentPath="#dashboard" Link={Link}>
      <p className="px-3 pb-2 text-sm text-muted">We keep every file you send.</p>
    </Sidebar>
  )
  return (
    <Section title="Navigation">
      <div className="grid overflow-hidden rounded-card border border-line sm:grid-cols-[16rem_minmax(0,1fr)]">
        <div className="h-96 border-line bg-surface max-sm:hidden sm:border-r">{sidebar('Wide')}</div>
        <div className="min-w-0">
          <Header
            title="Ristorante Pizzeria della Nonna Concetta e Figli, Trastevere"
            subtitle="ana@example.com"
            menu={
              <Drawer title="Menu" openLabel="Open menu" closeLabel="Close menu" locationKey="/dev/ui">
                {sidebar('Narrow')}
              </Drawer>
            }
            actions={<Button look="quiet">Log out</Button>}
          />
        </div>
      </div>
    </Section>
  )
}
