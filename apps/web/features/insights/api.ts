import { unwrap } from '@flux/api-client'
import { queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

export const summaryQuery = queryOptions({
  queryKey: ['insights', 'summary'],
  queryFn: () => unwrap(api.GET('/api/insights/summary')),
})
