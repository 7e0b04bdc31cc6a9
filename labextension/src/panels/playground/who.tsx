/** Which task, which model, who runs it: and why that one, before anything is asked of it. */
import { Choice } from '../../parts/choice';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import { ModelPicker } from '../../parts/picking';
import { Failed } from '../../parts/states';
import type { Chosen, Placed } from './answers';
import type { Playground } from './model';

export function Who({ model }: { model: Playground }) {
  const { host, say } = useHere();
  const row = model.row.value;
  const tasks = model.tasks.answer.value?.tasks ?? [];
  const placed = model.placed.answer.value;
  const wrong = model.placed.wrong.value ?? placed?.wrong;
  return (
    <div class="hfnb-who">
      <div class="hfnb-who-row">
        <Choice
          label={say('Task')}
          value={model.task.value}
          choices={tasks}
          any={null}
          onChoose={task => model.chooseTask(task)}
        />
        <ModelPicker
          channel={host.channel}
          label={say('Model')}
          value={model.model.value}
          task={model.task.value}
          recent={model.recent.value}
          search
          placeholder={row?.model ? say('the default: %1', row.model) : say('chosen by what you write')}
          onPick={id => model.chooseModel(id)}
        />
        <Method model={model} placed={placed} />
      </div>
      {wrong ? (
        <Failed wrong={wrong} onRetry={() => void model.place()} onPick={id => model.chooseModel(id)} />
      ) : (
        <Why chosen={placed?.chosen ?? null} waiting={model.placed.waiting.value} />
      )}
    </div>
  );
}

/** auto, and every way there is; those that cannot be taken say why. */
function Method({ model, placed }: { model: Playground; placed: Placed | null }) {
  const { say } = useHere();
  const chosen = placed?.chosen;
  const named = chosen && model.provider.value === 'auto' ? say('auto → %1', chosen.label) : say('auto');
  const choices = [
    { value: 'auto', label: named },
    ...(placed?.methods ?? []).map(({ value, label, can, why }) => ({
      value,
      label: can ? label : say('%1 (%2)', label, why),
      disabled: !can
    }))
  ];
  return (
    <Choice
      label={say('Method')}
      value={model.provider.value}
      choices={choices}
      any={null}
      onChoose={provider => model.chooseMethod(provider)}
    />
  );
}

/** One line: which model, where, and folded why; that something leaves this machine is never folded. */
function Why({ chosen, waiting }: { chosen: Chosen | null; waiting: boolean }) {
  const { say } = useHere();
  if (!chosen)
    return <div class="hfnb-why hfnb-soft">{waiting ? say('Looking who can run it …') : '\u00a0'}</div>;
  const { model, label, stands, remote, price, reason } = chosen;
  return (
    <details class="hfnb-fold hfnb-why">
      <summary title={reason}>
        <Icon name={remote ? 'cloud' : 'disk'} />
        <span>{[model, label, stands].filter(Boolean).join(' · ')}</span>
      </summary>
      <div class="hfnb-soft">
        {say('Why: %1.', reason)} {price && say('Price: %1.', price)}
      </div>
      {remote && <div class="hfnb-soft">{say('What you write goes to %1.', label)}</div>}
    </details>
  );
}
