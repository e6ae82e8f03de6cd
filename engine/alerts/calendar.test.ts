import { describe, expect, it } from 'vitest';
import type { QuietHours } from '../../shared/model/alert.ts';
import { calendarSpan, quietUntilMs } from './calendar.ts';

const local = (month: number, day: number, hour = 0, minute = 0): number =>
  new Date(2026, month - 1, day, hour, minute).getTime();
const night: QuietHours = { isOn: true, fromMinute: 22 * 60, toMinute: 7 * 60, isCriticalTold: true };

describe('a span of the local calendar', () => {
  it('is from midnight to midnight, and from first to first', () => {
    expect(calendarSpan('day', local(11, 29, 13))).toEqual({
      key: '2026-11-29',
      fromMs: local(11, 29),
      toMs: local(11, 30),
    });
    expect(calendarSpan('month', local(12, 31, 23, 59))).toEqual({
      key: '2026-12',
      fromMs: local(12, 1),
      toMs: new Date(2027, 0, 1).getTime(),
    });
  });

  it('tiles the year without holes, whatever the clocks do', () => {
    for (let day = 0; day < 366; day++) {
      const span = calendarSpan('day', new Date(2026, 0, 1 + day, 12).getTime());
      expect(calendarSpan('day', span.toMs - 1).key).toBe(span.key);
      expect(calendarSpan('day', span.toMs).fromMs).toBe(span.toMs);
    }
  });
});

describe('quiet hours', () => {
  it('over midnight end in the morning', () => {
    expect(quietUntilMs(night, local(11, 29, 23))).toBe(local(11, 30, 7));
    expect(quietUntilMs(night, local(11, 30, 6, 59))).toBe(local(11, 30, 7));
    expect(quietUntilMs(night, local(11, 30, 7))).toBeNull();
    expect(quietUntilMs(night, local(11, 30, 21, 59))).toBeNull();
  });

  it('within a day end in it, and are none while they are off', () => {
    const noon = { ...night, fromMinute: 720, toMinute: 780 };
    expect(quietUntilMs(noon, local(11, 29, 12, 30))).toBe(local(11, 29, 13));
    expect(quietUntilMs({ ...noon, isOn: false }, local(11, 29, 12, 30))).toBeNull();
  });
});
