import { z } from 'zod'

import { messages } from '@/lib/messages'

const m = messages.auth

const email = z.string().trim().pipe(z.email(m.emailMissing))

export const loginSchema = z.object({ email, password: z.string().min(1, m.passwordMissing) })

export const registerSchema = z.object({
  restaurant_name: z.string().trim().min(1, m.restaurantMissing).max(120, m.restaurantLong),
  email,
  password: z.string().min(10, m.passwordShort).max(128, m.passwordLong),
  country: z.string().length(2),
  currency: z.string().length(3),
  timezone: z.string().min(1),
})

export type LoginFields = z.infer<typeof loginSchema>
export type RegisterFields = z.infer<typeof registerSchema>
