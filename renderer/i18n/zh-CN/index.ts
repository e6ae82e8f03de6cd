import app from './app.json' with { type: 'json' };
import palette from './palette.json' with { type: 'json' };
import records from './records.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };
import welcome from './welcome.json' with { type: 'json' };

export const zhCN = { app, views, palette, records, welcome } as const;
