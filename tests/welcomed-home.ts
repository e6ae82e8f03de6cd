import { existsSync } from 'node:fs';
import { recordPath } from '../engine/ownership/data-directory.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';

/** Makes a data directory one whose user has seen the welcome, so that the app opens where it always does. Leaves one that is there as it is. */
export function prepareWelcomedHome(home: string): void {
  const path = recordPath(home);
  if (existsSync(path)) return;
  const store = createSqliteStore({ path, nowMs: Date.now() });
  store.writeSettings({ ...store.readSettings(), isWelcomed: true });
  store.close();
}
