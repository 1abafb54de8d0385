/** Keeps up to `width()` promises under way and hands over their results in the order in which they began. */
export async function* inOrder<T>(
  width: () => number,
  next: () => Promise<(() => Promise<T>) | undefined>,
): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  try {
    for (;;) {
      while (running.length < width()) {
        const start = await next();
        if (start === undefined) break;
        const promise = start();
        // A failure is seen when its turn comes.
        promise.catch(() => undefined);
        running.push(promise);
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
