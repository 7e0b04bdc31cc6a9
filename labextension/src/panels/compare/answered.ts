/** What was answered last, as it is kept with the notebook (a cell) or the layout (the sidebar): found again after a reload. */
import type { Wrong } from '../../protocol';
import type { Code } from '../answers';
import type { Contender, Drawn, Figures } from './answers';
import { Column } from './column';

interface Lane {
  state: 'done' | 'failed' | 'stopped';
  text: string;
  answer: Drawn | null;
  figures: Figures | null;
  wrong: Wrong | null;
  seconds: number;
}

interface Answered {
  asked: Contender[];
  lanes: Lane[];
  code: Code | null;
}

/** Characters of all of it; what is larger is shown until the page goes. */
const ROOM = 40_000;
const ENDS = ['done', 'failed', 'stopped'];

/** Null where it takes too much room, or something is under way. */
export function kept(asked: Contender[], columns: Column[], code: Code | null): Answered | null {
  if (!columns.length || columns.some(one => one.underWay)) return null;
  const made = { asked, lanes: columns.map(lane), code };
  return JSON.stringify(made).length > ROOM ? null : made;
}

function lane(column: Column): Lane {
  const answer = column.answer.peek();
  return {
    state: column.state.peek() as Lane['state'],
    text: answer ? '' : column.text,
    answer,
    figures: column.figures.peek(),
    wrong: column.wrong.peek(),
    seconds: column.seconds
  };
}

/** What was kept may be of another version, or written by somebody else. */
export function found(value: unknown): { asked: Contender[]; columns: Column[]; code: Code | null } | null {
  if (!isObject(value) || !listed(value.asked) || !listed(value.lanes)) return null;
  const { asked, lanes } = value;
  if (!lanes.length || asked.length !== lanes.length || !lanes.every(isLane)) return null;
  if (!asked.every(one => typeof one.model === 'string')) return null;
  const columns = lanes.map(one => {
    const column = new Column();
    column.begin();
    column.hear({
      at: 0,
      text: one.text,
      state: one.state,
      ...(one.answer && { answer: one.answer }),
      ...(one.figures && { figures: one.figures }),
      ...(one.wrong && { wrong: one.wrong })
    });
    column.lasted(one.seconds);
    return column;
  });
  const code = isObject(value.code) ? (value.code as unknown as Code) : null;
  return { asked: asked as unknown as Contender[], columns, code };
}

const isObject = (one: unknown): one is Record<string, unknown> =>
  typeof one === 'object' && one !== null && !Array.isArray(one);
const listed = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every(isObject);

function isLane(one: Record<string, unknown>): one is Record<string, unknown> & Lane {
  const { answer, figures, wrong } = one;
  return (
    ENDS.includes(one.state as string) &&
    typeof one.text === 'string' &&
    typeof one.seconds === 'number' &&
    (answer === null ||
      (isObject(answer) && Array.isArray(answer.labels) && typeof answer.text === 'string')) &&
    (figures === null || (isObject(figures) && Array.isArray(figures.marks))) &&
    (wrong === null || (isObject(wrong) && typeof wrong.message === 'string'))
  );
}
