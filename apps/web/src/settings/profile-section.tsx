'use client';

import { aboutSchema, displayNameSchema } from '@tidings/api/fields';
import { type FormEvent, useState } from 'react';
import { useProfile, useSelf } from '@/engine/hooks';
import { Button } from '@/look/button';
import { PictureField } from '@/look/picture/picture-field';
import { TextArea, TextField } from '@/look/text-field';
import { toast } from '@/look/toast';
import { useWords } from '@/words/words';
import styles from './profile-section.module.css';
import { Section } from './section';
import type { MeView } from './use-me';

export function ProfileSection({ me, update }: MeView) {
  const words = useWords('settings.profile');
  const self = useSelf();
  const known = useProfile(self.userId);
  const profile = me ?? known;
  const name = profile?.displayName ?? self.displayName;
  return (
    <Section id="profile" title={words('title')}>
      <div className={styles.top}>
        <PictureField
          id={self.userId}
          name={name}
          pictureId={profile?.avatarId ?? null}
          size="large"
          onPicture={async (avatarId) => {
            await update({ avatarId });
          }}
        />
        <div className={styles.who}>
          <p className={styles.name} dir="auto">
            {name}
          </p>
          <p className={styles.username}>@{self.username}</p>
        </div>
      </div>
      <ProfileForm name={name} about={profile?.about ?? ''} disabled={!me} update={update} />
    </Section>
  );
}

type ProfileFormProps = {
  readonly name: string;
  readonly about: string;
  readonly disabled: boolean;
  readonly update: MeView['update'];
};

function ProfileForm({ name, about, disabled, update }: ProfileFormProps) {
  const words = useWords('settings.profile');
  // What was typed here; the rest follows what is known of the profile, which may come later.
  const [typed, setTyped] = useState<{ readonly name?: string; readonly about?: string }>({});
  const values = { name, about, ...typed };
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const changed = values.name.trim() !== name || values.about.trim() !== about;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const displayName = displayNameSchema.safeParse(values.name);
    const newAbout = aboutSchema.safeParse(values.about);
    if (!displayName.success || !newAbout.success) return setProblem(words('needsName'));
    setProblem(undefined);
    setBusy(true);
    if (await update({ displayName: displayName.data, about: newAbout.data })) {
      setTyped({});
      toast(words('saved'), { kind: 'good' });
    }
    setBusy(false);
  };
  return (
    <form className={styles.form} noValidate onSubmit={save}>
      <TextField
        label={words('displayName')}
        autoComplete="name"
        maxLength={60}
        value={values.name}
        error={problem}
        onChange={(event) => setTyped({ ...typed, name: event.target.value })}
      />
      <TextArea
        label={words('about')}
        hint={words('aboutHint')}
        rows={2}
        maxLength={200}
        value={values.about}
        onChange={(event) => setTyped({ ...typed, about: event.target.value })}
      />
      <div>
        <Button type="submit" variant="primary" busy={busy} disabled={disabled || !changed}>
          {words('save')}
        </Button>
      </div>
    </form>
  );
}
