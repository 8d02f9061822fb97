'use client';

import type { ApiKey, Bot, NewApiKey } from '@tidings/api/developer';
import { type Scope, scopes } from '@tidings/api/fields';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/look/button';
import { copyText } from '@/look/copy-text';
import { Dialog } from '@/look/dialog';
import { Switch } from '@/look/switch';
import { TextField } from '@/look/text-field';
import { toast } from '@/look/toast';
import { useBusy } from '@/look/use-busy';
import { useWords } from '@/words/words';
import styles from './developer-section.module.css';

type KeyDialogProps = {
  readonly bot: Bot;
  onCreate(key: NewApiKey): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  onClosed(): void;
};

/** Asks what a key may do, and shows it, this once. */
export default function KeyDialog({ bot, onCreate, onClosed }: KeyDialogProps) {
  const words = useWords('settings.developer');
  const formId = useId();
  const [open, setOpen] = useState(true);
  const [busy, run] = useBusy();
  const [name, setName] = useState('');
  const [allowed, setAllowed] = useState<readonly Scope[]>(['send']);
  const [secret, setSecret] = useState<string | null>(null);
  const isComplete = name.trim() !== '' && allowed.length > 0;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete) return;
    const wanted = { botId: bot.userId, name: name.trim(), scopes: [...allowed] };
    await run(async () => setSecret((await onCreate(wanted)).secret));
  };
  const allow = (scope: Scope) => (on: boolean) =>
    setAllowed(scopes.filter((each) => (each === scope ? on : allowed.includes(each))));

  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      size="small"
      title={words('newKeyFor', { name: bot.displayName })}
      description={secret === null ? words('keyText') : words('secretText')}
      footer={
        secret === null ? (
          <Button type="submit" form={formId} variant="primary" busy={busy} disabled={!isComplete}>
            {words('createKey')}
          </Button>
        ) : (
          <CopyButton secret={secret} />
        )
      }
    >
      {secret === null ? (
        <form id={formId} className={styles.form} noValidate onSubmit={save}>
          <TextField
            label={words('keyName')}
            hint={words('keyNameHint')}
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          {scopes.map((scope) => (
            <Switch
              key={scope}
              label={words(`scope.${scope}`)}
              checked={allowed.includes(scope)}
              onChange={allow(scope)}
            />
          ))}
        </form>
      ) : (
        <TextField
          label={words('secret')}
          readOnly
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </Dialog>
  );
}

function CopyButton({ secret }: { readonly secret: string }) {
  const words = useWords('settings.developer');
  const copy = async () => {
    if (await copyText(secret)) toast(words('copied'), { kind: 'good' });
    else toast(words('copyFailed'), { kind: 'bad' });
  };
  return (
    <Button variant="primary" onClick={() => void copy()}>
      {words('copy')}
    </Button>
  );
}
