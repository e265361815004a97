/** An upload's own page. The site is files, so what page it is stands in the query. */
export const uploadPath = (id: string): string => `/dashboard/data/upload?id=${encodeURIComponent(id)}`
