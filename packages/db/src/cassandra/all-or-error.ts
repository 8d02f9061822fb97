/** Waits for all, so that nothing of a call goes on behind its back, and rejects with the first failure in the order given. */
export async function allOrError(tasks: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(tasks)) if (result.status === 'rejected') throw result.reason;
}
