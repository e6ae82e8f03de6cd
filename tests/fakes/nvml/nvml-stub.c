/*
 * A stand-in for libnvidia-ml.so.1. Signatures, struct layouts and codes are those of NVIDIA's nvml.h
 * (API 12); power and energy are the closed forms of ../waveform.mjs.
 *
 * NVML_STUB_CONFIG names a file of `key=value` lines ('#' starts a comment), read at every first
 * nvmlInit_v2. Times are milliseconds since phase zero on the real-time clock. A span is FROM:TO; an
 * empty TO means for ever.
 *
 *   driver_version=570.124.06        nvml_version=12.570.124.06
 *   phase_zero_unix_ms=1700000000000
 *   log_file=/tmp/calls.log          one line per call: UNIX_MS SYMBOL GPU_INDEX (-1: no device)
 *   not_supported=SYMBOL,field:186   returns 3; before the first [gpu] for all GPUs, after it for that one
 *   hang=5000:9000                   every call made in the span returns only at its end; repeatable
 *   reloaded=4000                    at this time the driver was reloaded: every call returns 1 until the
 *                                    next nvmlInit_v2, and handles of before are invalid; repeatable
 *   init_fails=0:2000:9              nvmlInit_v2 returns the code in the span; repeatable
 *   [gpu]                            one section a GPU, in index order
 *   uuid=GPU-…   name=…   bus_id=00000000:01:00.0
 *   wave=constant|square|sine|ramp   low_watts= high_watts= period_seconds= duty_ratio=
 *   sensor=average-1s|instant|25ms-per-100ms      update_ms=100
 *   counter_start_millijoules=0      counter_update_ms=20
 *   counter_reset_ms=60000           the counter starts again from 0 at this time
 *   appears_ms=1500                  the driver knows this GPU, and those after it, from then on
 *   limit_watts=350                  default_limit_watts=350
 *   utilization_percent=wave|97      memory_total_mib=24576   memory_used_mib=2048
 *   temperature_celsius=50           sm_clock_mhz=1980        memory_clock_mhz=2619
 *   performance_state=0              clocks_event_reasons=0x0 mig=none|off|on
 *   counter_still=5000:9000          the counter does not move in the span; repeatable
 *   counter_fails=5000:9000          the counter's own call returns 999 in the span; repeatable
 *   counter_falls_ms=3000            the counter is noise that falls at every multiple of this
 *   architecture=9                   nvmlDeviceArchitecture_t, else one that has such a sensor; 0: not known
 *   module_extra_watts=120           the GPU sits in a module that draws so much more: module scope of
 *                                    the power fields, and the counter, are the module's
 *   power_cap_ns= thermal_ns=        perf policies 0 and 1, by nvmlDeviceGetViolationStatus and fields 74, 75
 *   ecc_corrected= ecc_uncorrected=  volatile totals; without them not supported
 *   remapped_rows=3                  without it not supported
 *   remap_pending=1                  remap_failed=1
 *   xid=48@5000                      the event of an XID at this time; repeatable
 *   lost=10000:20000                 every call on this GPU returns 15; repeatable
 *   gpu_hang=5000:9000               every call on this GPU alone returns only at the span's end; repeatable
 *   process=PID,SM_PERCENT,MEMORY_MIB             repeatable; PID may be FILE:/path
 *
 * To leave a symbol out of the library, as an old driver does, compile with -DOMIT_<symbol>.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_GPUS 16
#define MAX_SPANS 16
#define MAX_PROCESSES 32
#define MAX_TEXT 1024
#define EXPORT __attribute__((visibility("default")))

typedef int nvmlReturn_t;
enum {
  NVML_SUCCESS = 0,
  NVML_ERROR_UNINITIALIZED = 1,
  NVML_ERROR_INVALID_ARGUMENT = 2,
  NVML_ERROR_NOT_SUPPORTED = 3,
  NVML_ERROR_NOT_FOUND = 6,
  NVML_ERROR_INSUFFICIENT_SIZE = 7,
  NVML_ERROR_TIMEOUT = 10,
  NVML_ERROR_GPU_IS_LOST = 15,
  NVML_ERROR_UNKNOWN = 999
};
enum { VALUE_TYPE_UNSIGNED_INT = 1, VALUE_TYPE_UNSIGNED_LONG_LONG = 3 };
enum { SCOPE_GPU = 0, SCOPE_MODULE = 1 };
enum { FIELD_POLICY_POWER = 74, FIELD_POLICY_THERMAL = 75, FIELD_TOTAL_ENERGY = 83, FIELD_POWER_AVERAGE = 185, FIELD_POWER_INSTANT = 186 };

typedef struct { char busIdLegacy[16]; unsigned int domain, bus, device, pciDeviceId, pciSubSystemId; char busId[32]; } nvmlPciInfo_t;
typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;
typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } nvmlMemory_v2_t;
typedef struct { unsigned int pid; unsigned long long usedGpuMemory; unsigned int gpuInstanceId, computeInstanceId; } nvmlProcessInfo_v2_t;
typedef struct { unsigned int pid; unsigned long long timeStamp; unsigned int smUtil, memUtil, encUtil, decUtil; } nvmlProcessUtilizationSample_t;
typedef union { double dVal; unsigned int uiVal; unsigned long ulVal; unsigned long long ullVal; long long sllVal; } nvmlValue_t;
typedef struct {
  unsigned int fieldId, scopeId;
  long long timestamp, latencyUsec;
  int valueType;
  nvmlReturn_t nvmlReturn;
  nvmlValue_t value;
} nvmlFieldValue_t;

typedef struct { unsigned long long referenceTime, violationTime; } nvmlViolationTime_t;

typedef struct { double from_ms, to_ms; int code; } Span;
typedef struct { Span items[MAX_SPANS]; int count; } Spans;
typedef struct { char pid[256]; unsigned int sm_percent, memory_mib; } Process;

typedef struct Gpu {
  int index;
  char uuid[96], name[96], bus_id[32], wave[16], sensor[24], mig[8], utilization[16], not_supported[MAX_TEXT];
  double low_watts, high_watts, period_seconds, duty_ratio, update_ms;
  double counter_start_millijoules, counter_update_ms, counter_reset_ms, appears_ms;
  double limit_watts, default_limit_watts;
  unsigned int memory_total_mib, memory_used_mib, temperature_celsius, sm_clock_mhz, memory_clock_mhz, performance_state;
  unsigned long long clocks_event_reasons;
  double counter_falls_ms, architecture, module_extra_watts, power_cap_ns, thermal_ns;
  double ecc_corrected, ecc_uncorrected, remapped_rows, remap_pending, remap_failed;
  Spans lost, counter_still, counter_fails, xids, hang;
  int xids_told;
  Process processes[MAX_PROCESSES];
  int process_count;
} Gpu;
typedef Gpu *nvmlDevice_t;
typedef struct { nvmlDevice_t device; unsigned long long eventType, eventData; unsigned int gpuInstanceId, computeInstanceId; } nvmlEventData_t;
typedef struct EventSet { Gpu *gpus[MAX_GPUS]; int count; } EventSet;
typedef EventSet *nvmlEventSet_t;

static struct {
  char driver_version[80], nvml_version[80], log_file[MAX_TEXT], not_supported[MAX_TEXT];
  double phase_zero_unix_ms;
  Spans hang, init_fails, reloaded;
  Gpu gpus[MAX_GPUS];
  int gpu_count;
} config;
static int init_count = 0;
static double initialised_ms = 0;
static unsigned long long call_count = 0;

/* ---- time and waves --------------------------------------------------------------------------- */

static double unix_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void) { return unix_ms() - config.phase_zero_unix_ms; }

static const Span *find_span(const Spans *spans, double at_ms) {
  for (int i = 0; i < spans->count; i++)
    if (at_ms >= spans->items[i].from_ms && at_ms < spans->items[i].to_ms) return &spans->items[i];
  return NULL;
}

static double power_watts(const Gpu *gpu, double at_seconds) {
  double phase = at_seconds / gpu->period_seconds - floor(at_seconds / gpu->period_seconds);
  if (!strcmp(gpu->wave, "square")) return phase < gpu->duty_ratio ? gpu->high_watts : gpu->low_watts;
  if (!strcmp(gpu->wave, "sine"))
    return (gpu->low_watts + gpu->high_watts) / 2 + (gpu->high_watts - gpu->low_watts) / 2 * sin(2 * M_PI * phase);
  if (!strcmp(gpu->wave, "ramp")) return gpu->low_watts + (gpu->high_watts - gpu->low_watts) * phase;
  return gpu->high_watts;
}

static double energy_since_zero_joules(const Gpu *gpu, double until_seconds) {
  double period = gpu->period_seconds, low = gpu->low_watts, high = gpu->high_watts;
  double periods = floor(until_seconds / period), rest = until_seconds - periods * period;
  if (!strcmp(gpu->wave, "square")) {
    double high_seconds = gpu->duty_ratio * periods * period + fmin(rest, gpu->duty_ratio * period);
    return high * high_seconds + low * (until_seconds - high_seconds);
  }
  if (!strcmp(gpu->wave, "sine"))
    return (low + high) / 2 * until_seconds + (high - low) / 2 * (1 - cos(2 * M_PI * rest / period)) * period / (2 * M_PI);
  if (!strcmp(gpu->wave, "ramp"))
    return (low + high) / 2 * periods * period + low * rest + (high - low) * rest * rest / (2 * period);
  return high * until_seconds;
}

static double mean_watts(const Gpu *gpu, double from_seconds, double to_seconds) {
  return (energy_since_zero_joules(gpu, to_seconds) - energy_since_zero_joules(gpu, from_seconds)) / (to_seconds - from_seconds);
}

static double last_update_seconds(double at_ms, double update_ms) { return floor(at_ms / update_ms) * update_ms / 1e3; }

typedef struct { double draw_watts, average_watts, instant_watts; int has_average; } SensorReading;

static SensorReading read_sensor(const Gpu *gpu, double at_ms) {
  double at = last_update_seconds(at_ms, gpu->update_ms), instant = power_watts(gpu, at);
  if (!strcmp(gpu->sensor, "25ms-per-100ms")) {
    double window = mean_watts(gpu, at - 0.025, at);
    return (SensorReading){window, 0, window, 0};
  }
  if (!strcmp(gpu->sensor, "instant")) return (SensorReading){instant, 0, instant, 0};
  double average = mean_watts(gpu, at - 1, at);
  return (SensorReading){average, average, instant, 1};
}

static double counter_joules_at(const Gpu *gpu, double at_ms) {
  const Span *still = find_span(&gpu->counter_still, at_ms);
  if (still != NULL) at_ms = still->from_ms;
  double at = last_update_seconds(at_ms, gpu->counter_update_ms), reset = gpu->counter_reset_ms / 1e3;
  double module = gpu->module_extra_watts * (at >= reset ? at - reset : fmax(at, 0));
  if (at >= reset) return module + energy_since_zero_joules(gpu, at) - energy_since_zero_joules(gpu, reset);
  return module + fmax(0, gpu->counter_start_millijoules / 1e3 + energy_since_zero_joules(gpu, at));
}

static unsigned long long read_counter_millijoules(const Gpu *gpu, double at_ms) {
  double joules = counter_joules_at(gpu, at_ms);
  if (gpu->counter_falls_ms > 0) joules = fmax(0, 1e6 - floor(at_ms / gpu->counter_falls_ms) * gpu->counter_falls_ms + fmod(joules, 1));
  return (unsigned long long)floor(joules * 1e3 + 0.5);
}

/* ---- configuration ---------------------------------------------------------------------------- */

static void copy_text(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from); }

static void add_span(Spans *spans, const char *text) {
  if (spans->count == MAX_SPANS) return;
  Span *span = &spans->items[spans->count++];
  const char *colon = strchr(text, ':');
  span->from_ms = atof(text);
  span->to_ms = colon == NULL || colon[1] == '\0' || colon[1] == ':' ? INFINITY : atof(colon + 1);
  const char *second = colon == NULL ? NULL : strchr(colon + 1, ':');
  span->code = second == NULL ? 0 : atoi(second + 1);
}

static void add_xid(Spans *xids, const char *text) {
  if (xids->count == MAX_SPANS) return;
  const char *at = strchr(text, '@');
  xids->items[xids->count++] = (Span){at == NULL ? 0 : atof(at + 1), INFINITY, atoi(text)};
}

static void add_process(Gpu *gpu, char *text) {
  if (gpu->process_count == MAX_PROCESSES) return;
  Process *process = &gpu->processes[gpu->process_count++];
  char *state = NULL, *pid = strtok_r(text, ",", &state), *sm = strtok_r(NULL, ",", &state), *mib = strtok_r(NULL, ",", &state);
  copy_text(process->pid, sizeof process->pid, pid == NULL ? "0" : pid);
  process->sm_percent = sm == NULL ? 0 : (unsigned int)atoi(sm);
  process->memory_mib = mib == NULL ? 0 : (unsigned int)atoi(mib);
}

static Gpu *add_gpu(void) {
  if (config.gpu_count == MAX_GPUS) return NULL;
  Gpu *gpu = &config.gpus[config.gpu_count];
  memset(gpu, 0, sizeof *gpu);
  gpu->index = config.gpu_count++;
  snprintf(gpu->uuid, sizeof gpu->uuid, "GPU-00000000-0000-0000-0000-%012d", gpu->index);
  snprintf(gpu->bus_id, sizeof gpu->bus_id, "00000000:%02X:00.0", gpu->index + 1);
  copy_text(gpu->name, sizeof gpu->name, "NVIDIA Stub");
  copy_text(gpu->wave, sizeof gpu->wave, "constant");
  copy_text(gpu->sensor, sizeof gpu->sensor, "average-1s");
  copy_text(gpu->mig, sizeof gpu->mig, "none");
  copy_text(gpu->utilization, sizeof gpu->utilization, "wave");
  gpu->high_watts = 100, gpu->period_seconds = 1, gpu->duty_ratio = 0.5, gpu->update_ms = 100;
  gpu->counter_update_ms = 20, gpu->counter_reset_ms = INFINITY, gpu->appears_ms = -INFINITY;
  gpu->architecture = -1, gpu->ecc_corrected = gpu->ecc_uncorrected = gpu->remapped_rows = -1;
  gpu->power_cap_ns = gpu->thermal_ns = -1;
  gpu->limit_watts = gpu->default_limit_watts = 350;
  gpu->memory_total_mib = 24576, gpu->temperature_celsius = 50;
  gpu->sm_clock_mhz = 1980, gpu->memory_clock_mhz = 2619;
  return gpu;
}

static int set_gpu_text(Gpu *gpu, const char *key, const char *value) {
  struct { const char *key; char *to; size_t size; } texts[] = {
      {"uuid", gpu->uuid, sizeof gpu->uuid}, {"name", gpu->name, sizeof gpu->name},
      {"bus_id", gpu->bus_id, sizeof gpu->bus_id}, {"wave", gpu->wave, sizeof gpu->wave},
      {"sensor", gpu->sensor, sizeof gpu->sensor}, {"mig", gpu->mig, sizeof gpu->mig},
      {"utilization_percent", gpu->utilization, sizeof gpu->utilization},
      {"not_supported", gpu->not_supported, sizeof gpu->not_supported}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!strcmp(key, texts[i].key)) return copy_text(texts[i].to, texts[i].size, value), 1;
  return 0;
}

static int set_gpu_number(Gpu *gpu, const char *key, const char *value) {
  struct { const char *key; double *to; } numbers[] = {
      {"low_watts", &gpu->low_watts}, {"high_watts", &gpu->high_watts},
      {"period_seconds", &gpu->period_seconds}, {"duty_ratio", &gpu->duty_ratio}, {"update_ms", &gpu->update_ms},
      {"counter_start_millijoules", &gpu->counter_start_millijoules},
      {"counter_update_ms", &gpu->counter_update_ms}, {"counter_reset_ms", &gpu->counter_reset_ms},
      {"appears_ms", &gpu->appears_ms},
      {"counter_falls_ms", &gpu->counter_falls_ms}, {"architecture", &gpu->architecture},
      {"module_extra_watts", &gpu->module_extra_watts}, {"power_cap_ns", &gpu->power_cap_ns},
      {"thermal_ns", &gpu->thermal_ns}, {"ecc_corrected", &gpu->ecc_corrected},
      {"ecc_uncorrected", &gpu->ecc_uncorrected}, {"remapped_rows", &gpu->remapped_rows},
      {"remap_pending", &gpu->remap_pending}, {"remap_failed", &gpu->remap_failed},
      {"limit_watts", &gpu->limit_watts}, {"default_limit_watts", &gpu->default_limit_watts}};
  struct { const char *key; unsigned int *to; } counts[] = {
      {"memory_total_mib", &gpu->memory_total_mib}, {"memory_used_mib", &gpu->memory_used_mib},
      {"temperature_celsius", &gpu->temperature_celsius}, {"sm_clock_mhz", &gpu->sm_clock_mhz},
      {"memory_clock_mhz", &gpu->memory_clock_mhz}, {"performance_state", &gpu->performance_state}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (!strcmp(key, numbers[i].key)) return *numbers[i].to = atof(value), 1;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    if (!strcmp(key, counts[i].key)) return *counts[i].to = (unsigned int)strtoul(value, NULL, 10), 1;
  return 0;
}

static void set_gpu(Gpu *gpu, const char *key, char *value) {
  if (set_gpu_text(gpu, key, value) || set_gpu_number(gpu, key, value)) return;
  if (!strcmp(key, "clocks_event_reasons")) gpu->clocks_event_reasons = strtoull(value, NULL, 0);
  else if (!strcmp(key, "lost")) add_span(&gpu->lost, value);
  else if (!strcmp(key, "gpu_hang")) add_span(&gpu->hang, value);
  else if (!strcmp(key, "counter_still")) add_span(&gpu->counter_still, value);
  else if (!strcmp(key, "counter_fails")) add_span(&gpu->counter_fails, value);
  else if (!strcmp(key, "xid")) add_xid(&gpu->xids, value);
  else if (!strcmp(key, "process")) add_process(gpu, value);
  else fprintf(stderr, "nvml-stub: unknown key %s\n", key);
}

static void set_global(const char *key, const char *value) {
  if (!strcmp(key, "driver_version")) copy_text(config.driver_version, sizeof config.driver_version, value);
  else if (!strcmp(key, "nvml_version")) copy_text(config.nvml_version, sizeof config.nvml_version, value);
  else if (!strcmp(key, "log_file")) copy_text(config.log_file, sizeof config.log_file, value);
  else if (!strcmp(key, "not_supported")) copy_text(config.not_supported, sizeof config.not_supported, value);
  else if (!strcmp(key, "phase_zero_unix_ms")) config.phase_zero_unix_ms = atof(value);
  else if (!strcmp(key, "hang")) add_span(&config.hang, value);
  else if (!strcmp(key, "init_fails")) add_span(&config.init_fails, value);
  else if (!strcmp(key, "reloaded")) add_span(&config.reloaded, value);
  else fprintf(stderr, "nvml-stub: unknown key %s\n", key);
}

static void read_config(void) {
  memset(&config, 0, sizeof config);
  copy_text(config.driver_version, sizeof config.driver_version, "570.124.06");
  copy_text(config.nvml_version, sizeof config.nvml_version, "12.570.124.06");
  const char *path = getenv("NVML_STUB_CONFIG");
  FILE *file = path == NULL ? NULL : fopen(path, "r");
  if (file == NULL) return;
  char line[2 * MAX_TEXT];
  Gpu *gpu = NULL;
  while (fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0' || line[0] == '#') continue;
    if (!strcmp(line, "[gpu]")) {
      gpu = add_gpu();
      continue;
    }
    char *equals = strchr(line, '=');
    if (equals == NULL) continue;
    *equals = '\0';
    if (gpu == NULL) set_global(line, equals + 1);
    else set_gpu(gpu, line, equals + 1);
  }
  fclose(file);
}

/* ---- what happens on every call --------------------------------------------------------------- */

/* Whether the comma separated list holds the word. */
static int lists(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
    if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) return 1;
  return 0;
}

static void log_call(const char *symbol, int index) {
  __atomic_add_fetch(&call_count, 1, __ATOMIC_RELAXED);
  if (config.log_file[0] == '\0') return;
  FILE *file = fopen(config.log_file, "a");
  if (file == NULL) return;
  fprintf(file, "%.0f %s %d\n", unix_ms(), symbol, index);
  fclose(file);
}

/* Whether the driver was reloaded since the library was initialised. */
static int was_reloaded(void) {
  for (int i = 0; i < config.reloaded.count; i++)
    if (initialised_ms < config.reloaded.items[i].from_ms && now_ms() >= config.reloaded.items[i].from_ms) return 1;
  return 0;
}

static nvmlReturn_t enter(const char *symbol, const Gpu *gpu, const void *out) {
  log_call(symbol, gpu == NULL ? -1 : gpu->index);
  while (find_span(&config.hang, now_ms()) != NULL) usleep(2000);
  if (init_count == 0 || was_reloaded()) return NVML_ERROR_UNINITIALIZED;
  if (out == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (lists(config.not_supported, symbol)) return NVML_ERROR_NOT_SUPPORTED;
  return NVML_SUCCESS;
}

static nvmlReturn_t enter_device(const char *symbol, const Gpu *gpu, const void *out) {
  if (gpu < config.gpus || gpu >= config.gpus + config.gpu_count) {
    nvmlReturn_t early = enter(symbol, NULL, out);
    return early == NVML_ERROR_UNINITIALIZED ? early : NVML_ERROR_INVALID_ARGUMENT;
  }
  while (find_span(&gpu->hang, now_ms()) != NULL) usleep(2000);
  nvmlReturn_t result = enter(symbol, gpu, out);
  if (result != NVML_SUCCESS) return result;
  if (find_span(&gpu->lost, now_ms()) != NULL) return NVML_ERROR_GPU_IS_LOST;
  return lists(gpu->not_supported, symbol) ? NVML_ERROR_NOT_SUPPORTED : NVML_SUCCESS;
}

#define BEGIN(out) do { nvmlReturn_t result_ = enter(__func__, NULL, out); if (result_ != NVML_SUCCESS) return result_; } while (0)
#define BEGIN_DEVICE(out) do { nvmlReturn_t result_ = enter_device(__func__, device, out); if (result_ != NVML_SUCCESS) return result_; } while (0)

static nvmlReturn_t give_text(char *to, unsigned int length, const char *text) {
  if (strlen(text) + 1 > length) return NVML_ERROR_INSUFFICIENT_SIZE;
  strcpy(to, text);
  return NVML_SUCCESS;
}

static unsigned int milliwatts(double watts) { return (unsigned int)floor(watts * 1e3 + 0.5); }

/* Gives 0 while the file that holds the pid is not there. */
static unsigned int read_pid(const Process *process) {
  unsigned int pid = 0;
  if (strncmp(process->pid, "FILE:", 5) != 0) return (unsigned int)strtoul(process->pid, NULL, 10);
  FILE *file = fopen(process->pid + 5, "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%u", &pid) != 1) pid = 0;
  fclose(file);
  return pid;
}

static unsigned int utilization_percent(const Gpu *gpu, double at_ms) {
  if (strcmp(gpu->utilization, "wave") != 0) return (unsigned int)atoi(gpu->utilization);
  if (gpu->high_watts <= gpu->low_watts) return 100;
  double share = (read_sensor(gpu, at_ms).draw_watts - gpu->low_watts) / (gpu->high_watts - gpu->low_watts);
  return (unsigned int)floor(100 * share + 0.5);
}

static unsigned long long used_mib(const Gpu *gpu) {
  if (gpu->memory_used_mib != 0) return gpu->memory_used_mib;
  unsigned long long sum = 0;
  for (int i = 0; i < gpu->process_count; i++)
    if (read_pid(&gpu->processes[i]) != 0) sum += gpu->processes[i].memory_mib;
  return sum;
}

#define MIB (1024ull * 1024ull)
#define RESERVED_MIB 450ull

/* ---- the library ------------------------------------------------------------------------------ */

/* Not in NVML: how often the library was called since it was loaded. */
EXPORT unsigned long long nvmlStubCallCount(void) { return call_count; }

#ifndef OMIT_nvmlInit_v2
EXPORT nvmlReturn_t nvmlInit_v2(void) {
  if (init_count == 0) read_config();
  log_call(__func__, -1);
  while (find_span(&config.hang, now_ms()) != NULL) usleep(2000);
  const Span *failure = find_span(&config.init_fails, now_ms());
  if (failure != NULL) return failure->code;
  if (init_count++ == 0) initialised_ms = now_ms();
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlShutdown
EXPORT nvmlReturn_t nvmlShutdown(void) {
  log_call(__func__, -1);
  if (init_count == 0) return NVML_ERROR_UNINITIALIZED;
  init_count--;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlErrorString
EXPORT const char *nvmlErrorString(nvmlReturn_t result) {
  static const char *const texts[] = {
      "Success", "Uninitialized", "Invalid Argument", "Not Supported", "Insufficient Permissions",
      "Already Initialized", "Not Found", "Insufficient Size", "Insufficient External Power", "Driver Not Loaded",
      "Timeout", "Interrupt Request Issue", "NVML Shared Library Not Found", "Function Not Found",
      "Corrupted infoROM", "GPU is lost", "GPU requires reset"};
  return result >= 0 && result < (int)(sizeof texts / sizeof *texts) ? texts[result] : "Unknown Error";
}
#endif

#ifndef OMIT_nvmlSystemGetDriverVersion
EXPORT nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
  BEGIN(version);
  return give_text(version, length, config.driver_version);
}
#endif

#ifndef OMIT_nvmlSystemGetNVMLVersion
EXPORT nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
  BEGIN(version);
  return give_text(version, length, config.nvml_version);
}
#endif

/* Those that have not appeared yet are the last ones. */
static unsigned int count_gpus(void) {
  unsigned int count = 0;
  while (count < (unsigned int)config.gpu_count && config.gpus[count].appears_ms <= now_ms()) count++;
  return count;
}

#ifndef OMIT_nvmlDeviceGetCount_v2
EXPORT nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *deviceCount) {
  BEGIN(deviceCount);
  *deviceCount = count_gpus();
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetHandleByIndex_v2
EXPORT nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
  BEGIN(device);
  if (index >= count_gpus()) return NVML_ERROR_INVALID_ARGUMENT;
  if (find_span(&config.gpus[index].lost, now_ms()) != NULL) return NVML_ERROR_GPU_IS_LOST;
  *device = &config.gpus[index];
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetUUID
EXPORT nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
  BEGIN_DEVICE(uuid);
  return give_text(uuid, length, device->uuid);
}
#endif

#ifndef OMIT_nvmlDeviceGetName
EXPORT nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
  BEGIN_DEVICE(name);
  return give_text(name, length, device->name);
}
#endif

#ifndef OMIT_nvmlDeviceGetPciInfo_v3
EXPORT nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci) {
  BEGIN_DEVICE(pci);
  memset(pci, 0, sizeof *pci);
  sscanf(device->bus_id, "%x:%x:%x", &pci->domain, &pci->bus, &pci->device);
  snprintf(pci->busId, sizeof pci->busId, "%s", device->bus_id);
  snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xffff, pci->bus & 0xff, pci->device & 0xff);
  pci->pciDeviceId = 0x270210DE;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetPowerUsage
EXPORT nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *power) {
  BEGIN_DEVICE(power);
  *power = milliwatts(read_sensor(device, now_ms()).draw_watts);
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetTotalEnergyConsumption
EXPORT nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device, unsigned long long *energy) {
  BEGIN_DEVICE(energy);
  if (find_span(&((const Gpu *)device)->counter_fails, now_ms()) != NULL) return NVML_ERROR_UNKNOWN;
  *energy = read_counter_millijoules(device, now_ms());
  return NVML_SUCCESS;
}
#endif

static nvmlReturn_t read_policy_field(const Gpu *gpu, nvmlFieldValue_t *field) {
  double ns = field->fieldId == FIELD_POLICY_POWER ? gpu->power_cap_ns : gpu->thermal_ns;
  if (ns < 0) return NVML_ERROR_NOT_SUPPORTED;
  field->valueType = VALUE_TYPE_UNSIGNED_LONG_LONG;
  field->value.ullVal = (unsigned long long)ns;
  return NVML_SUCCESS;
}

static nvmlReturn_t read_field(const Gpu *gpu, nvmlFieldValue_t *field, double at_ms) {
  char key[32];
  snprintf(key, sizeof key, "field:%u", field->fieldId);
  if (lists(config.not_supported, key) || lists(gpu->not_supported, key)) return NVML_ERROR_NOT_SUPPORTED;
  SensorReading reading = read_sensor(gpu, at_ms);
  /* Scope 0 is the GPU. Module and memory scopes exist on few boards only. */
  int is_module = field->scopeId == SCOPE_MODULE && gpu->module_extra_watts > 0;
  if (field->scopeId != SCOPE_GPU && !is_module) return NVML_ERROR_NOT_SUPPORTED;
  double extra_watts = is_module ? gpu->module_extra_watts : 0;
  switch (field->fieldId) {
    case FIELD_POLICY_POWER:
    case FIELD_POLICY_THERMAL:
      return read_policy_field(gpu, field);
    case FIELD_TOTAL_ENERGY:
      field->valueType = VALUE_TYPE_UNSIGNED_LONG_LONG;
      field->value.ullVal = read_counter_millijoules(gpu, at_ms);
      return NVML_SUCCESS;
    case FIELD_POWER_AVERAGE:
      field->valueType = VALUE_TYPE_UNSIGNED_INT;
      field->value.uiVal = milliwatts(reading.average_watts + extra_watts);
      return reading.has_average ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
    case FIELD_POWER_INSTANT:
      field->valueType = VALUE_TYPE_UNSIGNED_INT;
      field->value.uiVal = milliwatts(reading.instant_watts + extra_watts);
      return NVML_SUCCESS;
    default:
      return NVML_ERROR_NOT_SUPPORTED;
  }
}

#ifndef OMIT_nvmlDeviceGetFieldValues
EXPORT nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int valuesCount, nvmlFieldValue_t *values) {
  BEGIN_DEVICE(values);
  double at_unix_ms = unix_ms();
  for (int i = 0; i < valuesCount; i++) {
    values[i].value.ullVal = 0;
    values[i].timestamp = (long long)(at_unix_ms * 1e3);
    values[i].latencyUsec = 0;
    values[i].nvmlReturn = read_field(device, &values[i], at_unix_ms - config.phase_zero_unix_ms);
  }
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetUtilizationRates
EXPORT nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
  BEGIN_DEVICE(utilization);
  if (!strcmp(device->mig, "on")) return NVML_ERROR_NOT_SUPPORTED;
  utilization->gpu = utilization_percent(device, now_ms());
  utilization->memory = utilization->gpu / 4;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetMemoryInfo
EXPORT nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
  BEGIN_DEVICE(memory);
  /* The first version has no field for the reserved part and counts it as used. */
  memory->total = device->memory_total_mib * MIB;
  memory->used = (used_mib(device) + RESERVED_MIB) * MIB;
  memory->free = memory->total - memory->used;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetMemoryInfo_v2
EXPORT nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
  BEGIN_DEVICE(memory);
  /* The caller states the layout: struct size, and the version in the top byte. */
  if (memory->version != (sizeof *memory | (2u << 24))) return 25; /* NVML_ERROR_ARGUMENT_VERSION_MISMATCH */
  memory->total = device->memory_total_mib * MIB;
  memory->reserved = RESERVED_MIB * MIB;
  memory->used = used_mib(device) * MIB;
  memory->free = memory->total - memory->reserved - memory->used;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetTemperature
EXPORT nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensorType, unsigned int *temperature) {
  BEGIN_DEVICE(temperature);
  if (sensorType != 0) return NVML_ERROR_INVALID_ARGUMENT;
  *temperature = device->temperature_celsius;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetClockInfo
EXPORT nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned int *clock) {
  BEGIN_DEVICE(clock);
  /* 0 graphics, 1 SM, 2 memory, 3 video */
  if (type < 0 || type > 3) return NVML_ERROR_INVALID_ARGUMENT;
  *clock = type == 2 ? device->memory_clock_mhz : device->sm_clock_mhz;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetEnforcedPowerLimit
EXPORT nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned int *limit) {
  BEGIN_DEVICE(limit);
  *limit = milliwatts(device->limit_watts);
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetPowerManagementLimit
EXPORT nvmlReturn_t nvmlDeviceGetPowerManagementLimit(nvmlDevice_t device, unsigned int *limit) {
  BEGIN_DEVICE(limit);
  *limit = milliwatts(device->limit_watts);
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetPowerManagementDefaultLimit
EXPORT nvmlReturn_t nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t device, unsigned int *limit) {
  BEGIN_DEVICE(limit);
  *limit = milliwatts(device->default_limit_watts);
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetPerformanceState
EXPORT nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t device, int *state) {
  BEGIN_DEVICE(state);
  *state = (int)device->performance_state;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetCurrentClocksEventReasons
EXPORT nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device, unsigned long long *reasons) {
  BEGIN_DEVICE(reasons);
  *reasons = device->clocks_event_reasons;
  return NVML_SUCCESS;
}
#endif

/* The processes of a device, one entry for each of `stride` bytes that begins as nvmlProcessInfo_v2_t does. */
static nvmlReturn_t list_processes(nvmlDevice_t device, unsigned int *infoCount, void *infos, size_t stride) {
  unsigned int room = infos == NULL ? 0 : *infoCount, found = 0;
  for (int i = 0; i < device->process_count; i++) {
    unsigned int pid = read_pid(&device->processes[i]);
    if (pid == 0) continue;
    /* 0xFFFFFFFF: not in a MIG instance. */
    nvmlProcessInfo_v2_t info = {pid, device->processes[i].memory_mib * MIB, 0xFFFFFFFFu, 0xFFFFFFFFu};
    if (found < room) {
      memset((char *)infos + found * stride, 0, stride);
      memcpy((char *)infos + found * stride, &info, sizeof info);
    }
    found++;
  }
  *infoCount = found;
  return found > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

#ifndef OMIT_nvmlDeviceGetComputeRunningProcesses_v2
EXPORT nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *infoCount, void *infos) {
  BEGIN_DEVICE(infoCount);
  return list_processes(device, infoCount, infos, sizeof(nvmlProcessInfo_v2_t));
}
#endif

#ifndef OMIT_nvmlDeviceGetComputeRunningProcesses_v3
/* As in early drivers of the 535 series: 8 bytes more for usedGpuCcProtectedMemory, under the same name. */
EXPORT nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *infoCount, void *infos) {
  BEGIN_DEVICE(infoCount);
  return list_processes(device, infoCount, infos, sizeof(nvmlProcessInfo_v2_t) + sizeof(unsigned long long));
}
#endif

#ifndef OMIT_nvmlDeviceGetProcessUtilization
EXPORT nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *utilization,
                                                    unsigned int *processSamplesCount, unsigned long long lastSeenTimeStamp) {
  BEGIN_DEVICE(processSamplesCount);
  if (!strcmp(device->mig, "on")) return NVML_ERROR_NOT_SUPPORTED;
  /* The driver renews these samples about six times a second; a caller up to date finds none. */
  unsigned long long stamp = (unsigned long long)(floor(unix_ms() / 166) * 166 * 1e3);
  unsigned int room = utilization == NULL ? 0 : *processSamplesCount, found = 0;
  for (int i = 0; stamp > lastSeenTimeStamp && i < device->process_count; i++) {
    const Process *process = &device->processes[i];
    unsigned int pid = read_pid(process);
    if (pid == 0 || process->sm_percent == 0) continue;
    if (found < room)
      utilization[found] = (nvmlProcessUtilizationSample_t){pid, stamp, process->sm_percent, process->sm_percent / 10, 0, 0};
    found++;
  }
  *processSamplesCount = found;
  if (found == 0) return NVML_ERROR_NOT_FOUND;
  return found > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetMigMode
EXPORT nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *currentMode, unsigned int *pendingMode) {
  BEGIN_DEVICE(currentMode);
  if (pendingMode == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (!strcmp(device->mig, "none")) return NVML_ERROR_NOT_SUPPORTED;
  *currentMode = *pendingMode = !strcmp(device->mig, "on") ? 1 : 0;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetHandleByUUID
EXPORT nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
  BEGIN(device);
  for (int i = 0; uuid != NULL && i < config.gpu_count; i++) {
    if (strcmp(config.gpus[i].uuid, uuid) != 0) continue;
    if (find_span(&config.gpus[i].lost, now_ms()) != NULL) return NVML_ERROR_GPU_IS_LOST;
    *device = &config.gpus[i];
    return NVML_SUCCESS;
  }
  return NVML_ERROR_NOT_FOUND;
}
#endif

#ifndef OMIT_nvmlDeviceGetArchitecture
EXPORT nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t device, unsigned int *architecture) {
  BEGIN_DEVICE(architecture);
  if (device->architecture == 0) return NVML_ERROR_NOT_SUPPORTED;
  /* 6 Turing, 7 Ampere, 8 Ada */
  unsigned int usual = !strcmp(device->sensor, "average-1s") ? 8 : !strcmp(device->sensor, "instant") ? 6 : 7;
  *architecture = device->architecture < 0 ? usual : (unsigned int)device->architecture;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetViolationStatus
EXPORT nvmlReturn_t nvmlDeviceGetViolationStatus(nvmlDevice_t device, int policy, nvmlViolationTime_t *violation) {
  BEGIN_DEVICE(violation);
  double ns = policy == 0 ? device->power_cap_ns : policy == 1 ? device->thermal_ns : -1;
  if (ns < 0) return NVML_ERROR_NOT_SUPPORTED;
  violation->referenceTime = (unsigned long long)(unix_ms() * 1e3);
  violation->violationTime = (unsigned long long)ns;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetTotalEccErrors
EXPORT nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, int errorType, int counterType, unsigned long long *count) {
  BEGIN_DEVICE(count);
  double errors = errorType == 0 ? device->ecc_corrected : device->ecc_uncorrected;
  if (errors < 0 || counterType != 0) return NVML_ERROR_NOT_SUPPORTED;
  *count = (unsigned long long)errors;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlDeviceGetRemappedRows
EXPORT nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned int *correctable, unsigned int *uncorrectable,
                                              unsigned int *isPending, unsigned int *failureOccurred) {
  BEGIN_DEVICE(correctable);
  if (device->remapped_rows < 0) return NVML_ERROR_NOT_SUPPORTED;
  *correctable = 0, *uncorrectable = (unsigned int)device->remapped_rows;
  *isPending = (unsigned int)device->remap_pending, *failureOccurred = (unsigned int)device->remap_failed;
  return NVML_SUCCESS;
}
#endif

#ifndef OMIT_nvmlEventSetCreate
EXPORT nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set) {
  BEGIN(set);
  *set = calloc(1, sizeof **set);
  return NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
  BEGIN(set);
  free(set);
  return NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long eventTypes, nvmlEventSet_t set) {
  BEGIN_DEVICE(set);
  if (eventTypes != 8 || set->count == MAX_GPUS) return NVML_ERROR_INVALID_ARGUMENT;
  set->gpus[set->count++] = device;
  return NVML_SUCCESS;
}

EXPORT nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeoutms) {
  BEGIN(set);
  (void)timeoutms;
  for (int i = 0; i < set->count; i++) {
    Gpu *gpu = set->gpus[i];
    if (gpu->xids_told == gpu->xids.count || now_ms() < gpu->xids.items[gpu->xids_told].from_ms) continue;
    unsigned long long xid = (unsigned long long)gpu->xids.items[gpu->xids_told++].code;
    *data = (nvmlEventData_t){gpu, 8, xid, 0xFFFFFFFFu, 0xFFFFFFFFu};
    return NVML_SUCCESS;
  }
  return NVML_ERROR_TIMEOUT;
}
#endif
