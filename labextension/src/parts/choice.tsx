/** A filter: its name, what is chosen, and the values by group. The browser's own list: it works with every key. */
import type { Choice as Value } from '../panels/answers';
import { useHere } from './here';

export interface ChoiceProps {
  label: string;
  value: string;
  choices: Value[];
  onChoose: (value: string) => void;
  /** what stands for no choice; null: there is always one */
  any?: string | null;
  disabled?: boolean;
}

export function Choice({ label, value, choices, onChoose, any, disabled = false }: ChoiceProps) {
  const { say } = useHere();
  const none = any === undefined ? say('Any') : any;
  // a value from outside (an option, a kept layout) is shown although no list has it
  const strange = value !== '' && !choices.some(choice => choice.value === value);
  return (
    <label class={value && none !== null ? 'hfnb-choice hfnb-chosen' : 'hfnb-choice'}>
      <span>{label}</span>
      <select value={value} disabled={disabled} onChange={event => onChoose(event.currentTarget.value)}>
        {none !== null && <option value="">{none}</option>}
        {strange && <option value={value}>{value}</option>}
        {groups(choices).map(([name, within]) =>
          name === '' ? (
            within.map(option)
          ) : (
            <optgroup key={name} label={name}>
              {within.map(option)}
            </optgroup>
          )
        )}
      </select>
    </label>
  );
}

export function Tick({
  label,
  on,
  onChange,
  title
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  title?: string;
}) {
  return (
    <label class="hfnb-tick" title={title}>
      <input type="checkbox" checked={on} onChange={event => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

const option = (choice: Value) => (
  <option key={choice.value} value={choice.value} disabled={choice.disabled}>
    {choice.label}
  </option>
);

function groups(choices: Value[]): [string, Value[]][] {
  const found = new Map<string, Value[]>();
  for (const choice of choices) {
    const name = choice.group ?? '';
    found.set(name, [...(found.get(name) ?? []), choice]);
  }
  return [...found];
}
