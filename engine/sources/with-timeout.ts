/**
 * The promise's value, or 'timeout'. The work itself is not stopped: what cannot be cancelled is left behind. `limit` is in milliseconds, or the moment
 * itself: a timer that is cleared in time wakes the process all the same when it would have been due, so what is done every second shares one.
 */
export async function withTimeout<T>(work: Promise<T>, limit: number | Promise<unknown>): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const late =
    typeof limit === 'number'
      ? new Promise<'timeout'>((resolve) => {
          timer = setTimeout(resolve, limit, 'timeout');
        })
      : limit.then((): 'timeout' => 'timeout');
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
