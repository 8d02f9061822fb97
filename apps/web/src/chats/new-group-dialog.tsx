'use client';

import { secureId } from '@tidings/api/clock';
import { groupNameSchema, maxGroupMembers } from '@tidings/api/fields';
import { clientId, conversationId, type PictureId, type UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import { X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useEngine } from '@/engine/hooks';
import { Avatar } from '@/look/avatar';
import { Button } from '@/look/button';
import { Dialog } from '@/look/dialog';
import { PictureField } from '@/look/picture/picture-field';
import { TextField } from '@/look/text-field';
import { toast } from '@/look/toast';
import { openChat } from '@/shell/navigation';
import { withDetails } from '@/words/detail-words';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import styles from './new-group-dialog.module.css';
import { PeoplePicker } from './people-picker';

type NewGroupDialogProps = { readonly open: boolean; onOpenChange(open: boolean): void; onClosed(): void };

export default withDetails(NewGroupDialog);

function NewGroupDialog({ open, onOpenChange, onClosed }: NewGroupDialogProps) {
  const words = useWords('chats');
  const group = useWords('details.newGroup');
  const nameField = useRef<HTMLInputElement>(null);
  const form = useNewGroup(
    () => onOpenChange(false),
    () => nameField.current?.focus(),
  );
  const formId = useId();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      onClosed={onClosed}
      title={words('newGroup')}
      initialFocus={nameField}
      flush
      footer={
        <Button type="submit" form={formId} variant="primary" busy={form.busy}>
          {group('create')}
        </Button>
      }
    >
      <form id={formId} className={styles.form} noValidate onSubmit={form.submit}>
        <PictureField
          id={form.clientId}
          name={form.name}
          kind="group"
          size="large"
          pictureId={form.picture}
          onPicture={form.setPicture}
        />
        <TextField
          ref={nameField}
          label={group('name')}
          placeholder={group('namePlaceholder')}
          className={styles.name}
          autoComplete="off"
          maxLength={100}
          value={form.name}
          error={form.problem}
          onChange={(event) => form.setName(event.target.value)}
        />
      </form>
      <Chosen people={form.people} onRemove={form.toggle} />
      <PeoplePicker chosen={new Set(form.people.map((person) => person.userId))} onPick={form.toggle} />
    </Dialog>
  );
}

type ChosenProps = { readonly people: readonly Profile[]; onRemove(person: Profile): void };

function Chosen({ people, onRemove }: ChosenProps) {
  const words = useWords('details.newGroup');
  return (
    <div className={styles.chosen}>
      <p className={styles.count} role="status">
        {words('chosen', { count: people.length })}
      </p>
      {people.length > 0 && (
        <ul className={styles.chips} aria-label={words('chosenPeople')}>
          {people.map((person) => (
            <li key={person.userId}>
              <button
                type="button"
                className={styles.chip}
                aria-label={words('remove', { name: person.displayName })}
                onClick={() => onRemove(person)}
              >
                <Avatar
                  id={person.userId}
                  name={person.displayName}
                  pictureId={person.avatarId}
                  size="small"
                />
                <span className={styles.chipName}>{person.displayName}</span>
                <X aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function useNewGroup(onDone: () => void, onMissing: () => void) {
  const words = useWords('details.newGroup');
  const errorText = useErrorText();
  const engine = useEngine();
  // The same at each attempt: pressing twice makes one group.
  const [id] = useState(() => clientId(secureId()));
  const [name, setName] = useState('');
  const [picture, setPicture] = useState<PictureId | null>(null);
  const [people, setPeople] = useState<readonly Profile[]>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const toggle = (person: Profile) => {
    const isChosen = people.some((other) => other.userId === person.userId);
    if (isChosen) return setPeople(people.filter((other) => other.userId !== person.userId));
    if (people.length >= maxGroupMembers - 1)
      return toast(words('full', { most: maxGroupMembers }), { kind: 'bad' });
    setPeople([...people, person]);
  };
  const create = async (parsedName: string, members: UserId[]) => {
    const head = await engine.api.group.create.mutate({ clientId: id, name: parsedName, members });
    const created = conversationId(head.conversationId);
    if (picture) {
      await engine.api.group.update
        .mutate({ conversationId: created, iconId: picture })
        .catch(() => toast(words('pictureFailed'), { kind: 'bad' }));
    }
    await engine.refresh(created);
    openChat(created);
  };
  const submit = async (event: { preventDefault(): void }) => {
    event.preventDefault();
    const parsed = groupNameSchema.safeParse(name);
    if (!parsed.success) {
      setProblem(words('needsName'));
      onMissing();
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      await create(
        parsed.data,
        people.map((person) => person.userId),
      );
      onDone();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return { clientId: id, name, setName, picture, setPicture, people, toggle, problem, busy, submit };
}
