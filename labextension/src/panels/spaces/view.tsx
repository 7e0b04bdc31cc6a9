/** The Spaces panel: look for Spaces, see how they stand, open them, start them anew where that is allowed. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host } from '../../panel';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { HubName } from '../../parts/hub';
import { enterList } from '../../parts/list';
import { SpaceDrawer } from './drawer';
import { Look } from './look';
import { Finding } from './model';
import { Results } from './results';

export function Spaces({ host }: { host: Host }) {
  const finding = useMemo(() => new Finding(host), [host]);
  useEffect(() => finding.start(), [finding]);
  const main = useRef<HTMLDivElement>(null);
  const open = finding.opened.value;
  return (
    <Frame host={host} title={host.say('Spaces')} tools={<HubName />}>
      <Speaks finding={finding} />
      <div ref={main} class="hfnb-main">
        {!finding.searched.value && (
          <p class="hfnb-soft hfnb-about">{host.say('Spaces are small web apps on the Hub.')}</p>
        )}
        <Look finding={finding} onDown={() => enterList(main.current)} />
        <Results finding={finding} />
      </div>
      {open && <SpaceDrawer key={open} finding={finding} id={open} />}
    </Frame>
  );
}

function Speaks({ finding }: { finding: Finding }) {
  const { announce } = useHere();
  useSignalEffect(() => {
    if (finding.said.value) announce(finding.said.value);
  });
  return null;
}
