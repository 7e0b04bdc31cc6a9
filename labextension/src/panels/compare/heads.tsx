/** The contenders, a column each: model, method, and what else is set behind a fold. */
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Choice } from '../../parts/choice';
import { Controls } from '../../parts/controls';
import { Field } from '../../parts/field';
import { useHere } from '../../parts/here';
import { ModelPicker } from '../../parts/picking';
import { type Draft, letter, short } from './draft';
import { type Comparing, LEAST, MOST } from './model';

interface Method {
  value: string;
  label: string;
  can: boolean;
  why: string;
}

export function Heads({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const drafts = comparing.drafts.value;
  return (
    <div class="hfnb-contenders" style={{ '--hfnb-columns': drafts.length }}>
      {drafts.map((draft, at) => (
        <Head key={draft.key} comparing={comparing} draft={draft} at={at} />
      ))}
      {drafts.length < MOST && (
        <Button
          kind="plain"
          icon="insert"
          class="hfnb-contender-more"
          label={say('Add a contender')}
          onClick={() => comparing.add()}
        />
      )}
    </div>
  );
}

function Head({ comparing, draft, at }: { comparing: Comparing; draft: Draft; at: number }) {
  const { say } = useHere();
  const name = letter(at);
  const open = draft.open.value;
  const set = draft.set.value;
  return (
    <section class="hfnb-contender" aria-label={say('Contender %1', name)}>
      <div class="hfnb-contender-line">
        <ModelPicker
          channel={comparing.host.channel}
          label={name}
          value={draft.model.value}
          task={comparing.task.value || null}
          recent={others(comparing, draft)}
          placeholder={say('Choose a model')}
          onPick={id => {
            draft.model.value = id;
          }}
        />
        <Button
          kind="plain"
          icon="filter"
          pressed={open}
          label={set ? say('Settings of %1, %2 set', name, set) : say('Settings of %1', name)}
          title={say('Method, settings, template')}
          class={set ? 'hfnb-contender-set' : ''}
          onClick={() => {
            draft.open.value = !open;
          }}
        />
      </div>
      {!open && set > 0 && <Apart draft={draft} />}
      {open && <Settings comparing={comparing} draft={draft} at={at} />}
    </section>
  );
}

/** What sets it apart, in a line. */
function Apart({ draft }: { draft: Draft }) {
  const { say } = useHere();
  const { provider, revision, template, system, copy, params } = draft.told.value;
  const said = [
    provider,
    revision?.slice(0, 12),
    copy,
    ...Object.entries(params ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    system && say('system prompt'),
    template && say('template')
  ].filter(Boolean);
  return <p class="hfnb-soft hfnb-contender-said">{said.join(' · ')}</p>;
}

function Settings({ comparing, draft, at }: { comparing: Comparing; draft: Draft; at: number }) {
  const { say } = useHere();
  const methods = useMethods(comparing, draft);
  const task = comparing.tasks.value.find(one => one.value === comparing.task.value);
  const chats = !task || task.input === 'chat';
  const write = (field: 'revision' | 'template' | 'system') => (text: string) => {
    draft[field].value = text;
  };
  const chosen = methods.find(one => one.value === draft.provider.value);
  return (
    <div class="hfnb-contender-settings">
      <div class="hfnb-row">
        <Choice
          label={say('Method')}
          value={draft.provider.value}
          any={null}
          choices={[
            { value: 'auto', label: 'auto' },
            ...methods.map(one => ({
              value: one.value,
              label: one.can ? one.label : say('%1: cannot', one.label)
            }))
          ]}
          onChoose={value => {
            draft.provider.value = value;
          }}
        />
        <span class="hfnb-space" />
        <Button
          kind="plain"
          icon="copy"
          disabled={comparing.drafts.value.length >= MOST}
          onClick={() => comparing.duplicate(draft)}
        >
          {say('Duplicate')}
        </Button>
        <Button kind="plain" icon="close" onClick={() => comparing.remove(draft)}>
          {comparing.drafts.value.length > LEAST ? say('Remove') : say('Clear')}
        </Button>
      </div>
      {chosen?.why && <p class="hfnb-soft">{chosen.why}</p>}
      <Field
        label={say('Template')}
        value={draft.template.value}
        hint={say('{input} stands for what is asked.')}
        placeholder="{input}"
        onInput={write('template')}
      />
      {chats && (
        <Field label={say('System prompt')} lines={2} value={draft.system.value} onInput={write('system')} />
      )}
      <Field
        label={say('Revision')}
        value={draft.revision.value}
        placeholder="main"
        onInput={write('revision')}
      />
      {task ? (
        <Controls
          settings={draft.settings}
          by={draft.provider.value === 'local' ? 'local' : 'remote'}
          onSend={() => void comparing.ask()}
        />
      ) : (
        <p class="hfnb-soft">{say('Choose a task to set its parameters for %1.', letter(at))}</p>
      )}
    </div>
  );
}

/** How this model can be asked; asked for when its settings are opened. */
function useMethods(comparing: Comparing, draft: Draft): Method[] {
  const found = useMemo(() => signal<Method[]>([]), []);
  const model = draft.model.value;
  const task = comparing.task.value;
  useEffect(() => {
    found.value = FALLBACK;
    if (!model) return undefined;
    const giveUp = new AbortController();
    const args = { model, task: task || 'text-classification' };
    comparing.host.channel
      .call<{ methods: Method[] }>('playground.place', args, { each: true, signal: giveUp.signal })
      .then(
        ({ methods }) => {
          if (methods.length && task) found.value = methods;
        },
        () => undefined
      );
    return () => giveUp.abort();
  }, [comparing, model, task, found]);
  return found.value;
}

const FALLBACK: Method[] = [
  { value: 'local', label: 'local', can: true, why: '' },
  { value: 'hf', label: 'hf', can: true, why: '' }
];

/** What stands in the other columns. */
function others(comparing: Comparing, draft: Draft): string[] {
  const models = comparing.drafts.value.filter(one => one !== draft).map(one => one.model.value);
  return [...new Set(models)].filter(model => model && short(model));
}
