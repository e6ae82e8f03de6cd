/** 'E3' for an epoch that its run named by its number alone, else the mark's own words. */
export function markLabel(kind: string, label: string): string {
  const number = /^(?:epoch\s*)?(\d+)$/i.exec(label)?.[1];
  return kind === 'epoch' && number !== undefined ? `E${number}` : label;
}
