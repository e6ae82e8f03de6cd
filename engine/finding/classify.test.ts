import { describe, expect, it } from 'vitest';
import type { ProcessFacts } from '../machine/machine.ts';
import { classify, type Verdict } from './classify.ts';
import { identityOf } from './identity.ts';

const enginePid = 77;

/** Processes from the outermost to the one on the GPU, as command lines; the first is a child of the first process of all. */
function chainOf(commands: readonly string[], environment: ProcessFacts['environment'] = {}): readonly ProcessFacts[] {
  return commands
    .map((command, i) => ({
      pid: 100 + i,
      parentPid: i === 0 ? 1 : 99 + i,
      startedTicks: 5000 + i,
      name: '',
      command: command.split(' '),
      cwd: '/home/a/vision',
      isOurs: true,
      user: 'kai',
      environment,
    }))
    .reverse();
}

const verdictOf = (...commands: readonly string[]): Verdict => classify(chainOf(commands), enginePid);

function trainingOf(commands: readonly string[], environment: ProcessFacts['environment'] = {}) {
  const verdict = classify(chainOf(commands, environment), enginePid);
  if (verdict.kind !== 'training') throw new Error(`${commands.at(-1)} is ${verdict.reason}`);
  return {
    ...verdict,
    root: verdict.launch.at(-1)?.command.join(' '),
    ...identityOf(verdict.launch, verdict.isSession),
  };
}

describe('a process on a GPU', () => {
  it('is the rank of a torchrun that somebody typed into a shell', () => {
    const { root, name, command, isLikely, isSession, keys } = trainingOf([
      'tmux: server',
      '-bash',
      '/usr/bin/python3 /opt/conda/bin/torchrun --nproc-per-node 4 src/train_sft.py --lr 3e-4',
      '/usr/bin/python3 -u src/train_sft.py --lr 3e-4',
    ]);
    expect(root).toBe('/usr/bin/python3 /opt/conda/bin/torchrun --nproc-per-node 4 src/train_sft.py --lr 3e-4');
    expect(name).toBe('train_sft');
    expect(command[1]).toBe('/opt/conda/bin/torchrun');
    expect([isLikely, isSession]).toEqual([true, false]);
    expect(keys).toEqual(['root 102 5002']);
  });

  it.each<readonly [string, readonly string[], string, string]>([
    ['a script in a shell', ['/usr/bin/zsh', 'python train.py'], 'python train.py', 'train'],
    ['a module', ['-bash', 'python3.11 -m pkg.train --epochs 3'], 'python3.11 -m pkg.train --epochs 3', 'pkg.train'],
    [
      'accelerate',
      ['-bash', 'python /v/bin/accelerate launch run_clm.py', 'python run_clm.py'],
      'python /v/bin/accelerate launch run_clm.py',
      'run_clm',
    ],
    [
      'accelerate as a module',
      ['bash', 'python -m accelerate.commands.launch a.py', 'python a.py'],
      'python -m accelerate.commands.launch a.py',
      'a',
    ],
    [
      'deepspeed, with its two launchers',
      [
        'bash',
        'python /usr/bin/deepspeed ds.py',
        'python -u -m deepspeed.launcher.launch --world_info=e30= ds.py',
        'python -u ds.py --local_rank=0',
      ],
      'python /usr/bin/deepspeed ds.py',
      'ds',
    ],
    [
      'torch.distributed.run',
      ['bash', 'python -m torch.distributed.run t.py', 'python -u t.py'],
      'python -m torch.distributed.run t.py',
      't',
    ],
    ['mpirun', ['bash', 'mpirun -np 2 python hvd.py', 'python hvd.py'], 'mpirun -np 2 python hvd.py', 'hvd'],
    ['mpirun on another host', ['sshd: a@notty', 'orted -mca ess env', 'python hvd.py'], 'orted -mca ess env', 'hvd'],
    ['a task of a SLURM step', ['/usr/sbin/slurmstepd', 'python train.py'], 'python train.py', 'train'],
    [
      'a batch script',
      ['slurmstepd: [7.batch]', '/bin/bash /var/spool/slurmd/job7/slurm_script', 'torchrun t.py', 'python t.py'],
      'torchrun t.py',
      't',
    ],
    ['uv', ['fish', 'uv run train.py', '/x/.venv/bin/python3 train.py'], 'uv run train.py', 'train'],
    [
      'conda run, through a shell',
      ['bash', 'python /c/bin/conda run -n t python t.py', 'bash /tmp/tmpx.sh', 'python t.py'],
      'python /c/bin/conda run -n t python t.py',
      't',
    ],
    ['nohup and nice', ['bash', 'nohup nice -n 5 python t.py', 'python t.py'], 'nohup nice -n 5 python t.py', 't'],
    ['sudo', ['bash', 'sudo python t.py', 'python t.py'], 'sudo python t.py', 't'],
    ['cron', ['/usr/sbin/CRON -f', '/bin/sh -c python_t.py', 'python /srv/t.py'], 'python /srv/t.py', 't'],
    ['a container', ['/usr/bin/containerd-shim-runc-v2 -id x', 'python train.py'], 'python train.py', 'train'],
    [
      'VS Code’s terminal',
      ['/usr/share/code/code --type=utility', '/bin/bash --init-file x', 'python train.py'],
      'python train.py',
      'train',
    ],
    [
      'an agent of a sweep',
      ['bash', 'python /usr/bin/wandb agent a/b/c', '/usr/bin/python train.py --lr=0.1'],
      '/usr/bin/python train.py --lr=0.1',
      'train',
    ],
    [
      'a workflow engine',
      ['bash', 'python /usr/bin/snakemake -j 4', '/bin/bash -c x', 'python fit.py'],
      'python fit.py',
      'fit',
    ],
    ['make', ['bash', 'make train', '/bin/sh -c python', 'python fit.py'], 'python fit.py', 'fit'],
    [
      'a script of many runs',
      ['bash', 'bash sweep.sh', 'python train.py --seed 3'],
      'python train.py --seed 3',
      'train',
    ],
    [
      'a Python that starts others one by one',
      ['bash', 'python scheduler.py', 'python train.py'],
      'python train.py',
      'train',
    ],
    ['workers that were forked', ['bash', 'python train.py', 'python train.py'], 'python train.py', 'train'],
    ['a program in C++', ['bash', './build/trainer --config a.toml'], './build/trainer --config a.toml', 'trainer'],
    [
      'Julia',
      ['bash', '/opt/julia-1.11/bin/julia --project fit.jl'],
      '/opt/julia-1.11/bin/julia --project fit.jl',
      'fit',
    ],
    ['gdb', ['bash', 'gdb --args python t.py', 'python t.py'], 'gdb --args python t.py', 't'],
    [
      'axolotl',
      ['bash', 'python /v/bin/axolotl train cfg.yml', 'python -m axolotl.cli.train cfg.yml'],
      'python /v/bin/axolotl train cfg.yml',
      'axolotl.cli.train',
    ],
  ])('is found below %s', (_, commands, root, name) => expect(trainingOf(commands)).toMatchObject({ root, name }));

  it('is a worker that Python’s multiprocessing spawned, of the script above it', () => {
    const code = 'from multiprocessing.spawn import spawn_main';
    const chain = chainOf(['-bash', 'python train_ddp.py', 'python']).map((facts) =>
      facts.pid === 102 ? { ...facts, command: ['/usr/bin/python3', '-c', code, '--multiprocessing-fork'] } : facts,
    );
    const verdict = classify(chain, enginePid);
    expect(verdict.kind === 'training' && verdict.launch.at(-1)?.pid).toBe(101);
    expect(verdict.kind === 'training' && identityOf(verdict.launch, false).name).toBe('train_ddp');
  });

  it('is a rank below a launcher of the user’s own', () =>
    expect(trainingOf(['bash', 'python my_launch.py', 'python worker.py'], { RANK: '1' }).root).toBe(
      'python my_launch.py',
    ));

  it('is no rank of a program that starts launchers: each of these begins a run', () => {
    const rank = ['python3 sweep.py', 'torchrun --standalone a.py', 'python a.py'];
    const chain = chainOf(rank).map((facts) => (facts.pid === 102 ? { ...facts, environment: { RANK: '0' } } : facts));
    const verdict = classify(chain, enginePid);
    expect(verdict.kind === 'training' && verdict.launch.at(-1)?.pid).toBe(101);
  });

  it('is one of those that a script below a wrapper starts one after another', () => {
    for (const wrapper of ['timeout 24h', 'uv run', 'nohup', 'sudo -u kai'])
      expect(trainingOf([`${wrapper} bash sweep.sh`, 'bash sweep.sh', 'python a.py']).root).toBe('python a.py');
    expect(trainingOf(['srun bash job.sh', 'bash job.sh', 'python a.py']).root).toBe('srun bash job.sh');
    expect(trainingOf(['timeout 1h python a.py', 'python a.py']).root).toBe('timeout 1h python a.py');
  });

  it('is a worker of a pool of joblib’s, called by the script above it', () => {
    const worker = 'python3 -m joblib.externals.loky.backend.popen_loky_posix --process-name LokyProcess-1';
    expect(trainingOf(['-bash', 'python3 hpo.py', worker])).toMatchObject({ root: 'python3 hpo.py', name: 'hpo' });
  });

  it('is called by its folder where its command says nothing', () => {
    expect(trainingOf(['-bash', 'python3 src/']).name).toBe('src');
    expect(trainingOf(['-bash', 'python3 .']).name).toBe('vision');
    expect(trainingOf(['-bash', 'python3 -c x=1']).name).toBe('vision');
  });

  it('is never below this program', () => {
    const chain = chainOf(['uv run x.py', 'uv run y.py', 'python y.py']).map((facts) =>
      facts.pid === 101 ? { ...facts, pid: enginePid } : facts,
    );
    const verdict = classify(chain, enginePid);
    expect(verdict.kind === 'training' && verdict.launch).toHaveLength(1);
  });

  it.each([
    ['desktop', '/usr/lib/xorg/Xorg :0 vt2'],
    ['desktop', '/usr/bin/gnome-shell --mode=user'],
    ['desktop', '/opt/google/chrome/chrome --type=gpu-process'],
    ['desktop', '/usr/lib/firefox/firefox -contentproc'],
    ['desktop', '/usr/share/code/code --type=gpu-process'],
    ['desktop', '/home/a/.steam/steamwebhelper -gpu'],
    ['desktop', '/usr/bin/obs'],
    ['desktop', 'kwin_wayland --xwayland'],
    ['desktop', 'C:\\Windows\\System32\\dwm.exe'],
    ['desktop', 'C:\\Windows\\explorer.exe'],
    ['desktop', 'ffmpeg -hwaccel cuda -i a.mp4 b.mp4'],
    ['tool', '/usr/bin/nvidia-cuda-mps-server'],
    ['tool', '/usr/bin/nvidia-smi -l 1'],
    ['server', '/usr/local/bin/ollama runner --model x'],
    ['server', '/usr/bin/python3 /usr/local/bin/vllm serve meta/x'],
    ['server', 'python -m vllm.entrypoints.openai.api_server --model x'],
    ['server', 'VLLM::EngineCore'],
    ['server', 'VLLM::Worker_TP1'],
    ['server', 'VLLM::EngineCore_DP0'],
    ['server', 'sglang::scheduler_TP0'],
    ['server', 'python -m sglang.launch_server --model x'],
    ['server', '/opt/tritonserver/bin/tritonserver --model-repository=/m'],
    ['server', './llama-server -m x.gguf'],
    ['server', 'python /usr/bin/uvicorn app:app'],
    ['server', 'python /v/bin/trl vllm-serve --model /models/x'],
    ['server', 'python /v/bin/trtllm-serve /models/x'],
    ['server', 'python -m mlc_llm serve x'],
    ['server', 'python -m lmdeploy serve api_server x'],
    ['server', 'python -m sglang_router.launch_server --model x'],
    ['server', 'python /v/bin/fastapi run app.py'],
    ['server', 'python /v/bin/open-webui serve'],
    ['server', 'ray::ServeReplica:default:App'],
    ['server', 'ray::RayWorkerWrapper.execute_method'],
    ['desktop', '/usr/libexec/gnome-remote-desktop-daemon'],
    ['desktop', '/usr/bin/evince a.pdf'],
    ['desktop', '/usr/libexec/xdg-desktop-portal-gtk'],
  ])('is none: %s, %s', (reason, command) => expect(verdictOf('-bash', command)).toEqual({ kind: 'other', reason }));

  it('is none where a server forked it', () =>
    expect(
      verdictOf('bash', 'python -m vllm.entrypoints.openai.api_server', 'python -m vllm.entrypoints.openai.api_server'),
    ).toEqual({
      kind: 'other',
      reason: 'server',
    }));

  it('is none that cannot be read', () =>
    expect(classify([], enginePid)).toEqual({ kind: 'other', reason: 'unknown' }));
});

describe('a notebook', () => {
  const kernel = '/v/bin/python -Xfrozen_modules=off -m ipykernel_launcher -f /home/a/kernel-1.json';
  it('is a session, called by its notebook', () => {
    const commands = ['/v/bin/python /v/bin/jupyter-lab', kernel];
    expect(trainingOf(commands, { JPY_SESSION_NAME: '/home/a/nets/Fine tuning.ipynb' })).toMatchObject({
      name: 'Fine tuning',
      root: kernel,
      isSession: true,
    });
    expect(trainingOf(commands).name).toBe('notebook');
  });

  it('is not what a script that it starts hangs below', () =>
    expect(trainingOf([kernel, '/bin/bash -c x', 'python train.py'])).toMatchObject({
      root: 'python train.py',
      isSession: false,
    }));

  it('is no prompt, but a prompt is a session too', () => {
    expect(trainingOf(['-bash', 'python3'])).toMatchObject({ isSession: true, name: 'python' });
    expect(trainingOf(['-bash', 'python3 /usr/bin/ipython'])).toMatchObject({ isSession: true });
    for (const words of [
      '-i train.py',
      'kernel -f /run/x.json',
      '--matplotlib qt',
      '--profile work',
      'kernel -f x.ipynb',
    ])
      expect(trainingOf(['-bash', `python3 /usr/bin/ipython ${words}`])).toMatchObject({ isSession: true });
  });

  it.each([
    ['python3 /usr/bin/ipython train.py --lr 1', 'train'],
    ['ipython --pdb src/train.py', 'train'],
    ['ipython --matplotlib qt train.py -i data', 'train'],
    ['ipython -m pkg.train', 'pkg.train'],
    ['python3 -', 'vision'],
  ])('is not what a prompt is given to run: %s', (command, name) => {
    expect(trainingOf(['-bash', command])).toMatchObject({ isSession: false, name });
  });
});

describe('what makes processes one run', () => {
  const keysOf = (environment: ProcessFacts['environment'], parent = '/usr/sbin/slurmstepd') =>
    trainingOf([parent, 'python t.py'], environment).keys.slice(1);

  it.each<readonly [string, ProcessFacts['environment'], readonly string[]]>([
    ['a torchrun id', { TORCHELASTIC_RUN_ID: 'a1b2' }, ['torchrun a1b2']],
    [
      'a torchrun id at its address, for ids are chosen twice',
      { TORCHELASTIC_RUN_ID: '100', MASTER_ADDR: 'n1', MASTER_PORT: '29700' },
      ['torchrun 100 at n1:29700'],
    ],
    ['not the id that torchrun has when it was given none', { TORCHELASTIC_RUN_ID: 'none' }, []],
    ['a step of a SLURM job', { SLURM_JOB_ID: '4711', SLURM_STEP_ID: '0' }, ['slurm 4711.0']],
    ['not the step that stands for a batch script', { SLURM_JOB_ID: '4711', SLURM_STEP_ID: '4294967291' }, []],
    [
      'a rendezvous',
      { RANK: '0', WORLD_SIZE: '4', MASTER_ADDR: 'n1', MASTER_PORT: '29500' },
      ['rendezvous n1:29500 of 4'],
    ],
    ['not a job of Ray’s that is no worker of Ray Train’s', { RAY_JOB_ID: '02000000', RAY_RAYLET_PID: '55' }, []],
    ['not a rendezvous with oneself', { RANK: '0', WORLD_SIZE: '1', MASTER_ADDR: 'n1', MASTER_PORT: '29500' }, []],
  ])('is %s', (_, environment, keys) => expect(keysOf(environment)).toEqual(keys));

  it('is a job of Ray’s, for the workers of Ray Train', () => {
    const keys = (RAY_JOB_ID: string) =>
      trainingOf(['raylet', 'ray::_RayTrainWorker__execute.get_next'], { RAY_JOB_ID, RAY_RAYLET_PID: '55' }).keys.slice(
        1,
      );
    expect(keys('02000000')).toEqual(['ray 55 02000000']);
    expect(keys('ffffffff')).toEqual([]);
  });

  it('is a rendezvous of its own loopback in each container', () => {
    const environment = { RANK: '0', WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '29500' };
    const below = (pid: number) => {
      const chain = chainOf(['containerd-shim-runc-v2 -id x', 'python t.py'], environment);
      const verdict = classify(
        chain.map((facts) => (facts.pid === 100 ? { ...facts, pid } : facts)),
        enginePid,
      );
      return verdict.kind === 'training' ? verdict.keys.slice(1) : [];
    };
    expect(below(50)).toEqual(['rendezvous 127.0.0.1:29500 in 50 of 2']);
    expect(below(60)).not.toEqual(below(50));
    expect(keysOf(environment, '-bash')).toEqual(['rendezvous 127.0.0.1:29500 of 2']);
  });

  it('is not a SLURM step whose shell starts several', () =>
    expect(keysOf({ SLURM_JOB_ID: '4711', SLURM_STEP_ID: '0' }, '-bash')).toEqual([]));

  it('is told in tags', () =>
    expect(
      trainingOf(['slurmstepd', 'python t.py'], {
        SLURM_JOB_ID: '9',
        SLURM_JOB_NAME: 'big',
        WORLD_SIZE: '8',
        TORCHELASTIC_RUN_ID: 'none',
      }).tags,
    ).toEqual({
      slurm_job_id: '9',
      slurm_job_name: 'big',
      world_size: '8',
    }));
});
