import { useMutation } from '@tanstack/react-query'

/** Fetches a file with the session, which a plain link could not renew, and hands it to the browser to keep. */
export function useDownload(fetchFile: () => Promise<unknown>, filename: string) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: fetchFile,
    onSuccess: (file) => {
      const url = URL.createObjectURL(file as Blob)
      const link = document.createElement('a')
      link.href = url
      link.download = filename
      link.click()
      URL.revokeObjectURL(url)
    },
  })
  return {
    download: () => {
      mutate()
    },
    isPending,
    error,
  }
}
