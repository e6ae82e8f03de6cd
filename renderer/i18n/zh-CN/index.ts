import app from './app.json' with { type: 'json' };
import engine from './engine.json' with { type: 'json' };
import palette from './palette.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };

export const zhCN = { app, views, palette, engine } as const;
