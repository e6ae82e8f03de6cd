/** The promise's value, or 'timeout'. The work itself is not stopped: what cannot be cancelled is left behind. */
export async function withTimeout<T>(work: Promise<T>, limitMs: number): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'timeout');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
