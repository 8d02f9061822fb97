'use client';

import { useState } from 'react';

type Position = { readonly latitude: number; readonly longitude: number; readonly accuracy: number };

/** Names of sentences. */
export type PositionProblem = 'positionDenied' | 'positionMissing';

const timeoutMs = 20_000;

/** Asks the browser where this device is: once, and only when somebody wants it. */
export function useCurrentPosition(found: (position: Position) => void) {
  const [finding, setFinding] = useState(false);
  const [problem, setProblem] = useState<PositionProblem | null>(null);
  const end = (problem: PositionProblem | null) => {
    setFinding(false);
    setProblem(problem);
  };
  const find = () => {
    // In an insecure page there is none.
    if (!navigator.geolocation) return end('positionMissing');
    setFinding(true);
    setProblem(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => {
        end(null);
        found({ latitude, longitude, accuracy });
      },
      (error) => end(error.code === error.PERMISSION_DENIED ? 'positionDenied' : 'positionMissing'),
      { enableHighAccuracy: true, timeout: timeoutMs, maximumAge: 60_000 },
    );
  };
  return { find, finding, problem };
}
