/** What was run here: each to be seen again, asked again, shared or taken away. */
import { useContext } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { ago, many, moment, rate, seconds } from '../../parts/format';
import { TabContext, useHere } from '../../parts/here';
import { Icon, type IconName } from '../../parts/icons';
import { wordsOf } from '../../parts/inputs';
import { List } from '../../parts/list';
import { type Run, shared } from './history';
import type { Playground } from './model';
import { reveal } from './reveal';

const ICONS: Record<Run['end'], IconName> = { done: 'check', stopped: 'stop', failed: 'error' };

export function Past({ model }: { model: Playground }) {
  const { say, toast } = useHere();
  const runs = model.history.runs.value;
  if (!runs.length) return null;
  const clear = () => {
    model.history.put([]);
    toast({
      text: say('The history is empty.'),
      action: { label: say('Undo'), run: () => model.history.put(runs) }
    });
  };
  return (
    <details
      class="hfnb-fold hfnb-past"
      onToggle={event => event.currentTarget.open && reveal(event.currentTarget)}
    >
      <summary>
        {say('History')} <span class="hfnb-soft">{many(runs.length, '1 run', '%1 runs', say)}</span>
      </summary>
      <List
        label={say('History')}
        rows={runs}
        keyOf={run => run.id}
        layout="lines"
        foot={
          <Button kind="link" onClick={clear}>
            {say('Clear the history')}
          </Button>
        }
      >
        {run => <Line model={model} run={run} />}
      </List>
    </details>
  );
}

function Line({ model, run }: { model: Playground; run: Run }) {
  const { say, toast } = useHere();
  const { copy } = useCode();
  const tab = useContext(TabContext);
  const words = wordsOf(run.input).replace(/\s+/g, ' ').trim();
  const ends = { done: say('Done'), stopped: say('Stopped'), failed: say('Failed') };
  const restore = () => {
    model.show(run);
    return model.restore(run);
  };
  const remove = () => {
    const before = model.history.runs.peek();
    model.history.remove(run.id);
    toast({
      text: say('The run is gone.'),
      action: { label: say('Undo'), run: () => model.history.put(before) }
    });
  };
  const { numbers } = run;
  const facts = [
    run.model || numbers?.model || say('the default'),
    numbers && seconds(numbers.seconds),
    numbers?.rate && rate(numbers.rate, 'tok'),
    settingsOf(run)
  ];
  return (
    <article class="hfnb-run" data-end={run.end}>
      <header>
        <span class="hfnb-run-end" title={ends[run.end]}>
          <Icon name={ICONS[run.end]} />
          <span class="hfnb-unseen">{ends[run.end]}</span>
        </span>
        <button
          type="button"
          class="hfnb-head"
          data-hfnb-head
          tabIndex={tab}
          title={say('See it again')}
          onClick={() => void restore()}
        >
          {words || run.task}
        </button>
        <span class="hfnb-soft" title={moment(run.at)}>
          {ago(run.at, say)}
        </span>
      </header>
      <div class="hfnb-run-said">{run.said.replace(/\s+/g, ' ') || run.wrong}</div>
      <footer>
        <span class="hfnb-soft hfnb-numbers">{facts.filter(Boolean).join(' · ')}</span>
        <span class="hfnb-space" />
        <Button
          kind="plain"
          icon="retry"
          label={say('Run again: %1', words)}
          title={say('Run again')}
          onClick={() => void restore().then(() => model.run(true))}
        />
        <Button
          kind="plain"
          icon="external"
          label={say('Share: %1', words)}
          title={say('Share')}
          onClick={() => void copy(shared(run, run.said), say('Copied: paste it into another playground.'))}
        />
        <Button
          kind="plain"
          icon="close"
          label={say('Delete: %1', words)}
          title={say('Delete')}
          onClick={remove}
        />
      </footer>
    </article>
  );
}

function settingsOf({ params }: Run): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
