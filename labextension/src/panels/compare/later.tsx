/** Votes and many rows, whose code comes when somebody turns to them. */
import { type LaterProps, Later as Part } from '../../parts/later';
import type * as Code from './more';

export function Later(props: Pick<LaterProps<typeof Code>, 'quiet' | 'children'>) {
  return <Part<typeof Code> name="compare-more" source={() => import('./more')} {...props} />;
}
