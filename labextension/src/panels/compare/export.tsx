/** A comparison taken along: into the notebook, or into a file. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { bytes, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { HfNbError } from '../../protocol';
import type { Saved, Taken } from './answers';
import type { Comparing } from './model';

type What = 'lines' | 'report' | 'pairs';
const FILES: Record<What, string> = {
  lines: 'comparison.jsonl',
  report: 'comparison.html',
  pairs: 'preferences.jsonl'
};

/** What would be written over says so, and may be. */
const THERE = /there already/;

/** Runs one op at a time, and says what became of it. */
function useTaking(comparing: Comparing) {
  const { say, toast } = useHere();
  const [busy, setBusy] = useState<string | null>(null);
  const ask = async <T,>(
    doing: string,
    op: string,
    args: Record<string, unknown>,
    told: (answer: T) => string
  ) => {
    setBusy(doing);
    try {
      toast({ text: told(await comparing.host.channel.call<T>(op, args, { each: true })) });
    } catch (error) {
      const wrong = error instanceof HfNbError ? error.wrong : null;
      const again = () => void ask(doing, op, { ...args, replace: true }, told);
      toast({
        text: wrong?.message ?? say('Nothing was written.'),
        kind: 'wrong',
        ...(THERE.test(wrong?.message ?? '') && { action: { label: say('Replace it'), run: again } })
      });
    } finally {
      setBusy(null);
    }
  };
  return { busy, ask };
}

/** Every decided vote on these contenders, as pairs to train on. */
export function Pairs({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { busy, ask } = useTaking(comparing);
  const { contenders, task } = comparing.question();
  return (
    <Button
      icon="download"
      busy={busy === 'pairs'}
      title={say('A chosen and a rejected answer for each decided vote')}
      onClick={() =>
        void ask<Saved>(
          'pairs',
          'compare.pairs',
          { contenders, path: FILES.pairs, ...(task ? { task } : {}) },
          one => say('%1 written, %2.', one.path, bytes(one.bytes))
        )
      }
    >
      {say('Pairs for DPO')}
    </Button>
  );
}

export function Export({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { busy, ask } = useTaking(comparing);
  const { run } = comparing.rows;
  if (!run) return null;
  const take = () =>
    ask<Taken>('frame', 'compare.take', { run, name: 'compared' }, one =>
      one.replaced
        ? say('%1: %2 rows. It was another variable before.', one.name, exact(one.rows))
        : say('%1: %2 rows.', one.name, exact(one.rows))
    );
  const save = (what: What) =>
    ask<Saved>(what, 'compare.save', { run, path: FILES[what], what }, one =>
      say('%1 written, %2.', one.path, bytes(one.bytes))
    );
  const votes = comparing.votes.tally.value?.votes ?? 0;
  return (
    <div class="hfnb-actions" role="group" aria-label={say('Take it along')}>
      <Button icon="insert" busy={busy === 'frame'} onClick={() => void take()}>
        {say('As a DataFrame')}
      </Button>
      <Button icon="download" busy={busy === 'report'} onClick={() => void save('report')}>
        {say('Report')}
      </Button>
      <Button icon="download" busy={busy === 'lines'} onClick={() => void save('lines')}>
        JSONL
      </Button>
      {votes > 0 && (
        <Button
          icon="download"
          busy={busy === 'pairs'}
          title={say('A chosen and a rejected answer for each decided vote')}
          onClick={() => void save('pairs')}
        >
          {say('Pairs for DPO')}
        </Button>
      )}
    </div>
  );
}
