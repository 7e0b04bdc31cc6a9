/**
 * Which notebook and which kernel the panels speak to, how it is, and what to do where something is missing. The Inference
 * panel, which is nothing without a kernel, says the latter itself.
 */
import type { House } from '.';

interface Line {
  tone: 'good' | 'working' | 'off';
  /** ready, busy … */
  word: string;
  /** what that means for the reader */
  why?: string;
  /** `shown`: in other words on a quiet button, for what happens by itself too when it is needed */
  action?: { label: string; shown?: string; run: () => unknown };
}

export function KernelStatus({ house }: { house: House }) {
  const { say } = house;
  const seen = house.following.seen.value;
  const waking = house.wake.waking.value;
  const line = said(house);
  const working = waking?.state === 'working';
  return (
    <div class="hfnb-kernel" data-hfnb-kernel={house.line.status.value.state}>
      <div class="hfnb-kernel-line">
        <span class={`hfnb-dot hfnb-dot-${line.tone}`} aria-hidden="true" />
        {seen.notebook && (
          <span class="hfnb-kernel-name" title={seen.notebook.context.path}>
            {seen.name}
          </span>
        )}
        {seen.kernelName && (
          <span class="hfnb-kernel-soft" title={seen.kernelName}>
            {seen.kernelName.replace(/ *\(.*\)$/, '')}
          </span>
        )}
        <span class="hfnb-kernel-word" role="status">
          {line.word}
        </span>
      </div>
      {line.why && house.tab.value !== 'inference' && (
        <div class="hfnb-kernel-why">
          <span>{line.why}</span>
          {line.action && (
            <button
              type="button"
              class={line.action.shown ? 'hfnb-kernel-do hfnb-quiet' : 'hfnb-kernel-do'}
              aria-label={line.action.shown && line.action.label}
              disabled={working}
              onClick={() => void line.action?.run()}
            >
              {line.action.shown ?? line.action.label}
            </button>
          )}
        </div>
      )}
      {waking && (
        <div
          class={`hfnb-waking hfnb-waking-${waking.state}`}
          role={waking.state === 'failed' ? 'alert' : 'status'}
        >
          <span>{waking.text}</span>
          {!working && (
            <button
              type="button"
              class="hfnb-waking-away"
              aria-label={say('Close')}
              onClick={() => house.wake.dismiss()}
            >
              ×
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function said(house: House): Line {
  const { say } = house;
  const { notebook, kernel, waiting, stranger } = house.following.seen.value;
  const { state, detail } = house.line.status.value;
  if (!notebook)
    return {
      tone: 'off',
      word: say('No notebook'),
      why: say('Searching works without one. To run a model, open a notebook.'),
      action: house.next().absent
    };
  if (waiting) return { tone: 'working', word: say('connecting …') };
  if (stranger) return { tone: 'off', word: say('not Python'), ...(detail && { why: detail }) };
  if (!kernel || state === 'absent')
    return {
      tone: 'off',
      word: say('no kernel'),
      why: say('Searching works without one. To run a model, start a kernel.'),
      action: house.next().absent
    };
  switch (state) {
    case 'unloaded':
      return {
        tone: 'off',
        word: say('without hf_nb'),
        why: say('hf_nb is not loaded in this kernel yet. Run and Try load it.'),
        action: { ...house.next().unloaded, shown: say('Load hf_nb') }
      };
    case 'busy':
      return {
        tone: 'working',
        word: say('busy'),
        why: say(
          'The kernel does not answer now. The Jupyter server answers questions about the Hub meanwhile.'
        )
      };
    case 'connecting':
    case 'lost':
      return { tone: 'working', word: say('connecting …') };
    case 'version':
      return {
        tone: 'off',
        word: say('another version'),
        why: say('The kernel has another hf_nb than this page. Restart the kernel and reload the page.')
      };
    default:
      return house.line.running.value
        ? { tone: 'working', word: say('running a cell') }
        : { tone: 'good', word: say('ready') };
  }
}
