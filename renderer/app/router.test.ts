import { expect, it } from 'vitest';
import { hrefTo, parseRoute, type Route } from './router.ts';

it('reads each address it writes', () => {
  const routes: Route[] = [
    { page: 'live', view: 'overview' },
    { page: 'live', view: 'charts' },
    { page: 'runs' },
    { page: 'run', runId: 'a/b ü' },
    { page: 'compare', runIds: [] },
    { page: 'compare', runIds: ['a1', 'b,2 ü'] },
    { page: 'alerts' },
    { page: 'sensors' },
    { page: 'settings' },
  ];
  expect(routes.map((route) => parseRoute(hrefTo(route)))).toEqual(routes);
});

it('leads to Live from anywhere unknown', () => {
  expect([parseRoute(''), parseRoute('#/nowhere')]).toEqual([
    { page: 'live', view: 'overview' },
    { page: 'live', view: 'overview' },
  ]);
});

it('takes each run to compare once, and what is no id as it was typed', () => {
  expect(parseRoute('#/runs/100%')).toEqual({ page: 'run', runId: '100%' });
  expect(parseRoute('#/compare/a1,b2,a1,,%zz')).toEqual({ page: 'compare', runIds: ['a1', 'b2', '%zz'] });
});

it('takes the paths of the tray', () => {
  expect(parseRoute('/runs/01H')).toEqual({ page: 'run', runId: '01H' });
});

it('puts half a character, as a program may have sent it, into a link without throwing', () => {
  expect(hrefTo({ page: 'projects', project: 'sur\ud800x' })).toBe('#/projects/=sur%EF%BF%BDx');
});
