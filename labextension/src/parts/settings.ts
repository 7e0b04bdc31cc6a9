/**
 * What was set of a task's parameters. Each is kept as it was typed, so that half a number is no error yet to whoever
 * types it; what is sent are the values that were changed and can be read.
 */
import { computed, signal } from '@preact/signals';
import type { Control } from '../panels/answers';

export type Values = Record<string, unknown>;
export type Read = { value?: unknown; problem?: Problem };
/** A sentence and what stands in it. */
export type Problem = [text: string, ...values: unknown[]];

export class Settings {
  readonly controls = signal<Control[]>([]);
  readonly drafts = signal<Record<string, string>>({});
  private readonly looked = computed(() =>
    this.controls.value.flatMap(control => {
      const draft = this.drafts.value[control.name];
      return draft === undefined || draft.trim() === ''
        ? []
        : [[control.name, read(control, draft)] as const];
    })
  );
  /** changed, and right */
  readonly values = computed<Values>(() =>
    Object.fromEntries(
      this.looked.value.flatMap(([name, { value, problem }]) => (problem ? [] : [[name, value]]))
    )
  );
  readonly problems = computed<Record<string, Problem>>(() =>
    Object.fromEntries(this.looked.value.flatMap(([name, { problem }]) => (problem ? [[name, problem]] : [])))
  );

  write(name: string, draft: string): void {
    this.drafts.value = { ...this.drafts.value, [name]: draft };
  }

  /** The model's own again. */
  forget(name?: string): void {
    if (name === undefined) this.drafts.value = {};
    else
      this.drafts.value = Object.fromEntries(
        Object.entries(this.drafts.value).filter(([one]) => one !== name)
      );
  }

  /** These values and no others; what the task does not know is left out. */
  fill(values: Values): void {
    const known = new Map(this.controls.peek().map(one => [one.name, one]));
    this.drafts.value = Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const control = known.get(name);
        return control ? [[name, written(control, value)]] : [];
      })
    );
  }

  /** Another task's: what both know stays as it was set. */
  change(controls: Control[]): void {
    this.controls.value = controls;
  }
}

/** What was typed as a value, or what is wrong with it. */
export function read(control: Control, draft: string): Read {
  const text = draft.trim();
  switch (control.kind) {
    case 'slider':
    case 'number':
    case 'whole':
      return number(control, text);
    case 'switch':
      return { value: text === 'true' };
    case 'choice':
      return control.choices.includes(text)
        ? { value: text }
        : { problem: ['One of: %1', control.choices.join(', ')] };
    case 'words':
      return { value: draft.split('\n').map(unescaped).filter(Boolean) };
    case 'json':
      return json(text);
    default:
      return { value: draft };
  }
}

/** A value as one would type it. */
export function written(control: Control, value: unknown): string {
  if (control.kind === 'words')
    return (Array.isArray(value) ? value : [value]).map(one => escaped(String(one))).join('\n');
  if (control.kind === 'json') return JSON.stringify(value, null, 1);
  return String(value);
}

function number({ kind, least, most }: Control, text: string): Read {
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) return { problem: ['This is no number.'] };
  if (kind === 'whole' && !Number.isInteger(value)) return { problem: ['A whole number.'] };
  if (least !== null && value < least) return { problem: ['%1 at least.', least] };
  if (most !== null && value > most) return { problem: ['%1 at most.', most] };
  return { value };
}

function json(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch (wrong) {
    return { problem: ['This is no JSON: %1', wrong instanceof Error ? wrong.message : wrong] };
  }
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
const unescaped = (text: string) =>
  text.replace(/\\([\\nt])/g, (_, sign) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : '\\'));
