'use client'

import { Badge, Button, Dialog, DialogClose, Field, IconButton, Input, useToast } from '@flux/ui'
import { Download, RefreshCw } from 'lucide-react'

import { Section } from './section'

export function Actions() {
  const showToast = useToast()
  return (
    <Section title="Actions">
      <div className="flex flex-wrap gap-3">
        <Button>Upload</Button>
        <Button look="secondary">
          <Download aria-hidden className="size-4" />
          Template
        </Button>
        <Button look="quiet">Not now</Button>
        <Button look="accent">Change</Button>
        <Button look="danger">Undo the upload</Button>
        <Button isLoading>Saving</Button>
        <Button disabled>Save</Button>
        <IconButton label="Refresh" icon={RefreshCw} />
      </div>
      <div className="flex flex-wrap gap-3">
        <Badge tone="info">Reading</Badge>
        <Badge tone="success">Done</Badge>
        <Badge tone="warning">Needs your help</Badge>
        <Badge tone="danger">Not used</Badge>
      </div>
      <div className="flex flex-wrap gap-3">
        <Dialog
          title="Undo this upload?"
          description="Its 320 orders no longer count. The file is kept, and you can bring them back."
          closeLabel="Close"
          trigger={<Button look="secondary">Open a dialog</Button>}
          actions={
            <>
              <DialogClose>
                <Button look="secondary">Keep it</Button>
              </DialogClose>
              <DialogClose>
                <Button look="danger">Undo the upload</Button>
              </DialogClose>
            </>
          }
        >
          <Field label="Why?" hint="Only you and your team see this.">
            <Input />
          </Field>
        </Dialog>
        <Button
          look="secondary"
          onClick={() => {
            showToast({ tone: 'success', title: 'Saved', detail: 'The name of your restaurant was changed.' })
          }}
        >
          Show a message
        </Button>
        <Button
          look="secondary"
          onClick={() => {
            showToast({
              tone: 'danger',
              title: 'The file was not removed',
              detail: 'Flux cannot be reached.',
              action: { label: 'Try again', onAction: () => undefined },
            })
          }}
        >
          Show a danger
        </Button>
      </div>
    </Section>
  )
}
