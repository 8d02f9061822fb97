'use client';

import type { ClientId } from '@tidings/api/ids';
import { useMemo } from 'react';
import type { SendingState } from '@/media/port';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { useHolder } from './holder';
import { Ring } from './ring';
import { useReadable } from './use-readable';

/** How far the sending of a message's files is, with a way to take the message back. */
export function Sending({ client, plain }: { readonly client: ClientId; readonly plain?: boolean }) {
  const t = useWords('media.sending');
  const { media, engine } = useClient();
  const { tabIndex } = useHolder();
  const readable = useMemo(() => media.sending(client), [media, client]);
  const state = useReadable(readable) ?? { type: 'waiting' };
  return (
    <Ring
      value={progressOf(state)}
      label={t(state.type)}
      cancelLabel={t('cancel')}
      onCancel={() => void engine.discard(client)}
      tabIndex={tabIndex}
      {...(plain ? { plain } : {})}
    />
  );
}

function progressOf(state: SendingState): number | 'waiting' {
  switch (state.type) {
    case 'preparing':
      return state.fraction * preparingPart;
    case 'uploading':
      return preparingPart + (state.total > 0 ? state.sent / state.total : 0) * (1 - preparingPart);
    case 'waiting':
      return 'waiting';
  }
}

/** One ring for both: it never goes back. */
const preparingPart = 0.2;
