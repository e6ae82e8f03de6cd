import { printable } from '../machine/process-facts.ts';

/** Variables that change how, or on what, a training program computes. Nothing else of an environment is ever kept. */
const names: ReadonlySet<string> = new Set(
  [
    'CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER CUDA_LAUNCH_BLOCKING CUDA_MODULE_LOADING CUDA_DEVICE_MAX_CONNECTIONS CUBLAS_WORKSPACE_CONFIG',
    'NVIDIA_VISIBLE_DEVICES NVIDIA_TF32_OVERRIDE HIP_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES GPU_DEVICE_ORDINAL HSA_OVERRIDE_GFX_VERSION',
    'ZE_AFFINITY_MASK ONEAPI_DEVICE_SELECTOR PYTORCH_CUDA_ALLOC_CONF PYTORCH_HIP_ALLOC_CONF PYTORCH_ALLOC_CONF PYTORCH_ENABLE_MPS_FALLBACK',
    'OMP_NUM_THREADS OMP_PROC_BIND OMP_PLACES MKL_NUM_THREADS OPENBLAS_NUM_THREADS NUMEXPR_NUM_THREADS KMP_AFFINITY KMP_BLOCKTIME GOMP_CPU_AFFINITY',
    'XLA_FLAGS XLA_PYTHON_CLIENT_MEM_FRACTION XLA_PYTHON_CLIENT_PREALLOCATE XLA_PYTHON_CLIENT_ALLOCATOR JAX_PLATFORMS JAX_ENABLE_X64',
    'RANK LOCAL_RANK GROUP_RANK NODE_RANK WORLD_SIZE LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT',
    'SLURM_JOB_ID SLURM_JOB_NAME SLURM_JOB_PARTITION SLURM_JOB_NODELIST SLURM_JOB_NUM_NODES SLURM_NNODES SLURM_NTASKS SLURM_NODEID SLURM_PROCID',
    'SLURM_LOCALID SLURM_STEP_ID SLURM_ARRAY_JOB_ID SLURM_ARRAY_TASK_ID SLURM_CPUS_PER_TASK SLURM_GPUS SLURM_GPUS_ON_NODE SLURM_MEM_PER_NODE',
    'HF_HOME HF_DATASETS_CACHE HF_HUB_OFFLINE TRANSFORMERS_CACHE TRANSFORMERS_OFFLINE TOKENIZERS_PARALLELISM ACCELERATE_MIXED_PRECISION',
    'VIRTUAL_ENV CONDA_DEFAULT_ENV CONDA_PREFIX PYTHONHASHSEED',
  ].flatMap((line) => line.split(' ')),
);
const families = ['NCCL_', 'RCCL_', 'TORCH_', 'TORCHELASTIC_', 'TORCHINDUCTOR_', 'TORCHDYNAMO_', 'TF_', 'MIOPEN_'];

/** Terraform's variables begin as TensorFlow's do, and hold what a user gives it: credentials among them. */
const terraform =
  /^TF_(VAR|CLI|TOKEN|LOG|DATA_DIR|WORKSPACE|INPUT|IN_AUTOMATION|PLUGIN|REGISTRY|CLOUD|REATTACH|STATE|IGNORE)(_|$)/;

const mostVariables = 100;
const mostCharacters = 1000;

/** What matters to training of an environment, by name in alphabetical order. What looks like a secret, by its name or its value, is left out. */
export function trainingVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && isKept(entry[0], entry[1]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, mostVariables)
    .map(([name, value]) => [name, printable(value).slice(0, mostCharacters)]);
  return Object.fromEntries(kept);
}

function isKept(name: string, value: string): boolean {
  const isNamed =
    names.has(name) || (/^[A-Z0-9_]{1,80}$/.test(name) && families.some((start) => name.startsWith(start)));
  return isNamed && value !== '' && !terraform.test(name) && !isSecretName(name) && !isSecretValue(value);
}

const isSecretName = (name: string): boolean =>
  /TOKEN(?!IZERS)|SECRET|PASSW|PASSPHRASE|CREDENTIAL|COOKIE|PRIVATE|(^|_)(API_?KEY|KEY|AUTH|PWD)(_|$)/.test(name);

/** Begins of keys that services give out, an address with a password in it, a parameter named as one, a private key in PEM. */
const secretShapes = [
  /(^|[^A-Za-z0-9])(hf_|sk-|gh[opsur]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|ya29\.|eyJ[A-Za-z0-9_-]{8}|npm_|pypi-)/,
  /:\/\/[^/\s@]*:[^/\s@]*@/,
  /(token|secret|passw(or)?d|passphrase|api[_-]?key|credential)s?["']?\s*[=:]/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /^bearer\s/i,
];
/** Devices are named so: 'GPU-8a6b1c2d-…', and a MIG slice. */
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const leastRandomCharacters = 20;

function isSecretValue(value: string): boolean {
  if (secretShapes.some((shape) => shape.test(value))) return true;
  // Letters and digits in one long word are what keys look like, and hardly anything that a setting is.
  return (value.replaceAll(uuid, '').match(/[A-Za-z0-9]+/g) ?? []).some(
    (word) => word.length >= leastRandomCharacters && /[A-Za-z]/.test(word) && /\d/.test(word),
  );
}
