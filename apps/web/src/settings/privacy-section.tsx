'use client';

import { type Audience, audienceSchema } from '@tidings/api/fields';
import { Select } from '@/look/select';
import { Switch } from '@/look/switch';
import { useWords } from '@/words/words';
import { Section } from './section';
import type { MeView } from './use-me';

export function PrivacySection({ me, update }: MeView) {
  const words = useWords('settings.privacy');
  const audiences = audienceSchema.options.map((value) => ({
    value,
    label: words(`audience.${value}`),
  }));
  const change = (key: 'lastSeenAudience' | 'onlineAudience') => (audience: Audience) =>
    void update({ [key]: audience });
  return (
    <Section id="privacy" title={words('title')}>
      <Select
        label={words('lastSeen')}
        hint={words('lastSeenHint')}
        choices={audiences}
        value={me?.lastSeenAudience ?? 'everyone'}
        onChange={change('lastSeenAudience')}
        disabled={!me}
      />
      <Select
        label={words('online')}
        hint={words('onlineHint')}
        choices={audiences}
        value={me?.onlineAudience ?? 'everyone'}
        onChange={change('onlineAudience')}
        disabled={!me}
      />
      <Switch
        label={words('readReceipts')}
        hint={words('readReceiptsHint')}
        checked={me?.readReceipts ?? true}
        onChange={(readReceipts) => void update({ readReceipts })}
        disabled={!me}
      />
    </Section>
  );
}
