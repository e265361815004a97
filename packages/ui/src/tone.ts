import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'

/** How serious something is. Never told by colour alone: each tone has its own icon. */
export const tones = {
  info: { className: 'bg-accent-soft text-accent', Icon: Info },
  success: { className: 'bg-success-soft text-success', Icon: CircleCheck },
  warning: { className: 'bg-warning-soft text-warning', Icon: TriangleAlert },
  danger: { className: 'bg-danger-soft text-danger', Icon: CircleAlert },
} as const

export type Tone = keyof typeof tones
