import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cliFile, temporaryHome } from './cli.ts';

const { home: root, remove } = temporaryHome();
afterAll(remove);

/** A disk of its own, small enough to fill. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

let count = 0;
/** What `script` prints and says, on a disk that holds the record of a run of 1 s; $W is the command, $DISK the disk, `fill` leaves no room on it. */
function onOwnDisk(script: string): { readonly stdout: string; readonly stderr: string } {
  const disk = join(root, `disk-${count++}`);
  mkdirSync(disk);
  const all = `set -e
    W="$0 $1"; DISK=${disk}; fill() { for size in 64k 512; do dd if=/dev/zero of=$DISK/fill-$size bs=$size 2>&- || true; done; }
    mount -t tmpfs -o size=6m tmpfs $DISK; export WATTRUN_HOME=$DISK/home
    $W run --quiet --name first -- sleep 1
    ${script}`;
  const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', all, process.execPath, cliFile], {
    encoding: 'utf8',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', WATTRUN_NVML: '/nowhere/libnvidia-ml.so.1' },
  });
  return { stdout, stderr };
}

describe.skipIf(!canMount).each([
  { disk: 'full', make: 'fill' },
  { disk: 'read-only', make: 'mount -o remount,ro $DISK' },
])('on a $disk disk', ({ make }) => {
  it('what is on record is read, and sources are looked for', () => {
    const { stdout, stderr } = onOwnDisk(`${make}
      for command in runs projects "show last --json" "export --all --format csv" sensors; do $W $command > /tmp/out-$$ && echo "$command: $(grep -cE 'first|\\(none\\)|not here|answering' /tmp/out-$$)"; done
      rm /tmp/out-$$`);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^runs: 1\nprojects: 1\nshow last --json: [1-9].*\nexport .*: 1\nsensors: [1-9]/);
  });

  it('what would write says why it cannot, and names the folder', () => {
    const { stderr } = onOwnDisk(`${make}
      $W rename last second || true`);
    expect(stderr).toMatch(/(disk of|data at) \S*\/home /);
    expect(stderr).not.toContain('engine.lock');
  });
});

describe.skipIf(!canMount)('a run on a full disk', () => {
  it('is measured from when there is room', () => {
    const { stdout, stderr } = onOwnDisk(`fill
      (sleep 3; rm $DISK/fill-*) &
      $W run --quiet --name second -- sleep 6
      $W runs`);
    expect(stderr).toMatch(
      /^wattrun: this run is not measured yet\. .* is full\. Free some space: it is measured from then on\.$/m,
    );
    expect(stdout).toMatch(/ finished +second /);
  });
});
