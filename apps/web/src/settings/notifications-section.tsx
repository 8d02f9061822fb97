'use client';

import { useState } from 'react';
import { useNotifications } from '@/engine/use-app';
import { isSoundOn, playChime, turnSound } from '@/look/sound';
import { Switch } from '@/look/switch';
import { useWords } from '@/words/words';
import { Section } from './section';

export function NotificationsSection() {
  const words = useWords('settings.notifications');
  const { on, permission, turn } = useNotifications();
  const [sound, setSound] = useState(isSoundOn);
  const possible = permission !== 'unsupported' && permission !== 'denied';
  return (
    <Section id="notifications" title={words('title')}>
      <Switch
        label={words('show')}
        hint={words(possible ? 'showHint' : permission)}
        checked={on}
        onChange={(wanted) => void turn(wanted)}
        disabled={!possible}
      />
      <Switch
        label={words('sound')}
        hint={words('soundHint')}
        checked={sound}
        onChange={(wanted) => {
          turnSound(wanted);
          setSound(wanted);
          if (wanted) playChime();
        }}
      />
    </Section>
  );
}
