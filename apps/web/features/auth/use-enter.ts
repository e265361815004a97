import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'

/** What comes after a session began: nothing of an earlier account, nor the password, stays in memory. */
export function useEnter(): (path?: string) => void {
  const router = useRouter()
  const queryClient = useQueryClient()
  return useCallback(
    (path = '/dashboard') => {
      // What the page shows stays until it is left: it would ask again, with a link that is used by now.
      queryClient.removeQueries({ type: 'inactive' })
      queryClient.getMutationCache().clear()
      router.replace(path)
    },
    [queryClient, router],
  )
}
