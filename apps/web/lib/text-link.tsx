import { Link } from './link'

/** A link that stands by itself, as tall as a fingertip. */
export function TextLink({ href, children }: { href: string; children: string }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-touch items-center font-medium text-accent underline-offset-4 hover:underline"
    >
      {children}
    </Link>
  )
}
