/** A part of a panel's code, which comes when somebody turns to it: once per page, and again where it did not come. */
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useHere } from './here';
import { Failed, Loading } from './states';

export interface LaterProps<T> {
  /** what the kernel calls it (build.mjs) */
  name: string;
  /** where it comes from in a host that imports its parts */
  source: () => Promise<T>;
  /** another one beside it fetches, and says how it goes */
  quiet?: boolean;
  /** the class of what stands there until it has come, where nothing around it is a panel */
  frame?: string;
  children: (code: T) => ComponentChildren;
}

/** The same for all panels of a page. */
const there = new Map<string, Signal<unknown>>();

function place<T>(name: string): Signal<T | null> {
  const found = there.get(name) ?? signal(null);
  there.set(name, found);
  return found as Signal<T | null>;
}

export function Later<T>({ name, source, quiet = false, frame, children }: LaterProps<T>) {
  const code = place<T>(name).value;
  if (code) return <>{children(code)}</>;
  return quiet ? null : <Fetch name={name} source={source} frame={frame} />;
}

function Fetch<T>({
  name,
  source,
  frame
}: Pick<LaterProps<T>, 'name' | 'source'> & { frame: string | undefined }) {
  const { host, say } = useHere();
  const [failed, fail] = useState(false);
  const fetch = () => {
    fail(false);
    (host.part?.<T>(name) ?? source()).then(
      code => {
        place<T>(name).value = code;
      },
      () => fail(true)
    );
  };
  useEffect(fetch, []);
  const message = say('The kernel does not answer, and has the rest of this panel.');
  const shown = failed ? (
    <div class="hfnb-later">
      <Failed wrong={{ type: 'Lost', message, hint: '', retry: true }} onRetry={fetch} />
    </div>
  ) : (
    <Loading label={say('Waiting for the kernel')} />
  );
  return frame ? <div class={frame}>{shown}</div> : shown;
}
