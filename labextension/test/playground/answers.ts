/** What the other side of a Playground answers in tests. */
import type { TaskChoice } from '../../src/panels/answers';
import type { Form, Placed, Ran } from '../../src/panels/playground/answers';
import type { Answers } from '../answering';
import { control } from '../parts/parameters';

const task = (value: string, input: TaskChoice['input'], streams = false): TaskChoice => ({
  value,
  label: value,
  group: 'Write',
  input,
  streams,
  model: `demo/${value}`
});

export const TASKS = {
  tasks: [
    task('text-classification', 'text'),
    task('text-generation', 'text', true),
    task('question-answering', 'question'),
    task('chat', 'chat', true)
  ]
};

export const FORM: Form = {
  controls: [
    control('temperature', { kind: 'slider', least: 0, most: 100, low: 0, high: 2, step: 0.05 }),
    control('max_tokens', { kind: 'whole', least: 1 })
  ],
  examples: [
    { label: 'The room', input: 'The room was small.' },
    { label: 'The soup', input: 'The soup was cold.' }
  ]
};

export function placed(more: Partial<Placed> = {}): Placed {
  return {
    chosen: {
      method: 'local',
      model: 'demo/model',
      task: 'text-classification',
      label: 'this machine',
      stands: 'cached',
      reason: 'the default',
      remote: false,
      price: null
    },
    methods: [
      { value: 'local', label: 'this machine', can: true, why: '' },
      { value: 'hf', label: "the Hub's providers", can: false, why: 'no token' }
    ],
    examples: [{ label: 'The soup', input: 'The soup was cold.' }],
    wrong: null,
    ...more
  };
}

export function ran(more: Partial<Ran> = {}): Ran {
  return {
    html: '<p>positive</p>',
    said: 'positive',
    model: 'demo/model',
    method: 'local',
    device: 'cpu',
    reason: 'the default',
    seconds: 0.42,
    first: 0.21,
    read: 7,
    written: 96,
    rate: 38.2,
    cost: 0,
    finish: 'stop',
    kept: null,
    substitute: false,
    code: { magic: '%%hf infer', python: 'hf_nb.infer.run()' },
    ...more
  };
}

/** A Playground of which everything but a run is answered at once. */
export const READY: Answers = {
  hello: () => ({ hub: 'offline Hub', endpoint: 'http://127.0.0.1:9', token: null }),
  'playground.tasks': () => TASKS,
  'playground.form': () => ({ ...FORM }),
  'playground.place': () => placed(),
  'playground.code': () => ran().code
};
