'use client';

import type { ApiKey, Bot } from '@tidings/api/developer';
import { paths } from '@tidings/api/protocol';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Avatar } from '@/look/avatar';
import { Button } from '@/look/button';
import { IconButton } from '@/look/icon-button';
import { part } from '@/look/part';
import { useFormats, useWords } from '@/words/words';
import { Section } from '../section';
import section from '../section.module.css';
import styles from './developer-section.module.css';
import { RevokeKey } from './revoke-key';
import { usePrograms } from './use-programs';

const BotDialog = part(() => import('./bot-dialog'));
const KeyDialog = part(() => import('./key-dialog'));

type Asked =
  | { readonly type: 'bot' }
  | { readonly type: 'key'; readonly bot: Bot }
  | { readonly type: 'revoke'; readonly key: ApiKey };

/** Bots, and the keys by which programs act as them. */
export function DeveloperSection() {
  const words = useWords('settings.developer');
  const { programs, createBot, createKey, revokeKey } = usePrograms();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <Section
      id="developer"
      title={words('title')}
      intro={words.rich('intro', {
        docs: (chunks) => (
          <a href={paths.docs} target="_blank" rel="noreferrer">
            {chunks}
          </a>
        ),
      })}
    >
      {programs && programs.bots.length > 0 && (
        <ul className={section.list} aria-label={words('bots')}>
          {programs.bots.map((bot) => (
            <BotItem
              key={bot.userId}
              bot={bot}
              keys={programs.keys.filter(({ botId }) => botId === bot.userId)}
              onAddKey={() => setAsked({ type: 'key', bot })}
              onRevoke={(key) => setAsked({ type: 'revoke', key })}
            />
          ))}
        </ul>
      )}
      <div className={section.actions}>
        <Button onClick={() => setAsked({ type: 'bot' })}>{words('newBot')}</Button>
      </div>
      <Suspense>
        {asked?.type === 'bot' && <BotDialog onCreate={createBot} onClosed={close} />}
        {asked?.type === 'key' && <KeyDialog bot={asked.bot} onCreate={createKey} onClosed={close} />}
      </Suspense>
      {asked?.type === 'revoke' && <RevokeKey apiKey={asked.key} onRevoke={revokeKey} onClosed={close} />}
    </Section>
  );
}

type BotItemProps = {
  readonly bot: Bot;
  readonly keys: readonly ApiKey[];
  onAddKey(): void;
  onRevoke(key: ApiKey): void;
};

function BotItem({ bot, keys, onAddKey, onRevoke }: BotItemProps) {
  const words = useWords('settings.developer');
  return (
    <li className={styles.bot}>
      <div className={section.item}>
        <Avatar id={bot.userId} name={bot.displayName} pictureId={bot.avatarId} size="small" />
        <div className={section.words}>
          <p className={section.name} dir="auto">
            {bot.displayName}
          </p>
          <p className={section.note}>@{bot.username}</p>
        </div>
        <IconButton label={words('newKeyFor', { name: bot.displayName })} onClick={onAddKey}>
          <Plus />
        </IconButton>
      </div>
      {keys.length > 0 && (
        <ul className={styles.keys} aria-label={words('keysOf', { name: bot.displayName })}>
          {keys.map((key) => (
            <KeyItem key={key.id} apiKey={key} onRevoke={() => onRevoke(key)} />
          ))}
        </ul>
      )}
    </li>
  );
}

function KeyItem({ apiKey, onRevoke }: { readonly apiKey: ApiKey; onRevoke(): void }) {
  const words = useWords('settings.developer');
  const format = useFormats();
  const { name, hint, scopes, lastUsedAt } = apiKey;
  const used =
    lastUsedAt === null
      ? words('neverUsed')
      : words('lastUsed', { date: format.dateTime(lastUsedAt, { dateStyle: 'medium', timeStyle: 'short' }) });
  return (
    <li className={styles.key}>
      <KeyRound aria-hidden="true" />
      <div className={section.words}>
        <p>
          <span dir="auto">{name}</span> <code className={styles.hint}>{hint}…</code>
        </p>
        <p className={section.note}>{scopes.map((scope) => words(`scope.${scope}`)).join(' · ')}</p>
        <p className={section.note}>{used}</p>
      </div>
      <IconButton label={words('revokeNamed', { name })} onClick={onRevoke}>
        <Trash2 />
      </IconButton>
    </li>
  );
}
