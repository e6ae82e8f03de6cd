import { parentPort, workerData } from 'node:worker_threads';

let count = 0;
setInterval(() => {
  count += 1;
  parentPort.postMessage({ count, values: new Float64Array([count, count / 2]) });
}, workerData.tickMs);
