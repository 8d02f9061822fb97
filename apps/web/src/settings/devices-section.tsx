'use client';

import type { Device } from '@tidings/api/device';
import { EllipsisVertical, Laptop, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/look/button';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { MenuButton } from '@/look/menu';
import { Skeleton } from '@/look/skeleton';
import { useFormats, useWords } from '@/words/words';
import { RenameDevice } from './rename-device';
import { Section } from './section';
import styles from './section.module.css';
import { useDevices } from './use-devices';

/** Every browser that is signed in as this user. */
export function DevicesSection() {
  const words = useWords('settings.devices');
  const { devices, rename, revoke, revokeOthers } = useDevices();
  const [renaming, setRenaming] = useState<Device | null>(null);
  const [asking, setAsking] = useState(false);
  const others = devices?.filter((device) => !device.current).length ?? 0;
  return (
    <Section id="devices" title={words('title')} intro={words('intro')}>
      {devices ? (
        <ul className={styles.list} aria-label={words('list')}>
          {devices.map((device) => (
            <DeviceItem
              key={device.sessionId}
              device={device}
              onRename={() => setRenaming(device)}
              onRevoke={() => void revoke(device)}
            />
          ))}
        </ul>
      ) : (
        <Skeleton height="2.5rem" />
      )}
      {others > 0 && (
        <div className={styles.actions}>
          <Button onClick={() => setAsking(true)}>{words('endOthers')}</Button>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={words('endOthersTitle')}
        action={words('endOthersAction')}
        danger
        onConfirm={revokeOthers}
      >
        {words('endOthersText', { count: others })}
      </ConfirmDialog>
      {renaming && <RenameDevice device={renaming} onRename={rename} onClosed={() => setRenaming(null)} />}
    </Section>
  );
}

type DeviceItemProps = { readonly device: Device; onRename(): void; onRevoke(): void };

function DeviceItem({ device, onRename, onRevoke }: DeviceItemProps) {
  const words = useWords('settings.devices');
  const format = useFormats();
  const phone = /android|iphone|ipad|phone/i.test(device.name);
  const Icon = phone ? Smartphone : Laptop;
  const inUse = device.current || device.connected;
  return (
    <li className={styles.item}>
      <Icon aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>
          {device.name}
          {device.current && <span className={styles.tag}>{words('current')}</span>}
        </p>
        <p className={styles.note}>
          {inUse
            ? words('inUse')
            : words('lastUsed', { when: format.relativeTime(device.lastUsedAt, Date.now()) })}
          {' · '}
          {words('since', { date: format.dateTime(device.signedInAt, { dateStyle: 'medium' }) })}
        </p>
      </div>
      <MenuButton
        label={words('menu', { name: device.name })}
        entries={() => [
          { label: words('rename'), onSelect: onRename },
          ...(device.current ? [] : [{ label: words('end'), danger: true, onSelect: onRevoke }]),
        ]}
      >
        <EllipsisVertical />
      </MenuButton>
    </li>
  );
}
