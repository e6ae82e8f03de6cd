const { contextBridge, ipcRenderer } = require('electron');

let canRequireFs = true;
try {
  require('node:fs');
} catch {
  canRequireFs = false;
}

contextBridge.exposeInMainWorld('fixture', {
  canRequireFs,
  call: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  add: (a, b) => a + b,
  fail: () => {
    throw new Error('thrown in the preload');
  },
  onTick: (listener) => {
    const forward = (_event, tick) => listener(tick);
    ipcRenderer.on('tick', forward);
    return () => ipcRenderer.removeListener('tick', forward);
  },
});
