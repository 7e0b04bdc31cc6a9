/** A model's facts as small marks: each a word or a number, with the exact value on hover. */
import { bytes, count, exact, parameters, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { ModelRow } from './answers';

/** 67 M params · 268 MB */
export function SizeMark({ row }: { row: ModelRow }) {
  const { say } = useHere();
  const parts = [
    row.parameters !== null && say('%1 params', parameters(row.parameters)),
    row.bytes !== null && `${row.about ? '≈ ' : ''}${bytes(row.bytes)}`
  ].filter(Boolean);
  if (!parts.length) return <Mark>{say('Size not known')}</Mark>;
  const title = [
    row.parameters !== null && say('%1 parameters', exact(row.parameters)),
    row.bytes !== null &&
      (row.about ? say('about %1 bytes, reckoned', exact(row.bytes)) : say('%1 bytes', exact(row.bytes)))
  ].filter(Boolean);
  return <Mark title={title.join(', ')}>{parts.join(' · ')}</Mark>;
}

const FITS = {
  fits: { icon: 'check', kind: 'good', word: 'Fits' },
  tight: { icon: 'warning', kind: 'warn', word: 'Tight' },
  'too large': { icon: 'error', kind: 'bad', word: 'Too large' }
} as const;

/** Whether it has room in this machine's memory; the reason on hover. */
export function FitsMark({ row }: { row: ModelRow }) {
  const { say } = useHere();
  if (!row.fits) return null;
  const { icon, kind, word } = FITS[row.fits.verdict];
  return (
    <Mark icon={icon} kind={kind} title={say("In this machine's memory: %1", row.fits.reason)}>
      {say(word)}
    </Mark>
  );
}

/** What was measured here, and who else runs it. */
export function SpeedMarks({ row }: { row: ModelRow }) {
  const { say } = useHere();
  const { speed, providers } = row;
  return (
    <>
      {speed && (
        <Mark icon="clock" title={say('Median of %1 calls in this session', exact(speed.calls))}>
          {seconds(speed.seconds)}
          {speed.tokens !== null && ` · ${say('%1 tok/s', count(speed.tokens))}`}
        </Mark>
      )}
      {providers.length > 0 && (
        <Mark icon="bolt" title={say('Served now by %1', providers.join(', '))}>
          {say('Callable now')}
        </Mark>
      )}
    </>
  );
}
