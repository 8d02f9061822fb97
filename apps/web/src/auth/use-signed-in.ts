'use client';

import { useEffect } from 'react';
import { rememberSelf } from '@/engine/device';
import { askSession } from '@/engine/session-api';

/** Who is signed in has nothing to do here. */
export function useLeaveWhenSignedIn(): void {
  useEffect(() => {
    let here = true;
    void askSession().then((answer) => {
      if (!here || answer.type !== 'signed-in') return;
      rememberSelf(answer.session);
      location.replace('/');
    });
    return () => {
      here = false;
    };
  }, []);
}
