interface Begun<T> {
  readonly result: Promise<T>;
  /** Resolves once there is a result or a failure, which is seen when its turn comes. */
  readonly ended: Promise<void>;
  isDone: boolean;
}

/** So many times as many as run may have begun: those that are done wait there for the one whose turn it is. */
const mostBegun = 2;

/**
 * Keeps up to `width()` promises under way and hands over their results in the order in which they began. One that takes
 * long holds up the others only once as many results wait behind it.
 */
export async function* inOrder<T>(
  width: () => number,
  next: () => Promise<(() => Promise<T>) | undefined>,
): AsyncGenerator<T> {
  const begun: Begun<T>[] = [];
  let isLast = false;
  const running = (): Begun<T>[] => begun.filter(({ isDone }) => !isDone);
  const hasRoom = (): boolean => !isLast && begun.length < mostBegun * width();
  const fill = async (): Promise<void> => {
    while (hasRoom() && running().length < width()) {
      const start = await next();
      if (start === undefined) isLast = true;
      else begun.push(begin(start));
    }
  };
  try {
    for (;;) {
      await fill();
      while (hasRoom() && !begun[0]!.isDone) {
        await Promise.race(running().map(({ ended }) => ended));
        if (!begun[0]!.isDone) await fill();
      }
      const first = begun.shift();
      if (first === undefined) return;
      yield await first.result;
    }
  } finally {
    await Promise.all(begun.map(({ ended }) => ended));
  }
}

function begin<T>(start: () => Promise<T>): Begun<T> {
  const result = start();
  const end = (): void => {
    begun.isDone = true;
  };
  const begun: Begun<T> = { result, ended: result.then(end, end), isDone: false };
  return begun;
}
