import { z } from 'zod'

import type { Messages } from '@/lib/messages/en'

/** What the forms of accounts take, and what they say to what they do not. */
export function createSchemas({ auth: m }: Messages) {
  const email = z.string().trim().pipe(z.email(m.emailMissing))
  const knownPassword = z.string().min(1, m.passwordMissing)
  const newPassword = z.string().min(10, m.passwordShort).max(128, m.passwordLong)

  const restaurantName = z.string().trim().min(1, m.restaurantMissing).max(120, m.restaurantLong)

  return {
    email: z.object({ email }),
    knownPassword: z.object({ password: knownPassword }),
    newPassword: z.object({ password: newPassword }),
    login: z.object({ email, password: knownPassword }),
    changePassword: z.object({ current_password: knownPassword, new_password: newPassword }),
    restaurant: z.object({ name: restaurantName, day_starts_at: z.string() }),
    register: z.object({
      restaurant_name: restaurantName,
      email,
      password: newPassword,
      country: z.string().length(2),
      currency: z.string().length(3),
      timezone: z.string().min(1),
    }),
  }
}

type Schemas = ReturnType<typeof createSchemas>
export type LoginFields = z.infer<Schemas['login']>
export type RegisterFields = z.infer<Schemas['register']>
