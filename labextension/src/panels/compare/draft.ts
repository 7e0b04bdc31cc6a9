/** A contender while it is put together: what was picked and set, each kept as it was written. */
import { computed, signal } from '@preact/signals';
import { Settings } from '../../parts/settings';
import type { Contender } from './answers';

const LETTERS = 'ABCD';
let count = 0;

export class Draft {
  readonly key = `d${++count}`;
  readonly model = signal('');
  /** what it was given for; a task that is chosen for all counts before it */
  readonly task = signal('');
  /** what the notebook calls it, where it is an object of the notebook */
  readonly name = signal('');
  readonly provider = signal('auto');
  readonly revision = signal('');
  readonly template = signal('');
  readonly system = signal('');
  readonly copy = signal('');
  readonly settings = new Settings();
  /** its fold stands open */
  readonly open = signal(false);
  /** parameters that wait for the task's form, which says how they are written */
  private waiting: Record<string, unknown> | null = null;

  constructor(given: Partial<Contender> = {}) {
    this.fill(given);
  }

  fill(given: Partial<Contender>): void {
    this.model.value = given.model ?? '';
    this.name.value = given.model?.startsWith('$') ? (given.name ?? '') : '';
    this.task.value = given.task ?? '';
    this.provider.value = given.provider || 'auto';
    this.revision.value = given.revision ?? '';
    this.template.value = given.template ?? '';
    this.system.value = given.system ?? '';
    this.copy.value = given.copy ?? '';
    this.waiting = given.params ?? null;
    this.settle();
  }

  /** The controls of its task are known, or others now. */
  settle(): void {
    if (!this.waiting || !this.settings.controls.peek().length) return;
    this.settings.fill(this.waiting);
    this.waiting = null;
  }

  /** As it is sent: only what was chosen. */
  readonly told = computed<Contender>(() => {
    const { drafts, values } = this.settings;
    const params = Object.keys(drafts.value).length || !this.waiting ? values.value : this.waiting;
    return {
      model: this.model.value,
      ...(this.name.value && { name: this.name.value }),
      ...(this.task.value && { task: this.task.value }),
      ...(this.provider.value !== 'auto' && { provider: this.provider.value }),
      ...(this.revision.value.trim() && { revision: this.revision.value.trim() }),
      ...(this.template.value.trim() && { template: this.template.value }),
      ...(this.system.value.trim() && { system: this.system.value }),
      ...(this.copy.value && { copy: this.copy.value }),
      ...(Object.keys(params).length > 0 && { params })
    };
  });

  /** How many things beside the model were set. */
  readonly set = computed(() => {
    const { model: _, name: __, task: ___, params, ...rest } = this.told.value;
    return Object.keys(rest).length + Object.keys(params ?? {}).length;
  });
}

/** A, B, C, D: what a column is called where its model is not named. */
export const letter = (at: number): string => LETTERS[at] ?? String(at + 1);

/** A model's own name, without its owner. */
export const short = (model: string): string => model.replace(/\/+$/, '').split('/').at(-1) || model;
