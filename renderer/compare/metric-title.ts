/** A metric's name as a heading begins: 'Loss'. One that is more than a small word is a name of its own: 'mAP', 'eval_loss'. */
export const titleMetric = (kind: string): string =>
  /^[a-z]+$/.test(kind) ? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}` : kind;
