'use client';

import type { ApiKey } from '@tidings/api/developer';
import { useState } from 'react';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { useWords } from '@/words/words';

type RevokeKeyProps = {
  readonly apiKey: ApiKey;
  onRevoke(key: ApiKey): Promise<void>;
  onClosed(): void;
};

export function RevokeKey({ apiKey, onRevoke, onClosed }: RevokeKeyProps) {
  const words = useWords('settings.developer');
  const [open, setOpen] = useState(true);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={words('revokeTitle', { name: apiKey.name })}
      action={words('revoke')}
      danger
      onConfirm={() => onRevoke(apiKey)}
    >
      {words('revokeText')}
    </ConfirmDialog>
  );
}
