/** A task's parameters as controls: the few that matter first, the rest folded. Nothing set is the model's own. */

import type { Control } from '../panels/answers';
import { Button } from './button';
import { many } from './format';
import { useHere } from './here';
import type { Problem, Settings } from './settings';
import { useUnique } from './use';

export interface ControlsProps {
  settings: Settings;
  /** who answers, as `Control.unused` names it */
  by?: 'local' | 'remote';
  /** Ctrl-Enter in one of them */
  onSend?: () => void;
}

export function Controls({ settings, by = 'local', onSend }: ControlsProps) {
  const { say } = useHere();
  const controls = settings.controls.value;
  const rest = controls.filter(one => !one.first);
  const set = rest.filter(one => settings.drafts.value[one.name]?.trim()).length;
  const wrong = rest.some(one => settings.problems.value[one.name]);
  const changed = Object.values(settings.drafts.value).some(draft => draft.trim());
  const draw = (control: Control) => <One key={control.name} settings={settings} control={control} by={by} />;
  if (!controls.length) return null;
  return (
    <div
      class="hfnb-controls"
      role="group"
      aria-label={say('Parameters')}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !onSend) return;
        event.preventDefault();
        event.stopPropagation();
        onSend();
      }}
    >
      <div class="hfnb-controls-grid">{controls.filter(one => one.first).map(draw)}</div>
      <div class="hfnb-controls-foot">
        {rest.length > 0 && (
          <details class="hfnb-fold" open={wrong || undefined}>
            <summary>
              {many(rest.length, '1 more parameter', '%1 more parameters', say)}
              {set > 0 && <span class="hfnb-soft"> · {say('%1 set', set)}</span>}
            </summary>
            <div class="hfnb-controls-grid hfnb-controls-rest">{rest.map(draw)}</div>
          </details>
        )}
        {changed && (
          <Button kind="link" onClick={() => settings.forget()}>
            {say("All back to the model's own")}
          </Button>
        )}
      </div>
    </div>
  );
}

interface OneProps {
  settings: Settings;
  control: Control;
  by: 'local' | 'remote';
}

function One({ settings, control, by }: OneProps) {
  const { say } = useHere();
  const id = useUnique();
  const draft = settings.drafts.value[control.name] ?? '';
  const problem = settings.problems.value[control.name];
  const unused = control.unused[by];
  const notes = [problem && `${id}-problem`, unused && `${id}-unused`].filter(Boolean).join(' ');
  return (
    <div class={`hfnb-control${unused ? ' hfnb-unused' : ''}`} data-hfnb-control={control.name}>
      <div class="hfnb-control-name">
        <label for={id} title={control.help || undefined}>
          {control.label}
        </label>
        {draft && (
          <Button
            kind="plain"
            icon="close"
            label={say("%1: the model's own", control.label)}
            onClick={() => settings.forget(control.name)}
          />
        )}
      </div>
      <Box
        id={id}
        control={control}
        draft={draft}
        problem={problem}
        notes={notes}
        onWrite={text => settings.write(control.name, text)}
      />
      {problem && (
        <span class="hfnb-problem" id={`${id}-problem`}>
          {say(...problem)}
        </span>
      )}
      {unused && (
        <span class="hfnb-soft" id={`${id}-unused`}>
          {unused}
        </span>
      )}
    </div>
  );
}

interface BoxProps {
  id: string;
  control: Control;
  draft: string;
  problem: Problem | undefined;
  notes: string;
  onWrite: (text: string) => void;
}

function Box(props: BoxProps) {
  const { id, control, draft, problem, notes, onWrite } = props;
  const { say } = useHere();
  const own = say("model's own");
  const common = {
    id,
    'aria-describedby': notes || undefined,
    'aria-invalid': problem ? true : undefined,
    title: control.help || undefined
  };
  if (control.kind === 'slider') return <Slider {...props} common={common} own={own} />;
  if (control.kind === 'switch') return <Switch {...props} common={common} own={own} />;
  if (control.kind === 'choice')
    return (
      <select {...common} value={draft} onChange={event => onWrite(event.currentTarget.value)}>
        <option value="">{own}</option>
        {control.choices.map(one => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    );
  const write = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    onWrite(event.currentTarget.value);
  if (control.kind === 'words' || control.kind === 'json')
    return (
      <textarea
        {...common}
        rows={draft.includes('\n') || control.kind === 'json' ? 3 : 1}
        spellcheck={false}
        placeholder={control.kind === 'words' ? say('one per line') : own}
        value={draft}
        onInput={write}
      />
    );
  const whole = control.kind === 'whole' ? 'numeric' : 'decimal';
  return (
    <input
      {...common}
      type="text"
      inputMode={control.kind === 'text' ? 'text' : whole}
      placeholder={own}
      value={draft}
      onInput={write}
      onKeyDown={event => step(event, control, draft, onWrite)}
    />
  );
}

type Common = Record<string, unknown>;

/** Where it stands while nothing is set is no value: the box beside it says so. */
function Slider({ id, control, draft, onWrite, common, own }: BoxProps & { common: Common; own: string }) {
  const { say } = useHere();
  const low = control.low ?? 0;
  const high = control.high ?? 1;
  // most of these have 1 for "as it is"
  const middle = low < 1 && high > 1 ? 1 : (low + high) / 2;
  return (
    <div class={draft ? 'hfnb-slider' : 'hfnb-slider hfnb-unset'}>
      <input
        type="range"
        min={low}
        max={high}
        step={control.step ?? 0.01}
        value={draft || String(middle)}
        aria-label={say('%1, as a slider', control.label)}
        aria-valuetext={draft || own}
        onInput={event => onWrite(event.currentTarget.value)}
      />
      <input
        {...common}
        id={id}
        type="text"
        inputMode="decimal"
        placeholder={own}
        value={draft}
        onInput={event => onWrite(event.currentTarget.value)}
        onKeyDown={event => step(event, control, draft, onWrite)}
      />
    </div>
  );
}

/** Three states: on, off, and neither. */
function Switch({ draft, onWrite, common, own }: BoxProps & { common: Common; own: string }) {
  const { say } = useHere();
  return (
    <span class="hfnb-switch">
      <input
        {...common}
        type="checkbox"
        checked={draft === 'true'}
        indeterminate={draft === ''}
        onChange={event => onWrite(String(event.currentTarget.checked))}
      />
      <span class="hfnb-soft" aria-hidden="true">
        {draft === '' ? own : draft === 'true' ? say('on') : say('off')}
      </span>
    </span>
  );
}

/** Arrows in a box with a number count up and down. */
function step(event: KeyboardEvent, control: Control, draft: string, onWrite: (text: string) => void): void {
  const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!way || control.kind === 'text' || !draft.trim() || !Number.isFinite(Number(draft))) return;
  event.preventDefault();
  const by = control.kind === 'whole' ? 1 : (control.step ?? 0.1);
  const next = Math.round((Number(draft) + way * by) * 1e6) / 1e6;
  const { least, most } = control;
  if ((least === null || next >= least) && (most === null || next <= most)) onWrite(String(next));
}
