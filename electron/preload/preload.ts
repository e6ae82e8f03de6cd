import { contextBridge, ipcRenderer } from 'electron';
import { pipeChannels } from './channels.ts';

/** Messages go as text, so that the main process can refuse a large one before it reads it. */
function send(message: unknown): void {
  ipcRenderer.send(pipeChannels.toHost, JSON.stringify(message));
}

function onMessage(listener: (message: unknown) => void): () => void {
  const forward = (_event: unknown, message: unknown): void => listener(message);
  ipcRenderer.on(pipeChannels.toPage, forward);
  return () => {
    ipcRenderer.removeListener(pipeChannels.toPage, forward);
  };
}

ipcRenderer.send(pipeChannels.opened);
contextBridge.exposeInMainWorld('wattrun', { send, onMessage });
