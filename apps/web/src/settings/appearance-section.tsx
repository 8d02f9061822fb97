'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { chooseEnter, type EnterSetting, useEnterSetting } from '@/conversation/composer/enter-key';
import { type Appearance, setAppearance } from '@/look/appearance';
import { RadioGroup } from '@/look/radio-group';
import { Select } from '@/look/select';
import { useAppearance } from '@/look/use-appearance';
import { languageNames, languages } from '@/words/languages';
import { useLanguage, useWords } from '@/words/words';
import { Section } from './section';

const themes = [
  ['system', <Monitor key="system" />],
  ['light', <Sun key="light" />],
  ['dark', <Moon key="dark" />],
] as const;
const enterSettings: readonly EnterSetting[] = ['sends', 'breaks'];
const textSizes: readonly Appearance['textSize'][] = ['small', 'normal', 'large', 'largest'];

export function AppearanceSection() {
  const words = useWords('settings.appearance');
  const { theme, textSize } = useAppearance();
  const { setting, choose } = useLanguage();
  const enter = useEnterSetting();
  return (
    <Section id="appearance" title={words('title')} intro={words('intro')}>
      <RadioGroup
        label={words('theme')}
        choices={themes.map(([value, icon]) => ({ value, icon, label: words(`themes.${value}`) }))}
        value={theme}
        onChange={(value) => setAppearance({ theme: value })}
      />
      <RadioGroup
        label={words('textSize')}
        choices={textSizes.map((value) => ({ value, label: words(`textSizes.${value}`) }))}
        value={textSize}
        onChange={(value) => setAppearance({ textSize: value })}
      />
      <Select
        label={words('language')}
        choices={[
          { value: 'browser', label: words('browserLanguage') },
          ...languages.map((value) => ({ value, label: languageNames[value] })),
        ]}
        value={setting}
        onChange={choose}
      />
      <Select<EnterSetting>
        label={words('enter')}
        hint={words('enterHint')}
        choices={enterSettings.map((value) => ({ value, label: words(`enterSettings.${value}`) }))}
        value={enter}
        onChange={chooseEnter}
      />
    </Section>
  );
}
