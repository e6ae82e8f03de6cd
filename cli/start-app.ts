import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveCommand } from './commands/serve.ts';
import type { CliContext } from './context.ts';

/** `wattrun` alone: the app. Where Electron cannot start: says so and why, and serves the same UI. */
export async function startApp(context: CliContext): Promise<number> {
  const electron = electronBinary();
  const reason = electron === null ? "Electron's binary is not installed" : (displayReason(context) ?? null);
  if (electron !== null && reason === null) return openElectron(electron);
  context.say(`The desktop app cannot start here (${reason}): serving the same UI in the browser instead.`);
  return serveCommand(context, { host: '127.0.0.1', port: 0, isOpening: true, isJson: false });
}

function displayReason({ environment }: CliContext): string | null {
  if (process.platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display';
  return process.getuid?.() === 0 ? 'Electron refuses to run as root' : null;
}

/** Found by its files: requiring the module would start a download. */
function electronBinary(): string | null {
  const folder = join(import.meta.dirname, '../../node_modules/electron');
  try {
    const executable = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

function openElectron(executable: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(executable, [join(import.meta.dirname, '../..')], { stdio: 'inherit' });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
