import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingVariables } from './training-variables.ts';

describe('what is kept of an environment', () => {
  it('is what matters to training, by name, and nothing else', () => {
    expect(
      trainingVariables({
        WORLD_SIZE: '8',
        CUDA_VISIBLE_DEVICES: 'GPU-8a6b1c2d-1234-4abc-9def-0123456789ab,GPU-8a6b1c2d-1234-4abc-9def-0123456789ac',
        NCCL_SOCKET_IFNAME: 'eth0',
        PYTORCH_CUDA_ALLOC_CONF: 'max_split_size_mb:128,expandable_segments:True',
        HF_HOME: '/data/huggingface_cache_2024/hub',
        TOKENIZERS_PARALLELISM: 'false',
        HOME: '/home/kai',
        PATH: '/usr/bin',
        PS1: '$ ',
        DATABASE_URL: 'postgres://kai:pw@db/x',
        OMP_NUM_THREADS: '',
        MASTER_ADDR: undefined,
      }),
    ).toEqual({
      CUDA_VISIBLE_DEVICES: 'GPU-8a6b1c2d-1234-4abc-9def-0123456789ab,GPU-8a6b1c2d-1234-4abc-9def-0123456789ac',
      HF_HOME: '/data/huggingface_cache_2024/hub',
      NCCL_SOCKET_IFNAME: 'eth0',
      PYTORCH_CUDA_ALLOC_CONF: 'max_split_size_mb:128,expandable_segments:True',
      TOKENIZERS_PARALLELISM: 'false',
      WORLD_SIZE: '8',
    });
  });

  it.each([
    ['a token', 'HF_TOKEN', 'x'],
    ['a token of a family that is kept', 'TORCH_HUB_TOKEN', 'x'],
    ['a key', 'TF_API_KEY', 'x'],
    ['a key without API', 'NCCL_AUTH_KEY', 'x'],
    ['a password', 'TF_PASSWORD', 'x'],
    ['a secret', 'TORCH_SECRET', 'x'],
    ['a cloud’s key', 'AWS_SECRET_ACCESS_KEY', 'x'],
    ['Terraform’s', 'TF_VAR_region', 'x'],
    ['a key of Weights & Biases', 'WANDB_API_KEY', 'x'],
  ])('is never %s, by its name', (_, name, value) => expect(trainingVariables({ [name]: value })).toEqual({}));

  it.each([
    ['hf_AbCdEfGhIjKlMnOpQrStUvWxYz'],
    ['sk-proj-abc'],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['/cache/AKIAIOSFODNN7EXAMPLE'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc'],
    ['0123456789abcdef0123456789abcdef01234567'],
    ['https://kai:secret@host/cache'],
    ['https://host/cache?token=1'],
    ['{"password": "x"}'],
    ['Bearer x'],
    ['-----BEGIN RSA PRIVATE KEY-----'],
  ])('is never what looks like a secret: %s', (value) => expect(trainingVariables({ TF_CONFIG: value })).toEqual({}));

  it('turns no line around and moves no cursor', () =>
    expect(trainingVariables({ NCCL_DEBUG: '\u001b[31mINFO\u202e\n' })).toEqual({ NCCL_DEBUG: 'INFO ' }));

  it('is bounded, whatever an environment holds', () =>
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().map((text) => `NCCL_${text}`),
          fc.string({ maxLength: 3000 }),
        ),
        (all) => {
          const kept = Object.entries(trainingVariables(all));
          expect(kept.length).toBeLessThanOrEqual(100);
          for (const [name, value] of kept) {
            expect(name).toMatch(/^NCCL_[A-Z0-9_]*$/);
            expect(value.length).toBeLessThanOrEqual(1000);
          }
        },
      ),
    ));
});
