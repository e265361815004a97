import { useMessages } from './language'

/** The mark and the name. */
export function Brand() {
  const messages = useMessages()
  return (
    <span className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
      <svg aria-hidden viewBox="0 0 32 32" className="size-7">
        <rect width="32" height="32" rx="9" className="fill-primary" />
        <path
          d="M9 22.5V15a5 5 0 0 1 5-5h9M9 18.5h6.5a4 4 0 0 0 4-4"
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          className="stroke-on-primary"
        />
      </svg>
      {messages.product}
    </span>
  )
}
