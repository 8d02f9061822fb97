'use client';

import { memo } from 'react';
import { Message } from '../message/message';
import { DayDivider, UnreadDivider } from '../notice/dividers';
import { Notice } from '../notice/notice';
import { isNotice, type Line } from './lines';
import type { Tick } from './tick';

export type LogRowProps = Pick<
  Line,
  'row' | 'sender' | 'at' | 'opensDay' | 'unreadFromHere' | 'first' | 'last'
> & {
  readonly tick: Tick | null;
  readonly active: boolean;
  readonly flash: boolean;
};

/** One line of the log with what stands above it. */
export const LogRow = memo(function LogRow({ opensDay, unreadFromHere, ...message }: LogRowProps) {
  const { row } = message;
  return (
    <>
      {opensDay && <DayDivider at={message.at} />}
      {unreadFromHere > 0 && <UnreadDivider count={unreadFromHere} />}
      {row.type === 'entry' && isNotice(row) ? (
        <Notice entry={row.entry} active={message.active} />
      ) : (
        <Message {...message} />
      )}
    </>
  );
});
