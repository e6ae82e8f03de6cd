import { type ReactNode, useState } from 'react';
import { BarOfLimit, BoundsBar, ProgressBar } from '../design/bar.tsx';
import { Button } from '../design/button.tsx';
import { CommandLine, CopyButton } from '../design/command-line.tsx';
import { Dialog } from '../design/dialog.tsx';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { EvidenceBar, EvidenceMark, EvidenceWords } from '../design/evidence.tsx';
import { Field } from '../design/field.tsx';
import { Figure, Missing } from '../design/figure.tsx';
import { Icon, iconNames } from '../design/icon.tsx';
import { GapSwatch, KeySwatch } from '../design/key-swatch.tsx';
import { Keys, Menu } from '../design/menu.tsx';
import { Popover } from '../design/popover.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Select } from '../design/select.tsx';
import { seriesColors } from '../design/series.ts';
import { Sparkline } from '../design/sparkline.tsx';
import { type ShownState, StateGlyph } from '../design/state-glyph.tsx';
import { Strip } from '../design/strip.tsx';
import { Checkbox, Switch } from '../design/switch.tsx';
import { Tip, TipRow } from '../design/tip.tsx';
import { Whisker } from '../design/whisker.tsx';

const tokens = [
  ...['bg', 'side', 'sunk', 'hover', 'sel', 'raised', 'line', 'line-2', 'ctl', 'ink', 'ink-2', 'ink-3'],
  ...['none', 'hatch', 'accent', 'ok', 'warn', 'crit', 'past', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'],
];
const states: readonly (readonly ShownState[])[] = [
  (['busy', 'idle', 'held-idle', 'throttled', 'asleep', 'lost', 'unmeasured'] as const).map((state) => ({
    kind: 'device',
    state,
  })),
  (['running', 'paused', 'finished', 'stopped', 'interrupted', 'failed'] as const).map((state) => ({
    kind: 'run',
    state,
  })),
  (['note', 'warning', 'critical'] as const).map((state) => ({ kind: 'alert', state })),
  (['armed', 'counting', 'firing', 'snoozed', 'off'] as const).map((state) => ({ kind: 'rule', state })),
];
const evidence = [
  { provenance: 'counter', ratio: 0.94 },
  { provenance: 'sensor', ratio: 0.03 },
  { provenance: 'model', ratio: 0.03 },
] as const;
const trend = Array.from({ length: 60 }, (_, index) =>
  index > 20 && index < 24 ? null : 500 + 120 * Math.sin(index / 5),
);

function Sample({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Every part in every state. */
export function PartSamples(): ReactNode {
  return (
    <>
      <Sample title="Colour">
        <div className="row wrap">
          {tokens.map((token) => (
            <span key={token} className="row t11">
              <i className="swt" style={{ background: `var(--${token})` }} />
              {token}
            </span>
          ))}
        </div>
      </Sample>
      <Honesty />
      <Sample title="Status">
        {states.map((line) => (
          <div key={line[0]?.kind} className="row">
            {line.map((of) => (
              <StateGlyph key={of.state} of={of} />
            ))}
          </div>
        ))}
        <div className="row wrap">
          {iconNames.map((name) => (
            <span key={name} title={name}>
              <Icon name={name} />
            </span>
          ))}
        </div>
      </Sample>
      <Controls />
      <Messages />
    </>
  );
}

function Honesty(): ReactNode {
  return (
    <Sample title="Where a number comes from, how sure it is">
      <div className="row">
        {(['counter', 'sensor', 'model', 'assumed'] as const).map((provenance) => (
          <EvidenceMark key={provenance} provenance={provenance} />
        ))}
        <GapSwatch />
        <EvidenceBar parts={evidence} width={168} />
        <span className="t11 q">
          <EvidenceWords parts={evidence} />
        </span>
        <Whisker low={31.1} value={31.7} high={32.3} lowText="31.1" highText="32.3" />
      </div>
      <div className="row">
        <Figure label="Energy of this run" value="31.7" unit="kWh" plusMinus="±0.6" size="large">
          <div className="x">31.1 – 32.3</div>
        </Figure>
        <Figure label="Energy" value="10.83" unit="kWh" plusMinus="±0.17" size="medium" />
        <Figure label="Emissions" value="13.5" unit="kg CO₂e">
          <div className="x">381 g/kWh · Germany 2023</div>
        </Figure>
        <Figure label="Cost today" value={<Missing />}>
          <div className="x">no price</div>
        </Figure>
        <Tip content={<TipRow end="31.1 – 32.3">31.7 kWh</TipRow>}>hover for a tip</Tip>
      </div>
      <div className="row">
        <span style={{ width: 160 }}>
          <BarOfLimit ratio={0.79} color="var(--s1)" label="79 % of 700 W" />
        </span>
        <span style={{ width: 160 }}>
          <BoundsBar low={20} value={31} high={42} max={50} label="31, between 20 and 42" />
        </span>
        <span style={{ width: 160 }}>
          <ProgressBar ratio={0.4} label="40 % written" />
        </span>
        <span style={{ width: 160 }}>
          <Sparkline values={trend} max={700} color="var(--s1)" label="Power" />
        </span>
        {seriesColors.map((color) => (
          <KeySwatch key={color} color={color} />
        ))}
        <KeySwatch color="none" />
      </div>
    </Sample>
  );
}

function Controls(): ReactNode {
  const [isOn, setIsOn] = useState(true);
  const [choice, setChoice] = useState<'1 m' | '1 h' | '24 h'>('1 h');
  const [isOpen, setIsOpen] = useState(false);
  const choices = (['1 m', '1 h', '24 h'] as const).map((value) => ({ value, label: value }));
  return (
    <Sample title="Buttons, choice and entry">
      <div className="row wrap">
        <Button look="primary">Primary</Button>
        <Button className="is-hover">Hover</Button>
        <Button className="is-focus">Focus</Button>
        <Button>Default</Button>
        <Button disabled>Disabled</Button>
        <Button look="ghost">Ghost</Button>
        <Button look="danger" icon="trash" onClick={() => setIsOpen(true)}>
          Stop
        </Button>
        <Button size="small">Small</Button>
        <Button icon="more" aria-label="More" />
        <Menu
          trigger={<Button icon="save">Export</Button>}
          items={[
            { key: 'csv', label: 'CSV', icon: 'save', keys: ['E'], onSelect: () => undefined },
            {
              key: 'delete',
              label: 'Delete',
              icon: 'trash',
              keys: ['Del'],
              isDangerous: true,
              onSelect: () => undefined,
            },
          ]}
        />
        <Popover label="Filter" trigger={<Button icon="filter">Filter</Button>}>
          <span className="s">A panel</span>
        </Popover>
        <Segmented label="Window" choices={choices} value={choice} onChange={setChoice} />
        <Select label="Window" choices={choices} value={choice} onChange={setChoice} />
        <Switch label="On" isOn={isOn} onChange={setIsOn} />
        <Switch label="Off" isOn={!isOn} onChange={(next) => setIsOn(!next)} />
        <Checkbox label="On" state={isOn} onChange={setIsOn} />
        <Checkbox label="Some" state="some" onChange={() => undefined} />
        <Keys keys={['Ctrl', 'K']} />
      </div>
      <div className="row wrap">
        <Field label="Limit" unit="W" defaultValue="4,500" width={120} />
        <Field label="Limit" unit="W" defaultValue="−4" width={120} error="A limit is above 0 W." />
        <Field label="Search" isLabelShown={false} icon="search" placeholder="Name, project, tag" width={200} />
      </div>
      <Dialog
        isOpen={isOpen}
        title="Stop llama3-8b-sft-r3?"
        confirmLabel="Stop the run"
        confirmLook="danger"
        cancelLabel="Keep running"
        onClose={() => setIsOpen(false)}
        onConfirm={() => setIsOpen(false)}
      >
        <p className="s">Its record ends here.</p>
      </Dialog>
    </Sample>
  );
}

function Messages(): ReactNode {
  return (
    <Sample title="Strips, empty, loading, failed">
      <Strip tone="warn" title="Power above 4.5 kW for 30 s" actions={<Button size="small">Show</Button>}>
        Whole machine · 4,542 W
      </Strip>
      <Strip tone="crit" title="Engine not answering." actions={<Button size="small">Try now</Button>}>
        Last reading 14:31:23, 6 s ago. Trying again in 2 s.
      </Strip>
      <Strip tone="past" title="Looking back" actions={<Button size="small">Return to live</Button>}>
        13:31 – 14:31, ended 18 min ago. Recording goes on.
      </Strip>
      <Strip tone="info" title="Simulated server.">
        Every number here is made up.
      </Strip>
      <div className="row">
        <EmptyState title="No runs yet." actions={<CopyButton text="wattrun run -- python train.py" />}>
          Put a command behind it.
        </EmptyState>
        <LoadingBars />
        <FailedState
          what="chart"
          error={{ code: 'contract/timeout', message: 'Not answered in time.' }}
          onRetry={() => undefined}
        />
      </div>
      <CommandLine command="sudo setcap cap_dac_read_search+ep $(command -v node)" />
    </Sample>
  );
}
