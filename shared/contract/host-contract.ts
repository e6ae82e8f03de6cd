import { z } from 'zod';
import { languageSettingSchema } from '../model/settings.ts';
import type { Contract } from './contract.ts';

const nothing = z.object({});

/** What only a desktop shell can do. In a browser there is no such host, and the UI shows no button for it. */
export const hostContract = {
  name: 'host',
  requests: {
    'host.describe': {
      payload: nothing,
      result: z.object({
        shell: z.string(),
        platform: z.string(),
        canNotify: z.boolean(),
        windowControls: z.enum(['system', 'none']),
      }),
    },
    /** Asks where to, pulls the export from the engine and writes it beside, then renames. `path` null: cancelled. */
    'host.saveExport': {
      payload: z.object({
        format: z.string(),
        runIds: z.array(z.string()).min(1).nullable(),
        project: z.string().nullish(),
      }),
      result: z.object({ path: z.string().nullable() }),
    },
    'host.showFile': { payload: z.object({ path: z.string() }), result: nothing },
    'host.showDataDirectory': { payload: nothing, result: nothing },
    'host.copyText': { payload: z.object({ text: z.string() }), result: nothing },
    /** The small window above the others: opened, or brought to the front. */
    'host.openMini': { payload: nothing, result: nothing },
    'host.closeMini': { payload: nothing, result: nothing },
    'host.pinMini': { payload: z.object({ isPinned: z.boolean() }), result: nothing },
    /** The app's window to the front. */
    'host.showApp': { payload: nothing, result: nothing },
    'host.setLanguage': { payload: z.object({ language: languageSettingSchema }), result: nothing },
    'host.setTheme': { payload: z.object({ theme: z.enum(['system', 'light', 'dark', 'contrast']) }), result: nothing },
  },
  events: {
    /** The menu or the tray asks the UI to go somewhere: '/live', '/runs/ID', '/settings'. */
    'host.navigate': z.object({ path: z.string() }),
    /** The engine behind the window went away or came back. */
    'host.engine': z.object({ isConnected: z.boolean() }),
  },
} as const satisfies Contract;

export type HostContract = typeof hostContract;
