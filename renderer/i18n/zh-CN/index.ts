import app from './app.json' with { type: 'json' };
import palette from './palette.json' with { type: 'json' };
import projects from './projects.json' with { type: 'json' };
import reports from './reports.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };

export const zhCN = { app, views, palette, projects, reports } as const;
