/** What came of a run, or comes still: the answer first, its numbers in one grey line, what can be done with it. */
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { Foreign } from '../../parts/foreign';
import { exact, many, rate, seconds } from '../../parts/format';
import { type Here, useHere } from '../../parts/here';
import { wordsOf } from '../../parts/inputs';
import { Progress } from '../../parts/progress';
import { Empty, Failed, Note } from '../../parts/states';
import { useSeconds, useStage } from '../../parts/use';
import type { Numbers, Step } from './answers';
import { shared } from './history';
import type { Playground, Shown } from './model';
import { reveal } from './reveal';

export function Result({ model }: { model: Playground }) {
  const { say } = useHere();
  const box = useRef<HTMLElement>(null);
  const began = model.shown.value?.end === 'running';
  // who pressed Run wants to see what comes; after that the scroll position is the reader's
  useEffect(() => {
    if (began) reveal(box.current);
  }, [began]);
  const shown = model.shown.value;
  const wrong = model.ran.wrong.value;
  if (!shown)
    return (
      <section class="hfnb-result-box" aria-label={say('Result')}>
        <Nothing before={model.history.runs.value.length > 0} />
      </section>
    );
  const running = shown.end === 'running';
  const again = () => void model.run();
  return (
    <section ref={box} class="hfnb-result-box" aria-label={say('Result')} aria-busy={running}>
      <Of model={model} shown={shown} />
      <Waiting active={running && !shown.html} step={model.step.value} />
      {shown.html ? (
        <Foreign class="hfnb-result" html={shown.html} />
      ) : (
        shown.said && <p class="hfnb-result hfnb-said-only">{shown.said}</p>
      )}
      {wrong && (
        <Failed wrong={wrong} onRetry={again} onPick={id => picked(model, id)}>
          {model.provider.value !== 'auto' && (
            <Button onClick={() => model.chooseMethod('auto')}>{say('Choose the method: auto')}</Button>
          )}
        </Failed>
      )}
      {shown.end === 'stopped' && (
        <Note>
          {shown.said ? say('Stopped. What had come stays.') : say('Stopped before anything had come.')}
        </Note>
      )}
      {shown.numbers?.kept && (
        <Note icon="clock" action={{ label: say('Ask again'), run: () => void model.run(true) }}>
          {say('The kept answer of before: nothing was asked.')}
        </Note>
      )}
      {shown.numbers?.substitute && (
        <Note icon="warning">
          {say('%1 answered, which is not the model that was asked for.', shown.numbers.model)}
        </Note>
      )}
      <Line shown={shown} />
      {!running && <Actions model={model} shown={shown} />}
    </section>
  );
}

function Nothing({ before }: { before: boolean }) {
  const { say } = useHere();
  return (
    <Empty title={before ? say('No result is open.') : say('Nothing was run yet.')}>
      {before
        ? say('Press Run, or open a run of the history below.')
        : say('Write something, or take an example, and press Run.')}
    </Empty>
  );
}

/** A result of another task than the one that is chosen by now says what it is of. */
function Of({ model, shown }: { model: Playground; shown: Shown }) {
  const { say } = useHere();
  const { task, input } = shown.question;
  if (task === model.task.value) return null;
  const label = model.tasks.answer.value?.tasks.find(one => one.value === task)?.label ?? task;
  const words = wordsOf(input).replace(/\s+/g, ' ').slice(0, 80);
  return <div class="hfnb-soft">{say('%1, before: %2', label, words)}</div>;
}

function picked(model: Playground, id: string): void {
  model.chooseModel(id);
  void model.run();
}

/** Nothing has come yet: what is done meanwhile, and after three seconds how long it has been. */
function Waiting({ active, step }: { active: boolean; step: Step | null }) {
  const { say } = useHere();
  const stage = useStage(active);
  const so = useSeconds(active);
  if (stage < 2 && !(active && step)) return null;
  if (step) {
    const { what, done, total, rate: each, left } = step;
    return <Progress label={what || say('Running')} done={done} total={total} rate={each} left={left} />;
  }
  return <Progress label={stage < 3 ? say('Running') : say('Running, %1 so far', seconds(so))} />;
}

/** first token 0.2 s · 38 tokens/s · 96 tokens · 2.4 s · $0 · owner/name · local (cpu) */
function Line({ shown }: { shown: Shown }) {
  const { say } = useHere();
  const { numbers, first } = shown;
  const early = first !== null && say('first token %1', seconds(first));
  const parts = numbers ? [early, ...told(numbers, say)] : [early];
  const words = parts.filter(Boolean);
  // its room is kept while the answer comes
  return (
    <div class="hfnb-soft hfnb-numbers hfnb-run-line" title={numbers ? exactly(numbers, say) : undefined}>
      {words.length ? words.join(' · ') : '\u00a0'}
    </div>
  );
}

function told(numbers: Numbers, say: Here['say']): (string | false)[] {
  const { rate: speed, written, seconds: took, cost, model, method, device } = numbers;
  return [
    speed !== null && rate(speed, 'tok'),
    written !== null && many(written, '1 token', '%1 tokens', say),
    seconds(took),
    cost !== null && dollars(cost),
    model,
    device ? `${method} (${device})` : method
  ];
}

function exactly({ seconds: took, read, written, reason }: Numbers, say: Here['say']): string {
  return [
    say('%1 seconds', exact(took)),
    read !== null && say('%1 tokens read', exact(read)),
    written !== null && say('%1 tokens written', exact(written)),
    reason
  ]
    .filter(Boolean)
    .join(' · ');
}

function dollars(cost: number): string {
  if (cost === 0) return '$0';
  return `≈ $${cost >= 0.01 ? cost.toFixed(2) : Number(cost.toPrecision(2))}`;
}

function Actions({ model, shown }: { model: Playground; shown: Shown }) {
  const { host, say, toast } = useHere();
  const { copy, insert } = useCode();
  const { question } = shown;
  const coded = async (then: (code: { magic: string; python: string }) => Promise<void>) => {
    try {
      await then(await model.code(question));
    } catch (wrong) {
      const text = wrong instanceof Error ? wrong.message : say('There is no code for this.');
      toast({ text, kind: 'wrong' });
    }
  };
  const talks = typeof question.input === 'object' && 'messages' in question.input && shown.end === 'done';
  return (
    <div class="hfnb-row hfnb-run-actions">
      {talks && (
        <Button icon="retry" onClick={() => model.goOn()}>
          {say('Go on from here')}
        </Button>
      )}
      <Button icon="insert" onClick={() => void coded(code => insert(code.magic))}>
        {host.kind === 'cell' ? say('Insert as cell below') : say('Insert as cell')}
      </Button>
      <Button
        kind="plain"
        icon="copy"
        onClick={() => void coded(code => copy(code.python, say('The Python is copied.')))}
      >
        {say('Copy as Python')}
      </Button>
      <Button
        kind="plain"
        icon="copy"
        onClick={() => void coded(code => copy(code.magic, say('The line is copied.')))}
      >
        {say('Copy as %hf')}
      </Button>
      <Button
        kind="plain"
        icon="external"
        title={say('A text that another playground takes when it is pasted there')}
        onClick={() =>
          void copy(shared(question, shown.said), say('Copied: paste it into another playground.'))
        }
      >
        {say('Share')}
      </Button>
      <Button kind="plain" onClick={() => void compare(host, shown, insert)}>
        {say('Compare …')}
      </Button>
    </div>
  );
}

/** The same question to several: in the Compare panel where the host can turn to it, else as a cell. */
async function compare(
  host: Here['host'],
  { question: { task, model, provider, input, params }, numbers }: Shown,
  insert: (code: string) => Promise<void>
): Promise<void> {
  const contender = {
    model: model || numbers?.model || '',
    task,
    ...(provider !== 'auto' && { provider }),
    ...(Object.keys(params).length && { params })
  };
  if (host.hand) host.hand('compare', { contenders: [contender], input, task });
  else
    await insert(
      `import hf_nb\n\nhf_nb.panel("compare", contenders=[${python(contender)}], input=${python(input)})`
    );
}

/** A value as Python writes it. */
function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}: ${python(one)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
