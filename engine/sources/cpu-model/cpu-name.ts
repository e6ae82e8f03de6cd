/** Longer than any name that a CPU reports (/proc/cpuinfo: 48 characters of CPUID): what comes after is no name, and would be slow to search. */
const longestNameCharacters = 200;

/**
 * Brings a CPU name, as an operating system, a vendor or a table spells it, to the key used in
 * resources/cpu/cpus.json. The rules and worked examples are in resources/cpu/README.md.
 */
export function normalizeCpuName(name: string): string {
  return (
    stripBoilerplate(stripTails(stripMarks(name.slice(0, longestNameCharacters).toLowerCase())))
      .replace(/\s+/g, ' ')
      .trim()
      // First-generation E5 and E7 parts report their version as a lone zero: 'E5-2670 0'.
      .replace(/^(xeon e\d-\S+) 0$/, '$1')
  );
}

/** `Core(TM)2 Duo` needs a blank where the mark was, `FX(tm)-8350` must not get one. */
function stripMarks(name: string): string {
  return name.replace(/(\((r|tm|c)\)|[®™©])(?=\d)/g, ' ').replace(/\((r|tm|c)\)|[®™©]/g, '');
}

/** What follows the model: a clock, a graphics part, or the compute cores of an APU. */
function stripTails(name: string): string {
  return name
    .replace(/\s*@.*$/, '')
    .replace(/\s+(with|w\/)\s.*$/, '')
    .replace(/\s+radeon\s.*$/, '')
    .replace(/\s+r\d+,?\s+\d+ compute cores.*$/, '')
    .replace(/\s+\d+(\.\d+)?\s?[gm]hz\s*$/, '');
}

function stripBoilerplate(name: string): string {
  return name
    .replace(/(^|\s)(\d+(st|nd|rd|th) )?gen(?=\s)/g, ' ')
    .replace(/(^|\s)(\d+|dual|triple|quad|six|eight|twelve|sixteen)-cores?(?=\s|$)/g, ' ')
    .replace(/(^|\s)(genuine|intel|amd|cpu|processor|apu|soc|x-series|extreme edition)(?=\s|$)/g, ' ');
}
