import type { LiveState } from '../../shared/model/live.ts';

/** OpenMetrics text of the machine now. Source of the form: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export function renderMetrics(live: LiveState, joulesSinceStart: ReadonlyMap<string, number>): string {
  const lines: string[] = [];
  const family = (name: string, type: 'gauge' | 'counter', help: string, unit: string): void => {
    lines.push(`# TYPE ${name} ${type}`, `# UNIT ${name} ${unit}`, `# HELP ${name} ${help}`);
  };
  const label = (values: Readonly<Record<string, string>>): string =>
    `{${Object.entries(values)
      .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
      .join(',')}}`;
  const devices = live.devices.map((device) => ({
    device,
    labels: label({
      domain: device.domain.id,
      kind: device.domain.kind,
      name: device.domain.name,
      provenance: device.provenance,
      simulated: String(live.isSimulated),
    }),
  }));

  family('wattrun_power_watts', 'gauge', 'Power of a domain now.', 'watts');
  for (const { device, labels } of devices)
    if (device.powerWatts !== null) lines.push(`wattrun_power_watts${labels} ${device.powerWatts}`);
  family('wattrun_energy_joules', 'counter', 'Energy of a domain since the engine started.', 'joules');
  for (const { device, labels } of devices) {
    const joules = joulesSinceStart.get(device.domain.id);
    if (joules !== undefined) lines.push(`wattrun_energy_joules_total${labels} ${joules}`);
  }
  family('wattrun_utilization_ratio', 'gauge', 'Share of the time that a domain was at work.', 'ratio');
  for (const { device, labels } of devices)
    if (device.utilizationRatio !== null) lines.push(`wattrun_utilization_ratio${labels} ${device.utilizationRatio}`);
  family('wattrun_temperature_celsius', 'gauge', 'Temperature of a domain.', 'celsius');
  for (const { device, labels } of devices)
    if (device.temperatureCelsius !== null)
      lines.push(`wattrun_temperature_celsius${labels} ${device.temperatureCelsius}`);
  family('wattrun_memory_used_bytes', 'gauge', 'Memory in use on a domain.', 'bytes');
  for (const { device, labels } of devices)
    if (device.memoryUsedBytes !== null) lines.push(`wattrun_memory_used_bytes${labels} ${device.memoryUsedBytes}`);
  family('wattrun_run_power_watts', 'gauge', "A running run's share of the machine's power.", 'watts');
  for (const run of live.runs)
    if (run.powerWatts !== null)
      lines.push(`wattrun_run_power_watts${label({ run: run.id, name: run.name })} ${run.powerWatts}`);
  family('wattrun_run_energy_joules', 'counter', "A running run's energy so far.", 'joules');
  for (const run of live.runs)
    if (run.totalJoules !== null)
      lines.push(`wattrun_run_energy_joules_total${label({ run: run.id, name: run.name })} ${run.totalJoules}`);
  return `${lines.join('\n')}\n# EOF\n`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
