'use client';

import type { SignUpSetting } from '@tidings/api/admin';
import { useCallback, useEffect, useState } from 'react';
import { RadioGroup } from '@/look/radio-group';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { Page } from '../parts/page';
import page from '../parts/page.module.css';
import { useAct } from '../use-act';
import styles from './settings-page.module.css';

type SignUp = SignUpSetting['signUp'];
const choices: readonly SignUp[] = ['open', 'invite'];

/** What operators may change while the server runs. */
export function SettingsPage() {
  const words = useWords('console.settings');
  const errorText = useErrorText();
  const run = useAct();
  const [setting, setSetting] = useState<SignUpSetting | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    () =>
      ask((api) => api.admin.signUp.query()).then(setSetting, (error: unknown) => setProblem(errorText(error))),
    [errorText],
  );
  useEffect(() => void load(), [load]);
  const choose = async (signUp: SignUp) => {
    await run(() => ask((api) => api.admin.setSignUp.mutate({ signUp })), words('saved')).catch(() => {});
    await load();
  };
  return (
    <Page title={words('title')} intro={words('intro')}>
      {problem && (
        <p role="alert" className={page.problem}>
          {problem}
        </p>
      )}
      {setting && (
        <section className={styles.section} aria-label={words('signUp')}>
          <RadioGroup<SignUp>
            label={words('signUp')}
            hint={words(setting.changed ? 'changed' : 'configured', { name: 'SIGN_UP' })}
            choices={choices.map((value) => ({ value, label: words(value) }))}
            value={setting.signUp}
            onChange={(value) => void choose(value)}
          />
        </section>
      )}
    </Page>
  );
}
