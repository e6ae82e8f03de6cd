/** A pipe for JSON-safe messages, in order, both ways. IPC, WebSocket, MessagePort and memory each plug in as one of these. */
export interface Transport {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  onClose(listener: () => void): () => void;
  close(): void;
}

/** Listeners with unsubscribe, the one little thing every transport needs. */
export function createEmitter<T>(): {
  on(listener: (value: T) => void): () => void;
  emit(value: T): void;
  /** Whether anyone listens: a value that is dear to make need not be made for nobody. */
  isHeard(): boolean;
  clear(): void;
} {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) listener(value);
    },
    isHeard: () => listeners.size > 0,
    clear() {
      listeners.clear();
    },
  };
}
