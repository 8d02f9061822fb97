'use client';

import type { SentContent } from '@tidings/api/content';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { DetailWords } from '@/words/detail-words';
import type { MessageRow } from '../../engine/message-rows';
import { part } from '../../look/part';
import type { MenuPlace } from '../scene';
import type { OverlayProps } from './delete-dialog';

const ReactionPopup = part(() => import('../emoji/reaction-popup'));
const DeleteDialog = part(() => import('./delete-dialog'));
const ForwardDialog = part(() => import('./forward-dialog'));
const InfoDialog = part(() => import('./info-dialog'));
const ReportDialog = part(() => import('./report-dialog'));
const Lightbox = part(() => import('../lightbox/lightbox'));

/** What stands over the conversation because of a message. */
export type Overlay =
  | { readonly type: 'reaction'; readonly row: MessageRow; readonly place: MenuPlace }
  | { readonly type: 'delete'; readonly row: MessageRow }
  | { readonly type: 'forward'; readonly content: SentContent }
  | { readonly type: 'info'; readonly seq: Seq }
  | { readonly type: 'report'; readonly row: MessageRow }
  | { readonly type: 'lightbox'; readonly row: MessageRow; readonly index: number };

type OverlaysProps = OverlayProps & {
  readonly overlay: Overlay;
  readonly conversation: LocalConversation;
  onReact(row: MessageRow, emoji: string): void;
  onJump(target: Seq): void;
  onForward(content: SentContent): void;
};

/** The dialogs and popups of messages, each fetched when somebody asks for it. */
export default function Overlays(props: OverlaysProps) {
  return (
    <DetailWords>
      <OneOverlay {...props} />
    </DetailWords>
  );
}

function OneOverlay(props: OverlaysProps) {
  const { overlay, conversation, onReact, onJump, onForward, open, onClose, onClosed } = props;
  const close = { open, onClose, onClosed };
  switch (overlay.type) {
    case 'reaction': {
      const { row, place } = overlay;
      return <ReactionPopup {...close} place={place} row={row} onPick={(emoji) => onReact(row, emoji)} />;
    }
    case 'delete':
      return <DeleteDialog {...close} conversation={conversation} row={overlay.row} />;
    case 'forward':
      return <ForwardDialog {...close} content={overlay.content} from={conversation.conversationId} />;
    case 'info':
      return <InfoDialog {...close} conversation={conversation} seq={overlay.seq} />;
    case 'report':
      return <ReportDialog {...close} row={overlay.row} />;
    case 'lightbox': {
      const { row, index } = overlay;
      return <Lightbox {...close} {...{ conversation, row, index, onJump, onForward }} />;
    }
  }
}
