import { z } from 'zod'

import { messages } from '@/lib/messages'

const m = messages.auth

const email = z.string().trim().pipe(z.email(m.emailMissing))

const knownPassword = z.string().min(1, m.passwordMissing)
const newPassword = z.string().min(10, m.passwordShort).max(128, m.passwordLong)

export const emailSchema = z.object({ email })
export const knownPasswordSchema = z.object({ password: knownPassword })
export const newPasswordSchema = z.object({ password: newPassword })
export const loginSchema = z.object({ email, password: knownPassword })

export const registerSchema = z.object({
  restaurant_name: z.string().trim().min(1, m.restaurantMissing).max(120, m.restaurantLong),
  email,
  password: newPassword,
  country: z.string().length(2),
  currency: z.string().length(3),
  timezone: z.string().min(1),
})

export type LoginFields = z.infer<typeof loginSchema>
export type RegisterFields = z.infer<typeof registerSchema>
