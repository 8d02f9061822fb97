'use client';

import { useState } from 'react';
import { Button } from '@/look/button';
import { Dialog } from '@/look/dialog';
import { TextField } from '@/look/text-field';
import { toast } from '@/look/toast';
import { useWords } from '@/words/words';

type OnceDialogProps = {
  readonly title: string;
  readonly description: string;
  readonly label: string;
  readonly value: string;
  onClosed(): void;
};

/** Shows what is told this once, to be copied. */
export function OnceDialog({ title, description, label, value, onClosed }: OnceDialogProps) {
  const words = useWords('console');
  const [open, setOpen] = useState(true);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast(words('copied'), { kind: 'good' });
    } catch {
      // Where the clipboard is forbidden (plain http), it can be marked and copied by hand.
      toast(words('copyFailed'), { kind: 'bad' });
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      size="small"
      title={title}
      description={description}
      footer={
        <Button variant="primary" onClick={() => void copy()}>
          {words('copy')}
        </Button>
      }
    >
      <TextField
        label={label}
        readOnly
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Dialog>
  );
}
