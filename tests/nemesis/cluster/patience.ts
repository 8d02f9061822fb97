/** Whether it came true in time: resolved, and not with false. What it rejects with goes on. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then((kept) => kept !== false), late]);
  } finally {
    clearTimeout(timer);
  }
}
