'use client'

import { Button } from '@flux/ui'
import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'

import { leaveForLogin } from '@/lib/api'
import { describeError } from '@/lib/errors'
import { useMessages } from '@/lib/language'

import { logOut } from './api'

/** Says so when it failed: someone who believes to be logged out would leave the device to others. */
export function LogOutButton() {
  const messages = useMessages()
  const { mutate, isPending, error } = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      leaveForLogin()
    },
  })
  return (
    <div className="space-y-2">
      {error && (
        <p role="alert" className="text-sm font-medium text-danger">
          {describeError(error, messages).title}
        </p>
      )}
      <Button
        look="secondary"
        isLoading={isPending}
        onClick={() => {
          mutate()
        }}
        className="w-full"
      >
        {!isPending && <LogOut aria-hidden className="size-4" />}
        {messages.auth.logout}
      </Button>
    </div>
  )
}
