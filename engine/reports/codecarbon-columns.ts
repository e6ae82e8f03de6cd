/**
 * The columns of CodeCarbon's emissions.csv, in its order. Source: codecarbon/output_methods/emissions_data.py of 3.3.0. Energies are kWh and emissions kg; energies
 * hold the PUE, powers do not (emissions_tracker.py).
 */
export const codecarbonColumns = [
  'timestamp',
  'project_name',
  'run_id',
  'experiment_id',
  'duration',
  'emissions',
  'emissions_rate',
  'cpu_power',
  'gpu_power',
  'ram_power',
  'cpu_energy',
  'gpu_energy',
  'ram_energy',
  'energy_consumed',
  'water_consumed',
  'country_name',
  'country_iso_code',
  'region',
  'cloud_provider',
  'cloud_region',
  'os',
  'python_version',
  'codecarbon_version',
  'cpu_count',
  'cpu_model',
  'gpu_count',
  'gpu_model',
  'longitude',
  'latitude',
  'ram_total_size',
  'tracking_mode',
  'cpu_utilization_percent',
  'gpu_utilization_percent',
  'ram_utilization_percent',
  'ram_used_gb',
  'on_cloud',
  'pue',
  'wue',
] as const;
export type CodecarbonColumn = (typeof codecarbonColumns)[number];

/** What CodeCarbon 3.3.0 leaves out of every row that it appends without knowing them, under the header that has them (mlco2/codecarbon, issue 1304). */
export const droppedColumns: readonly CodecarbonColumn[] = ['region', 'longitude', 'latitude'];
