/** A call that takes longer has waited for the driver, which answers from its end rather than from its middle. */
export const slowAnswerMs = 600;

/** The moment that an answer is of: the middle between two looks at the clock; of a call that waited for a driver that hung, its end. */
export const answeredMs = (startedMs: number, endedMs: number): number =>
  endedMs - startedMs > slowAnswerMs ? endedMs : (startedMs + endedMs) / 2;
