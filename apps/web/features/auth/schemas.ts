import * as z from 'zod/mini'

import type { Messages } from '@/lib/messages/en'

// Else it tries whether it may make functions out of text, which the pages' security policy refuses.
z.config({ jitless: true })

/** What the forms of accounts take, and what they say to what they do not. */
export function createSchemas({ auth: m }: Messages) {
  const email = z.pipe(z.string().check(z.trim()), z.email(m.emailMissing))
  const knownPassword = z.string().check(z.minLength(1, m.passwordMissing))
  const newPassword = z.string().check(z.minLength(10, m.passwordShort), z.maxLength(128, m.passwordLong))

  const restaurantName = z
    .string()
    .check(z.trim(), z.minLength(1, m.restaurantMissing), z.maxLength(120, m.restaurantLong))

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
      country: z.string().check(z.length(2)),
      currency: z.string().check(z.length(3)),
      timezone: z.string().check(z.minLength(1)),
    }),
  }
}

type Schemas = ReturnType<typeof createSchemas>
export type LoginFields = z.infer<Schemas['login']>
export type RegisterFields = z.infer<Schemas['register']>
