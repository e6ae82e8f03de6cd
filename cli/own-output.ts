/** What became of what Wattrun itself prints; a wrapped command's output takes another way. */
export interface OwnOutput {
  /** The first failure to write to stdout; null: all of it arrived. */
  lost(): Error | null;
}

/**
 * Keeps a broken stdout or stderr from ending the process in the middle of its work. A reader of stdout that has had enough (`wattrun runs | head`) ends it
 * quietly; any other loss there is said, once, and fails the command. For what stderr does not take there is nobody left to tell.
 */
export function watchOwnOutput(): OwnOutput {
  let lost: Error | null = null;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    if (lost !== null) return;
    lost = error;
    process.exitCode ||= 1;
    process.stderr.write(`wattrun: what it prints could not be written. ${error.message}\n`);
  });
  return { lost: () => lost };
}
