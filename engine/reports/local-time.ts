const two = (value: number): string => String(value).padStart(2, '0');

/** '2026-11-29' where this machine is. */
export function localDateText(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** '2026-11-29T14:05:09' where this machine is, without a zone. */
export function localTimeText(ms: number): string {
  const at = new Date(ms);
  return `${localDateText(ms)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
