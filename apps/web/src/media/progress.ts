/**
 * Runs what tells its progress from a worker. The worker's calls back come by a channel of their own, so that one may arrive after the answer:
 * then it is told no more, else what is done would look under way for ever.
 */
export async function withProgress<Told, Result>(
  tell: (told: Told) => void,
  run: (progress: (told: Told) => void) => Promise<Result>,
): Promise<Result> {
  let runs = true;
  try {
    return await run((told) => {
      if (runs) tell(told);
    });
  } finally {
    runs = false;
  }
}
