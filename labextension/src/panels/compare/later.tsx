/** Votes and many rows, whose code comes when somebody turns to them. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useHere } from '../../parts/here';
import { Failed, Loading } from '../../parts/states';
import type * as Code from './more';

type More = typeof Code;

/** The same for all panels of a page. */
const there = signal<More | null>(null);

/** `quiet`: another one beside it fetches, and says how it goes. */
export function Later({
  quiet = false,
  children
}: {
  quiet?: boolean;
  children: (more: More) => ComponentChildren;
}) {
  const more = there.value;
  if (more) return <>{children(more)}</>;
  return quiet ? null : <Fetch />;
}

function Fetch() {
  const { host, say } = useHere();
  const [failed, fail] = useState(false);
  const fetch = () => {
    fail(false);
    (host.part?.<More>('compare-more') ?? import('./more')).then(
      more => {
        there.value = more;
      },
      () => fail(true)
    );
  };
  useEffect(fetch, []);
  if (!failed) return <Loading label={say('Waiting for the kernel')} />;
  const message = say('The kernel does not answer, and has the rest of this panel.');
  return (
    <div class="hfnb-compare-told">
      <Failed wrong={{ type: 'Lost', message, hint: '', retry: true }} onRetry={fetch} />
    </div>
  );
}
