'use client';

import { groupDescriptionSchema, groupNameSchema } from '@tidings/api/fields';
import type { LocalConversation } from '@tidings/client/local-store';
import { type FormEvent, useState } from 'react';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { Button } from '../../look/button';
import { TextArea, TextField } from '../../look/text-field';
import styles from './about.module.css';

type GroupFormProps = {
  readonly conversation: LocalConversation;
  readonly group: NonNullable<LocalConversation['group']>;
  onDone(): void;
};

/** Name and description of a group, for its admins. */
export function GroupForm({ conversation, group, onDone }: GroupFormProps) {
  const t = useWords('details.group');
  const look = useWords('look');
  const errorText = useErrorText();
  const engine = useEngine();
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const valid =
    groupNameSchema.safeParse(name).success && groupDescriptionSchema.safeParse(description).success;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!valid || busy) return;
    setBusy(true);
    setError(undefined);
    const { conversationId } = conversation;
    try {
      await engine.api.group.update.mutate({
        conversationId,
        ...(name.trim() === group.name ? {} : { name: name.trim() }),
        ...(description.trim() === group.description ? {} : { description: description.trim() }),
      });
      await engine.refresh(conversationId);
      onDone();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <TextField
        autoFocus
        label={t('name')}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t('description')}
        value={description}
        maxLength={1_000}
        error={error}
        onChange={(event) => setDescription(event.target.value)}
      />
      <div className={styles.buttons}>
        <Button variant="plain" onClick={onDone}>
          {look('cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={busy} disabled={!valid}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
