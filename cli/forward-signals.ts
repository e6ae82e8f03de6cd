import type { ChildProcess } from 'node:child_process';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH'] as const;
const typed: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/**
 * Signals sent to us go on to the child, until the function given back is called. One typed at the terminal reaches the whole foreground group by itself:
 * there the child has had its own already, and a second one would be one too many (a trainer that saves at the first Ctrl-C and gives up at the second).
 */
export function forwardSignals(
  child: ChildProcess,
  onResize: () => void = () => {},
  onResume: () => void = () => {},
): () => void {
  // With its input from a file or a pipe the job is still in the foreground of the terminal that its output goes to.
  const isTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const listeners = forwarded.map((signal) => {
    const listener = (): void => {
      // The command may have looked at its window before it was given the new size: it is told again.
      if (signal === 'SIGWINCH') onResize();
      if (signal === 'SIGCONT') onResume();
      const isTheirsAlready = isTerminal && typed.includes(signal) && signal !== 'SIGWINCH';
      if (!isTheirsAlready) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}
