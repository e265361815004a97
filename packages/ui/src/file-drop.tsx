'use client'

import { FileUp } from 'lucide-react'
import { useEffect, useEffectEvent, useId, useRef, useState, type DragEvent } from 'react'

import { cn } from './cn'

export type FileDropProps = {
  /** What one does here, as a sentence: also the name of the control. */
  label: string
  hint: string
  /** Shown while files are held over the target. */
  dropLabel: string
  /** As in `<input accept>`. It only narrows what the picker offers: whether a file is good is decided by reading it. */
  accept?: string
  /** Whether several files may come at once. Otherwise the first one is taken. */
  isMultiple?: boolean
  isDisabled?: boolean
  /** At least one file. */
  onFiles: (files: File[]) => void
}

/**
 * One big target: drop files on it, click it, or press Enter or Space on it. Files pasted anywhere on the page come
 * here too, so that there may be one target on a page.
 */
export function FileDrop({
  label,
  hint,
  dropLabel,
  accept,
  isMultiple = false,
  isDisabled = false,
  onFiles,
}: FileDropProps) {
  const labelId = useId()
  const hintId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)

  function take(list: FileList | null | undefined) {
    const files = [...(list ?? [])].slice(0, isMultiple ? undefined : 1)
    if (files.length > 0 && !isDisabled) onFiles(files)
  }

  const takePasted = useEffectEvent((event: ClipboardEvent) => {
    take(event.clipboardData?.files)
  })

  useEffect(() => {
    document.addEventListener('paste', takePasted)
    return () => {
      document.removeEventListener('paste', takePasted)
    }
  }, [])

  function drop(event: DragEvent) {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files)
  }

  return (
    <>
      <button
        type="button"
        aria-labelledby={labelId}
        aria-describedby={hintId}
        disabled={isDisabled}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          // Also when disabled, or the browser would leave the page to show the file.
          event.preventDefault()
          setIsOver(!isDisabled)
        }}
        onDragLeave={() => {
          setIsOver(false)
        }}
        onDrop={drop}
        className={cn(
          'flex min-h-44 w-full cursor-pointer flex-col items-center justify-center gap-1 rounded-card border-2 border-dashed border-edge p-6 text-center transition-colors',
          'hover:border-accent hover:bg-accent-soft disabled:pointer-events-auto disabled:cursor-not-allowed disabled:opacity-60',
          isOver && 'border-accent bg-accent-soft',
        )}
      >
        <span className="pointer-events-none mb-3 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
          <FileUp aria-hidden className="size-5" />
        </span>
        <span id={labelId} className="pointer-events-none text-base font-semibold">
          {isOver ? dropLabel : label}
        </span>
        <span id={hintId} className="pointer-events-none text-sm text-muted">
          {hint}
        </span>
      </button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={isMultiple}
        disabled={isDisabled}
        hidden
        onChange={(event) => {
          take(event.target.files)
          // The same file, corrected and picked again, must count as a change.
          event.target.value = ''
        }}
      />
    </>
  )
}
