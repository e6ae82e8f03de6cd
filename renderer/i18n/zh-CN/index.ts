import app from './app.json' with { type: 'json' };
import charts from './charts.json' with { type: 'json' };
import desktop from './desktop.json' with { type: 'json' };
import palette from './palette.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };

export const zhCN = { app, charts, desktop, palette, views } as const;
