import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { Controls } from '../../src/parts/controls';
import { Settings } from '../../src/parts/settings';
import { button, click, draw, press, type } from './page';
import { control } from './parameters';

const box = (root: Element, name: string) =>
  root.querySelector<HTMLInputElement>(`[data-hfnb-control=${name}] :is(input[type=text], select, textarea)`);

function settings(): Settings {
  const made = new Settings();
  made.change([
    control('temperature', {
      kind: 'slider',
      least: 0,
      most: 100,
      low: 0,
      high: 2,
      step: 0.05,
      help: 'Higher is freer.'
    }),
    control('do_sample', { kind: 'switch' }),
    control('watermark', { kind: 'switch', first: false, unused: { local: 'Not known here.' } }),
    control('top_k', { kind: 'whole', least: 0, first: false })
  ]);
  return made;
}

test('each has its name, its help, and stands at the model’s own', async () => {
  const made = settings();
  const root = await draw(<Controls settings={made} />);
  expect(box(root, 'temperature')?.placeholder).toBe("model's own");
  expect(root.querySelector('label[title="Higher is freer."]')?.textContent).toBe('temperature');
  expect(root.querySelector<HTMLInputElement>('[data-hfnb-control=do_sample] input')?.indeterminate).toBe(
    true
  );
  expect(root.querySelector('input[type=range]')?.getAttribute('aria-valuetext')).toBe("model's own");
  expect(root.querySelector('summary')?.textContent).toBe('2 more parameters');
});

test('a slider and the box beside it are one value', async () => {
  const made = settings();
  const root = await draw(<Controls settings={made} />);
  await type(root.querySelector('input[type=range]'), '1.25');
  expect([made.values.value, box(root, 'temperature')?.value]).toEqual([{ temperature: 1.25 }, '1.25']);
  await press(box(root, 'temperature'), 'ArrowUp');
  expect(made.values.value).toEqual({ temperature: 1.3 });
  await click(button(root, "temperature: the model's own"));
  expect(made.values.value).toEqual({});
});

test('a switch goes from neither to on, to off, and back by its button', async () => {
  const made = settings();
  const root = await draw(<Controls settings={made} />);
  const box = () => root.querySelector<HTMLInputElement>('[data-hfnb-control=do_sample] input');
  await click(box());
  expect(made.values.value).toEqual({ do_sample: true });
  await click(box());
  expect(made.values.value).toEqual({ do_sample: false });
  await click(button(root, "do sample: the model's own"));
  expect(made.values.value).toEqual({});
});

test('what changes nothing for whoever answers says so', async () => {
  const made = settings();
  const root = await draw(<Controls settings={made} by="local" />);
  expect(root.querySelector('[data-hfnb-control=watermark]')?.textContent).toContain('Not known here.');
  await draw(<Controls settings={made} by="remote" />);
  expect(root.querySelector('[data-hfnb-control=watermark]')?.textContent).not.toContain('Not known here.');
});

test('a wrong value is told beside it, and the fold that holds it opens', async () => {
  const made = settings();
  const root = await draw(<Controls settings={made} />);
  await act(() => made.write('top_k', '1.5'));
  expect(root.querySelector('details')?.open).toBe(true);
  expect(box(root, 'top_k')?.getAttribute('aria-invalid')).toBe('true');
  const told = box(root, 'top_k')?.getAttribute('aria-describedby') ?? '';
  expect(document.getElementById(told)?.textContent).toBe('A whole number.');
});

test('Ctrl-Enter in a control sends', async () => {
  const made = settings();
  let sent = 0;
  const root = await draw(<Controls settings={made} onSend={() => sent++} />);
  await press(box(root, 'temperature'), 'Enter', { ctrlKey: true });
  await press(box(root, 'temperature'), 'Enter');
  expect(sent).toBe(1);
});
