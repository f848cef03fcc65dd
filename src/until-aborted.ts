/**
 * The outcome of a promise, or a rejection with `onAbort()` as soon as the signal is aborted. The
 * SDK's own waits know no signal. What goes on behind an abandoned promise is nobody's any more.
 */
export async function untilAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal,
  onAbort: () => Error,
): Promise<Result> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(onAbort());
    signal.addEventListener("abort", abort);
    if (signal.aborted) {
      abort();
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (abort !== undefined) {
      signal.removeEventListener("abort", abort);
    }
  }
}
