import type { Clock } from '../clock/clock.ts';

/** What the monitor itself costs: CPU time over wall time of one core in the last ten seconds, and resident bytes. */
export function createOverhead(clock: Clock): {
  read(): { readonly cpuRatio: number | null; readonly memoryBytes: number | null };
} {
  const everyMs = 10_000;
  let lastMs = clock.monotonicMs();
  let lastMicroseconds = cpuMicroseconds();
  let latest: { readonly cpuRatio: number | null; readonly memoryBytes: number | null } = {
    cpuRatio: null,
    memoryBytes: process.memoryUsage.rss(),
  };
  return {
    read() {
      const elapsedMs = clock.monotonicMs() - lastMs;
      if (elapsedMs < everyMs) return latest;
      const microseconds = cpuMicroseconds();
      latest = {
        cpuRatio: (microseconds - lastMicroseconds) / 1000 / elapsedMs,
        memoryBytes: process.memoryUsage.rss(),
      };
      lastMs += elapsedMs;
      lastMicroseconds = microseconds;
      return latest;
    },
  };
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
