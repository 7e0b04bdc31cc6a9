/** By mouse or finger: a column made wider, or put elsewhere. */
import type { Lane, Lanes } from './lanes';
import type { Sheet } from './sheet';

/** Pixels after which a press is a drag. */
const STARTS = 6;

/** What the right edge of a column's name does. */
export function useResize(lane: Lane, lanes: Lanes) {
  return {
    onPointerDown(event: PointerEvent) {
      event.preventDefault();
      event.stopPropagation();
      const grip = event.currentTarget as HTMLElement;
      const from = event.clientX;
      const { width } = lane;
      held(grip, event.pointerId, move => lanes.resize(lane.at, width + move.clientX - from));
    },
    onDblClick(event: MouseEvent) {
      event.stopPropagation();
      lanes.forgetWidth(lane.at);
    }
  };
}

/** A column's name is pressed: moved far enough, it goes where it is let go. */
export function dragged(event: PointerEvent, lane: Lane, sheet: Sheet, lanes: Lanes): void {
  if (event.button !== 0) return;
  const name = event.currentTarget as HTMLElement;
  const stand = name.closest<HTMLElement>('.hfnb-stand');
  if (!stand) return;
  const from = event.clientX;
  const edge = stand.getBoundingClientRect().left + sheet.gutter.peek();
  let before: number | null | undefined;
  delete name.dataset.moved;
  const place = (x: number) => {
    const at = x - edge;
    const shown = lanes.shown.peek();
    const pinned = lanes.pinnedWide.peek();
    const along = at < pinned ? at : at + sheet.left.peek();
    return shown.find(one => one.left + one.width / 2 > along)?.at ?? null;
  };
  held(
    name,
    event.pointerId,
    move => {
      if (before === undefined && Math.abs(move.clientX - from) < STARTS) return;
      before = place(move.clientX);
      name.dataset.moved = 'yes';
      mark(stand, sheet, lanes, before);
    },
    () => {
      stand.style.removeProperty('--hfnb-drop');
      if (before !== undefined && before !== lane.at) lanes.move(lane.at, before);
    }
  );
}

/** A line where it would go. */
function mark(stand: HTMLElement, sheet: Sheet, lanes: Lanes, before: number | null): void {
  const shown = lanes.shown.peek();
  const lane = shown.find(one => one.at === before);
  const left = lane ? lane.left : lanes.wide.peek();
  const x = sheet.gutter.peek() + left - (lane?.pinned ? 0 : sheet.left.peek());
  stand.style.setProperty('--hfnb-drop', `${x}px`);
}

function held(
  element: HTMLElement,
  pointer: number,
  move: (event: PointerEvent) => void,
  end?: () => void
): void {
  element.setPointerCapture?.(pointer);
  const over = () => {
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', over);
    element.removeEventListener('pointercancel', over);
    end?.();
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', over);
  element.addEventListener('pointercancel', over);
}
