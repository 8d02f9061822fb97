import { ArrowDown } from 'lucide-react';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import styles from './to-end-button.module.css';

type ToEndButtonProps = { readonly unread: number; onPress(): void };

export function ToEndButton({ unread, onPress }: ToEndButtonProps) {
  const t = useWords('conversation');
  return (
    <div className={styles.place}>
      <IconButton
        label={unread > 0 ? t('toEndUnread', { count: unread }) : t('toEnd')}
        tip={false}
        className={styles.button}
        onClick={onPress}
      >
        <ArrowDown />
      </IconButton>
      {unread > 0 && (
        <span aria-hidden="true" className={styles.count}>
          {unread >= 1_000 ? '999+' : unread}
        </span>
      )}
    </div>
  );
}
