/** A Space as a card. */
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Card } from '../../parts/card';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { SpaceRow } from './answers';
import { codeOf } from './code';
import { LikedMarks, RunsOn, StateMark } from './marks';
import type { Finding } from './model';
import { RestartButton, Restarts } from './restart';

export function SpaceCard({ finding, row }: { finding: Finding; row: SpaceRow }) {
  const { host, say } = useHere();
  // an app that fails has nothing to show: what is wrong comes first, the way to it is in the details
  const app = row.state === 'error' ? null : row.app;
  const box = useSight(finding, row.id);
  return (
    <div class="hfnb-space-card" ref={box} data-state={row.state}>
      <Card
        owner={row.author}
        name={row.name}
        open={finding.opened.value === row.id}
        onOpen={() => finding.open(row.id)}
        code={() => codeOf(row.id)?.magic ?? ''}
        aside={<StateMark state={row.state} stage={row.stage} />}
        actions={
          <>
            {app && (
              <Button icon="external" label={say('Open the app %1', row.id)} onClick={() => host.open(app)}>
                {say('Open')}
              </Button>
            )}
            {row.state === 'error' && (
              <Button label={say('See why %1 fails', row.id)} onClick={() => finding.open(row.id)}>
                {say('See why')}
              </Button>
            )}
            <RestartButton finding={finding} row={row} />
            {app && <span class="hfnb-space" />}
            <Button
              {...(app ? { kind: 'link' } : { icon: 'external' })}
              label={say('Page of %1 on the Hub', row.id)}
              title={say('Its page on the Hub')}
              onClick={() => host.open(row.url)}
            >
              {say('Page')}
            </Button>
          </>
        }
      >
        <div class="hfnb-facts-line">
          {row.title && row.title !== row.name && (
            <span class="hfnb-space-title" title={row.title}>
              {row.title}
            </span>
          )}
          {row.private && <Mark icon="lock">{say('Private')}</Mark>}
        </div>
        <div class="hfnb-facts-line">
          <RunsOn row={row} />
          <LikedMarks row={row} />
        </div>
        <Restarts finding={finding} id={row.id} />
      </Card>
    </div>
  );
}

/** Tells whether the card is in sight: only those are watched. Without an observer all of them are. */
function useSight(finding: Finding, id: string) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || typeof IntersectionObserver === 'undefined') {
      finding.see(id, true);
      return () => finding.see(id, false);
    }
    const observer = new IntersectionObserver(entries =>
      finding.see(id, entries.at(-1)?.isIntersecting ?? false)
    );
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      finding.see(id, false);
    };
  }, [finding, id]);
  return box;
}
