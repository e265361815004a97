export type RejectedLine = { row: number; column: string; value: string; advice: string }

export const rejectedLines: RejectedLine[] = [
  {
    row: 12,
    column: 'Order date',
    value: '31/02/2026',
    advice: 'There is no such day. Correct it in your till.',
  },
  { row: 340, column: 'Quantity', value: 'two', advice: 'Write it as a number, such as 2.' },
  { row: 1204, column: 'Net sales', value: '12,34,5', advice: 'This is not an amount that we can read.' },
]

export const topItems = [
  { name: 'Pizza Margherita', value: 8412.5 },
  { name: 'Tagliatelle al ragù della nonna con parmigiano', value: 6120 },
  { name: 'Tiramisù', value: 3904.25 },
  { name: 'Espresso', value: 2210.4 },
  { name: 'House wine, carafe', value: 980 },
  { name: 'Voucher', value: -120 },
]

const weekdayShare = [0.5, 0.55, 0.6, 0.75, 1.15, 1.3, 0.9]

function dailyRevenue(start: string, count: number) {
  const first = Date.parse(start)
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(first + index * 86_400_000)
    const share = weekdayShare[(day.getUTCDay() + 6) % 7] ?? 1
    const wave = 1 + 0.25 * Math.sin(index / 50) + 0.12 * Math.sin(index * 2.3)
    return { date: day.toISOString().slice(0, 10), value: Math.round(182_000 * share * wave) / 100 }
  })
}

export const march = dailyRevenue('2026-03-02', 28)
export const lastYear = dailyRevenue('2025-04-01', 365)

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map(
  (name) => ({ name, short: name.slice(0, 3) }),
)

const hours = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
const lunchAt = 13
const dinnerAt = 20

export const busyHours = hours.map((hour) => ({
  name: `${hour}:00`,
  values: weekdayShare.map((share, weekday) => {
    const isClosed = weekday === 0 && hour > 15
    const lunch = 24 * Math.exp(-((hour - lunchAt) ** 2) / 2)
    const dinner = 46 * Math.exp(-((hour - dinnerAt) ** 2) / 4)
    return isClosed ? 0 : Math.round((lunch + dinner) * share)
  }),
}))
