import type { Engine } from '../engine.ts';
import type { SessionHub } from './sessions.ts';

export interface EngineServerOptions {
  readonly engine: Engine;
  readonly hub: SessionHub;
  readonly host: string;
  readonly port: number;
  /** Tried first where `port` is 0; null: none. */
  readonly usualPort?: number | null;
  readonly version: string;
  /** Folder of the built UI; null: the API alone. */
  readonly uiDirectory: string | null;
  /** One that clients may have from before; absent: a new one. */
  readonly token?: string;
  readonly log: (message: string) => void;
}
