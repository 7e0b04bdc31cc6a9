/** Starting a Space anew: the button, the question where it costs, each stage as it comes, and how it ended. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import { Failed } from '../../parts/states';
import type { SpaceRow } from './answers';
import { StateMark } from './marks';
import type { Finding } from './model';
import { stateWord } from './words';

/** Machines that cost nothing. */
const FREE = /^(cpu-basic|zero-.*)$/;

/** Whether starting it begins to cost: it stands still now, on a machine that is paid for. */
export function costs(row: SpaceRow): boolean {
  const still = !['running', 'starting', 'building'].includes(row.state);
  return still && row.hardware !== null && !FREE.test(row.hardware);
}

export function RestartButton({ finding, row }: { finding: Finding; row: SpaceRow }) {
  const { say } = useHere();
  const [asking, ask] = useState(false);
  const asked = useRef(false);
  const first = useRef<HTMLButtonElement>(null);
  // the focus goes to the question, and back to the button when it is answered
  useLayoutEffect(() => {
    if (asking || asked.current) first.current?.focus();
    asked.current = asking;
  }, [asking]);
  const one = finding.restarts.value.get(row.id);
  const going = one !== undefined && !one.ended && !one.wrong;
  if (!row.mayRestart) return null;
  if (asking)
    return (
      <div class="hfnb-confirm" role="group" aria-label={say('Restart %1?', row.id)}>
        <span>{say('%1 is paid for by the hour while it runs.', row.hardware)}</span>
        <Button
          kind="main"
          icon="retry"
          buttonRef={first}
          onClick={() => {
            ask(false);
            void finding.restart(row.id);
          }}
        >
          {say('Restart')}
        </Button>
        <Button onClick={() => ask(false)}>{say('Leave it')}</Button>
      </div>
    );
  return (
    <Button
      icon="retry"
      buttonRef={first}
      label={say('Restart %1', row.id)}
      busy={going}
      onClick={() => (costs(row) ? ask(true) : void finding.restart(row.id))}
    >
      {say('Restart')}
    </Button>
  );
}

/** The stages so far; at the end the one in which it came to rest, or why it did not start. */
export function Restarts({ finding, id }: { finding: Finding; id: string }) {
  const { say } = useHere();
  const one = finding.restarts.value.get(id);
  if (!one) return null;
  const { ended, wrong } = one;
  const going = !ended && !wrong;
  // the last one is said by itself, as the end
  const stages = one.stages.filter(stage => stage.stage !== ended?.stage);
  const now = going ? stages.length - 1 : -1;
  return (
    <div class="hfnb-restart">
      <ol aria-label={say('Restart of %1', id)}>
        {!stages.length && going && (
          <li>
            <Icon name="busy" turning /> {say('Asking the Hub')}
          </li>
        )}
        {stages.map((stage, at) => (
          <li key={`${at} ${stage.stage}`} title={say('The Hub says %1', stage.stage)}>
            <Icon name={at === now ? 'busy' : 'check'} turning={at === now} /> {stateWord(stage.state, say)}
          </li>
        ))}
      </ol>
      {ended && (
        <div class="hfnb-facts-line">
          <span>{ended.state === 'running' ? say('Restarted:') : say('It came to rest:')}</span>
          <StateMark state={ended.state} stage={ended.stage} />
        </div>
      )}
      {wrong && <Failed wrong={wrong} onRetry={() => void finding.restart(id)} />}
    </div>
  );
}
