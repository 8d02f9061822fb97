'use client';

import type { Bot } from '@tidings/api/developer';
import { type NewBot, newBotSchema } from '@tidings/api/fields';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/look/button';
import { Dialog } from '@/look/dialog';
import { TextArea, TextField } from '@/look/text-field';
import { useBusy } from '@/look/use-busy';
import { useWords } from '@/words/words';
import styles from './developer-section.module.css';

type BotDialogProps = { onCreate(bot: NewBot): Promise<Bot>; onClosed(): void };

/** Names a bot. */
export default function BotDialog({ onCreate, onClosed }: BotDialogProps) {
  const words = useWords('settings.developer');
  const formId = useId();
  const [open, setOpen] = useState(true);
  const [busy, run] = useBusy();
  const [named, setNamed] = useState({ displayName: '', username: '', about: '' });
  const [tried, setTried] = useState(false);
  const checked = newBotSchema.safeParse(named);
  const wrong = (field: keyof typeof named) =>
    tried && checked.error?.issues.some(({ path }) => path[0] === field)
      ? words(`wrong.${field}`)
      : undefined;
  const set = (field: keyof typeof named) => (event: { readonly target: { readonly value: string } }) =>
    setNamed({ ...named, [field]: event.target.value });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!checked.success) return;
    if (await run(() => onCreate(checked.data))) setOpen(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      size="small"
      title={words('newBot')}
      description={words('botText')}
      footer={
        <Button type="submit" form={formId} variant="primary" busy={busy}>
          {words('createBot')}
        </Button>
      }
    >
      <form id={formId} className={styles.form} noValidate onSubmit={save}>
        <TextField
          label={words('displayName')}
          maxLength={60}
          value={named.displayName}
          error={wrong('displayName')}
          onChange={set('displayName')}
        />
        <TextField
          label={words('username')}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={30}
          value={named.username}
          error={wrong('username')}
          onChange={set('username')}
        />
        <TextArea
          label={words('about')}
          maxLength={200}
          rows={2}
          value={named.about}
          error={wrong('about')}
          onChange={set('about')}
        />
      </form>
    </Dialog>
  );
}
