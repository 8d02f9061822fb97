'use client';

import type { Device } from '@tidings/api/device';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/look/button';
import { Dialog } from '@/look/dialog';
import { TextField } from '@/look/text-field';
import { useBusy } from '@/look/use-busy';
import { useWords } from '@/words/words';

type RenameDeviceProps = {
  readonly device: Device;
  onRename(device: Device, name: string): Promise<void>;
  onClosed(): void;
};

export function RenameDevice({ device, onRename, onClosed }: RenameDeviceProps) {
  const words = useWords('settings.devices');
  const formId = useId();
  const [open, setOpen] = useState(true);
  const [name, setName] = useState(device.name);
  const [busy, run] = useBusy();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    if (await run(() => onRename(device, name.trim()))) setOpen(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      size="small"
      title={words('renameTitle')}
      footer={
        <Button type="submit" form={formId} variant="primary" busy={busy} disabled={name.trim() === ''}>
          {words('save')}
        </Button>
      }
    >
      <form id={formId} onSubmit={save}>
        <TextField
          label={words('name')}
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
