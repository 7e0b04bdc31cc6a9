/** Many rows: the verdict on top, a line for each contender, a picture, the rows that differ. */
import { Button } from '../../parts/button';
import { CodeBox } from '../../parts/codebox';
import { bytes, exact, rate, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Progress } from '../../parts/progress';
import { Empty, Failed, Note } from '../../parts/states';
import type { Ends, Progress as Going, Judged, Line, Rest, Scored } from './answers';
import { Export } from './export';
import { money } from './figures';
import type { Comparing } from './model';
import { Slices } from './slices';
import { Standings } from './standings';
import { Table } from './table';

export function Many({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  const going = rows.progress.value;
  const judged = rows.judged.value;
  if (!going && !judged)
    return (
      <div class="hfnb-compare-empty">
        {comparing.running.value ? (
          <Progress label={say('Reading the rows')} />
        ) : (
          <Empty title={say('Nothing compared yet')}>
            {say(
              'Choose rows, and the column with the labels where there is one: then it can be said who is better.'
            )}
          </Empty>
        )}
      </div>
    );
  return (
    <div class="hfnb-scroll hfnb-many">
      {judged?.verdict && <Verdict judged={judged} running={comparing.running.value} />}
      {going && !going.over && <Bar going={going} />}
      {going?.asks && <Asks comparing={comparing} rest={going.asks} />}
      {judged?.stopped && (
        <Note icon="warning">{say('Stopped: this is of the rows that were reached.')}</Note>
      )}
      {judged?.notes.map(note => (
        <Note key={note}>{note}</Note>
      ))}
      {judged && <Lines comparing={comparing} judged={judged} />}
      {judged?.plot && <Standings plot={judged.plot} />}
      {judged && <Table comparing={comparing} judged={judged} />}
      {judged && going?.over && judged.labelled && <Slices comparing={comparing} />}
      {judged && going?.over && <Export comparing={comparing} />}
      {rows.code.value && <CodeBox code={rows.code.value} />}
    </div>
  );
}

function Verdict({ judged, running }: { judged: Judged; running: boolean }) {
  const { say } = useHere();
  const [, first = judged.verdict, rest = ''] = /^(.*?[.!?])\s+(\S.*)$/s.exec(judged.verdict) ?? [];
  return (
    <section class="hfnb-verdict" aria-label={say('Verdict')}>
      {running && <span class="hfnb-soft">{say('So far')}: </span>}
      <strong>{first}</strong>
      {rest && ` ${rest}`}
    </section>
  );
}

function Bar({ going }: { going: Going }) {
  const { say } = useHere();
  if (going.asks) return null;
  return (
    <div class="hfnb-many-bar">
      <Progress label={say('Answers')} done={going.done} total={going.total} unit="rows" left={going.left} />
    </div>
  );
}

/** The rest is long, or costs something: it waits for a word. */
function Asks({ comparing, rest }: { comparing: Comparing; rest: Rest }) {
  const { say } = useHere();
  const takes = [
    rest.seconds === null ? '' : say('about %1', seconds(rest.seconds)),
    rest.dollars ? say('about $%1', money(rest.dollars)) : ''
  ].filter(Boolean);
  return (
    <div class="hfnb-note hfnb-many-asks" role="group" aria-label={say('Go on?')}>
      <span>
        {takes.length
          ? say('The other %1 rows take %2.', exact(rest.rows), takes.join(say(' and ')))
          : say('%1 rows are left.', exact(rest.rows))}
      </span>
      <Button kind="main" onClick={() => comparing.rows.agree()}>
        {rest.dollars ? say('Go on, for about $%1', money(rest.dollars)) : say('Go on')}
      </Button>
      <Button onClick={() => comparing.rows.stop()}>{say('That is enough')}</Button>
    </div>
  );
}

/** A line for each, figures with where they may lie. */
function Lines({ comparing, judged }: { comparing: Comparing; judged: Judged }) {
  const { say } = useHere();
  const metrics = [...new Set(judged.lines.flatMap(one => one.scores.map(score => score.metric)))];
  const has = (name: 'first' | 'rate' | 'memory' | 'cost') => judged.lines.some(one => one[name] !== null);
  return (
    <>
      <div class="hfnb-numbers-table" role="group" aria-label={say('Figures')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('Contender')}</th>
              <th scope="col">{say('Answered')}</th>
              {metrics.map(metric => (
                <th key={metric} scope="col">
                  {metric}
                </th>
              ))}
              <th scope="col">{say('Seconds')}</th>
              {has('first') && <th scope="col">{say('First token')}</th>}
              {has('rate') && <th scope="col">{say('Speed')}</th>}
              {has('memory') && <th scope="col">{say('Memory')}</th>}
              {has('cost') && <th scope="col">{say('Cost')}</th>}
            </tr>
          </thead>
          <tbody>
            {judged.lines.map((line, at) => (
              <tr key={line.name}>
                <th scope="row" title={line.model}>
                  {line.name}
                  {line.method && <span class="hfnb-soft"> · {line.method}</span>}
                </th>
                <td>
                  {exact(line.ok)}
                  {line.failed > 0 && (
                    <span class="hfnb-many-failed"> · {say('%1 failed', exact(line.failed))}</span>
                  )}
                  {comparing.running.value && line.left > 0 && (
                    <Button
                      kind="plain"
                      icon="stop"
                      label={say('Stop %1', line.name)}
                      onClick={() => comparing.rows.stop(at)}
                    />
                  )}
                </td>
                {metrics.map(metric => (
                  <td key={metric}>
                    <Figure of={line.scores.find(one => one.metric === metric) ?? null} />
                  </td>
                ))}
                <td>
                  <Figure of={line.seconds} words={seconds} />
                </td>
                {has('first') && <td>{line.first === null ? '–' : seconds(line.first)}</td>}
                {has('rate') && <td>{line.rate === null ? '–' : rate(line.rate, 'tok')}</td>}
                {has('memory') && <td>{line.memory === null ? '–' : bytes(line.memory)}</td>}
                {has('cost') && <td>{line.cost === null ? '–' : `$${money(line.cost)}`}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {judged.lines.map(line => line.wrong && <Wrong key={line.name} line={line} />)}
    </>
  );
}

function Wrong({ line }: { line: Line }) {
  return (
    <div class="hfnb-compare-told">
      <strong>{line.name}</strong>
      <Failed wrong={{ ...(line.wrong as NonNullable<Line['wrong']>), retry: false }} />
    </div>
  );
}

/** A figure and, smaller, from where to where it may be. */
export function Figure({ of, words }: { of: Ends | Scored | null; words?: (value: number) => string }) {
  if (!of || of.value === null) return <>–</>;
  const said = words ?? (value => scaled(value, 'scale' in of ? of.scale : 'number'));
  return (
    <>
      {said(of.value)}
      {of.low !== null && of.high !== null && (
        <span class="hfnb-soft hfnb-many-ends">
          {' '}
          {said(of.low)}–{said(of.high)}
        </span>
      )}
    </>
  );
}

export function scaled(value: number, scale: string): string {
  if (scale === 'share') return `${(100 * value).toFixed(1)} %`;
  return String(Number(value.toPrecision(3)));
}
