'use client'

import { Button } from '@flux/ui'
import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'

import { leaveForLogin } from '@/lib/api'
import { describeError } from '@/lib/errors'
import { messages } from '@/lib/messages'

import { logOut } from './api'

/** Says so when it failed: someone who believes to be logged out would leave the device to others. */
export function LogOutButton() {
  const { mutate, isPending, error } = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      leaveForLogin()
    },
  })
  return (
    <div className="flex shrink-0 items-center gap-2">
      {error && (
        <p role="alert" className="max-w-40 text-xs font-medium text-danger">
          {describeError(error).title}
        </p>
      )}
      <Button
        look="quiet"
        isLoading={isPending}
        onClick={() => {
          mutate()
        }}
      >
        {!isPending && <LogOut aria-hidden className="size-4" />}
        <span className="max-sm:sr-only">{messages.auth.logout}</span>
      </Button>
    </div>
  )
}
