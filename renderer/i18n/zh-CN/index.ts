import { chinese } from '../../../shared/words/chinese.ts';
import alerts from './alerts.json' with { type: 'json' };
import app from './app.json' with { type: 'json' };
import carbon from './carbon.json' with { type: 'json' };
import charts from './charts.json' with { type: 'json' };
import desktop from './desktop.json' with { type: 'json' };
import palette from './palette.json' with { type: 'json' };
import progress from './progress.json' with { type: 'json' };
import projects from './projects.json' with { type: 'json' };
import records from './records.json' with { type: 'json' };
import reports from './reports.json' with { type: 'json' };
import views from './views.json' with { type: 'json' };
import welcome from './welcome.json' with { type: 'json' };

export const zhCN = {
  alerts,
  app,
  carbon,
  charts,
  desktop,
  engine: chinese.engine,
  palette,
  progress,
  projects,
  records,
  reports,
  rules: chinese.rules,
  views,
  welcome,
} as const;
