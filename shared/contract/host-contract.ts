import { z } from 'zod';
import { languageSettingSchema } from '../model/settings.ts';
import type { Contract } from './contract.ts';

const nothing = z.object({});
const jobIdSchema = z.string().min(1).max(64);
/** Characters of one piece of a file: with what is around it still one message of the pipe. */
export const mostBase64 = 700_000;

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
        /** Whether this platform and build can be started with the user's session. */
        canStartAtLogin: z.boolean().default(false),
      }),
    },
    /** Asks where to, pulls the export from the engine and writes it beside, then renames. `path` null: cancelled. */
    'host.saveExport': {
      payload: z.object({
        format: z.string(),
        runIds: z.array(z.string()).min(1).nullable(),
        project: z.string().nullish(),
        /** With it `host.exportProgress` tells how far it is, and `host.cancelExport` ends it. */
        jobId: jobIdSchema.optional(),
      }),
      result: z.object({ path: z.string().nullable() }),
    },
    /** Nothing of it is left on disk; its `host.saveExport` gives null. Without such a job nothing happens. */
    'host.cancelExport': { payload: z.object({ jobId: jobIdSchema }), result: nothing },
    /** Asks where a file that the page makes is to be saved; null: cancelled. Its bytes follow piece by piece. */
    'host.createFile': {
      payload: z.object({
        fileName: z.string().min(1).max(200),
        label: z.string().max(100),
        extension: z.string().regex(/^[a-z0-9]{1,8}$/),
      }),
      result: z.object({ fileId: jobIdSchema.nullable() }),
    },
    'host.appendFile': {
      payload: z.object({ fileId: jobIdSchema, base64: z.base64().max(mostBase64) }),
      result: nothing,
    },
    /** Only now the file has its name; `isComplete` false throws it away. */
    'host.closeFile': {
      payload: z.object({ fileId: jobIdSchema, isComplete: z.boolean() }),
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
    'host.readLogin': { payload: nothing, result: z.object({ isOn: z.boolean() }) },
    /** Whether the app is started, hidden in the tray, with the user's session; gives what the system then says. */
    'host.setLogin': { payload: z.object({ isOn: z.boolean() }), result: z.object({ isOn: z.boolean() }) },
    'host.setLanguage': { payload: z.object({ language: languageSettingSchema }), result: nothing },
    'host.setTheme': { payload: z.object({ theme: z.enum(['system', 'light', 'dark', 'contrast']) }), result: nothing },
  },
  events: {
    /** The menu or the tray asks the UI to go somewhere: '/live', '/runs/ID', '/settings'. */
    'host.navigate': z.object({ path: z.string() }),
    /** How much of an export is written; a few a second. */
    'host.exportProgress': z.object({
      jobId: jobIdSchema,
      fileName: z.string(),
      sizeBytes: z.number().int(),
      doneRatio: z.number().nullable(),
    }),
    /** The engine behind the window went away or came back. */
    'host.engine': z.object({ isConnected: z.boolean() }),
  },
} as const satisfies Contract;

export type HostContract = typeof hostContract;
