import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { Field } from '../../src/parts/field';
import { useAnswer } from '../../src/parts/use';
import { OtherSide, settled } from '../answering';
import { drawPlain } from './page';

function View({ side, of }: { side: OtherSide; of: string | null }) {
  const { answer, wrong, waiting } = useAnswer<string>(side.channel, 'say', of === null ? null : { of });
  return <p>{[answer ?? '-', wrong?.message ?? '-', waiting ? 'waiting' : 'still'].join(' ')}</p>;
}

test('an answer comes into view, stays while the next comes, and is asked again when the channel is back', async () => {
  const side = new OtherSide();
  let root = await drawPlain(<View side={side} of={null} />);
  expect(root.textContent).toBe('- - still');
  expect(side.asked).toHaveLength(0);
  root = await drawPlain(<View side={side} of="a" />);
  expect(root.textContent).toBe('- - waiting');
  await act(async () => {
    side.last('say').ok('A');
    await settled();
  });
  expect(root.textContent).toBe('A - still');
  root = await drawPlain(<View side={side} of="b" />);
  expect(root.textContent).toBe('A - waiting');
  await act(async () => {
    side.channel.hangUp({ state: 'lost' });
    await settled();
  });
  expect(root.textContent).toContain('A The kernel was restarted.');
  await act(async () => {
    side.connect();
    await settled();
  });
  expect(side.last('say').args).toEqual({ of: 'b' });
  await act(async () => {
    side.last('say').ok('B');
    await settled();
  });
  expect(root.textContent).toBe('B - still');
});

test('two panels on a page do not share the names of their elements', async () => {
  const ids = [0, 1].map(() => {
    const root = document.body.appendChild(document.createElement('div'));
    render(<Field label="Text" value="" onInput={() => undefined} />, root);
    const id = root.querySelector('input')?.id;
    render(null, root);
    root.remove();
    return id;
  });
  expect(ids[0]).toBeTruthy();
  expect(ids[0]).not.toBe(ids[1]);
});
