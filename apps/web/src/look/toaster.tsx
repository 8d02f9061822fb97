'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { Toaster as Sonner, toast as show } from 'sonner';
import { useWords } from '@/words/words';
import { onToast, type ToastOptions } from './toast';
import styles from './toaster.module.css';

const narrow = '(max-width: 640px)';

export default function Toaster() {
  const words = useWords('look');
  const phone = useSyncExternalStore(
    onNarrow,
    () => matchMedia(narrow).matches,
    () => false,
  );
  useEffect(() => onToast(sonner), []);
  return (
    <Sonner
      position={phone ? 'top-center' : 'bottom-center'}
      containerAriaLabel={words('toasts')}
      toastOptions={{
        unstyled: true,
        classNames: { toast: styles.toast, title: styles.title, actionButton: styles.action },
      }}
      gap={8}
    />
  );
}

function sonner(text: string, { kind = 'plain', action, durationMs = 5_000, id }: ToastOptions): void {
  const options = {
    id,
    duration: durationMs,
    ...(action ? { action: { label: action.label, onClick: () => action.onPress() } } : {}),
  };
  if (kind === 'bad') show.error(text, options);
  else if (kind === 'good') show.success(text, options);
  else show(text, options);
}

function onNarrow(listener: () => void): () => void {
  const query = matchMedia(narrow);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
