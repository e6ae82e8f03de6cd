import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf } from './run-name.ts';

describe('the name of a run', () => {
  it.each([
    ['python train.py --lr 1', 'train'],
    ['torchrun --nproc-per-node=4 src/train_sft.py', 'train_sft'],
    ['python -m pkg.train --epochs 2', 'pkg.train'],
    ['/usr/bin/bash ./run.sh', 'run'],
    ['/opt/bin/trainer --fast', 'trainer'],
    ['C:\\Python\\python.exe D:\\work\\fit.py', 'fit'],
    ['julia fit.jl', 'fit'],
    ['/usr/lib/R/bin/exec/R --no-echo --no-restore --file=src/train.R', 'train'],
    ['python -m torch.distributed.run --nproc_per_node 8 --master_port 29500 train.py --amp', 'train'],
    ['/usr/bin/python3 /opt/conda/bin/torchrun --nnodes 2 --node_rank 1 pretrain.py', 'pretrain'],
    ['torchrun --standalone --nproc-per-node 2 -m pkg.finetune --config a.yaml', 'pkg.finetune'],
    ['accelerate launch --config_file fsdp.yaml --num_processes 8 run_clm.py --model gpt2', 'run_clm'],
    ['python -m accelerate.commands.launch --mixed_precision bf16 run_glue.py', 'run_glue'],
    [
      '/usr/bin/python3.10 /usr/local/bin/deepspeed --include localhost:0,1 --master_port 29501 train_ds.py',
      'train_ds',
    ],
    [
      '/usr/bin/python -u -m deepspeed.launcher.launch --world_info=e30= --master_addr=1.2.3.4 ds_train.py --deepspeed',
      'ds_train',
    ],
    ['mpirun -np 8 -H a:4,b:4 python -u hvd_train.py', 'hvd_train'],
    ['srun --gpus 4 -N 2 torchrun --nproc-per-node 4 fsdp.py', 'fsdp'],
    ['uv run --with torch train.py', 'train'],
    ['uv run accelerate launch sft.py', 'sft'],
    ['conda run -n torch --no-capture-output python exp/train_vit.py', 'train_vit'],
    ['env CUDA_VISIBLE_DEVICES=0 python train.py', 'train'],
    ['numactl -m 0 -N 0 python bind.py', 'bind'],
    ['nsys profile -o out python prof.py', 'prof'],
    ['srun ./bin/lammps -in melt.in', 'lammps'],
    ['python -X faulthandler -W ignore -u train.py', 'train'],
    ['python train.py -m resnet50', 'train'],
    ['Rscript model.R', 'model'],
    ['python3 -c print(1)', 'python3'],
    ['sh -c sleep\u00a05', 'sh'],
    ['MyTrainer --gpu 0', 'MyTrainer'],
  ])('of %j is %j', (command, name) => expect(nameOf(command.split(' '))).toBe(name));

  it('is none for nothing', () => {
    expect(nameOf(null)).toBeNull();
    expect(nameOf([])).toBeNull();
    expect(nameOf([''])).toBeNull();
  });

  it('is no longer than a name may be', () => expect(nameOf([`${'x'.repeat(500)}.py`])).toHaveLength(200));

  it('comes to an end for any words', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('python', 'torchrun', 'uv', 'run', '-m', 'torch.distributed.run', 'env', '-', 'a.py'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const name = nameOf(words);
        expect(name === null || (name.length > 0 && name.length <= 200)).toBe(true);
      }),
    );
  });
});
