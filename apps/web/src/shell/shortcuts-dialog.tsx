'use client';

import { Dialog } from '@/look/dialog';
import { withDetails } from '@/words/detail-words';
import { useWords } from '@/words/words';
import styles from './shortcuts-dialog.module.css';

type ShortcutsDialogProps = { readonly open: boolean; onOpenChange(open: boolean): void };

/** As in use-shortcuts.ts, and in the composer. */
const shortcuts = [
  ['search', ['mod', 'K']],
  ['nextChat', ['alt', '↓']],
  ['previousChat', ['alt', '↑']],
  ['newChat', ['mod', 'alt', 'N']],
  ['newGroup', ['mod', 'alt', 'G']],
  ['settings', ['mod', ',']],
  ['send', ['enter']],
  ['newLine', ['shift', 'enter']],
  ['editLast', ['↑']],
  ['close', ['esc']],
  ['help', ['?']],
] as const;

export default withDetails(ShortcutsDialog);

function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
  const words = useWords('details.shortcuts');
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const nameOf = (key: string): string => {
    if (key === 'mod') return mac ? '⌘' : words('ctrl');
    if (key === 'alt') return mac ? '⌥' : 'Alt';
    if (key === 'shift') return mac ? '⇧' : words('shift');
    if (key === 'enter') return words('enter');
    return key === 'esc' ? 'Esc' : key;
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={words('title')}>
      <dl className={styles.list}>
        {shortcuts.map(([name, keys]) => (
          <div key={name} className={styles.row}>
            <dt>{words(name)}</dt>
            <dd className={styles.keys}>
              {keys.map((key) => (
                <kbd key={key} className={styles.key}>
                  {nameOf(key)}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
