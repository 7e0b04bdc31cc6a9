/** A small table to write: cells to type in, rows and columns added and taken away, or CSV pasted into any cell. */
import { useRef } from 'preact/hooks';
import { Button } from './button';
import { useHere } from './here';

/** By rows: as an object by column, one called 2020 would come before one called city. hf_nb/panels/playground/given.py */
export interface Table {
  columns: string[];
  rows: string[][];
}

export function TableField({
  value,
  onInput,
  onSend
}: {
  value: unknown;
  onInput: (table: Table) => void;
  onSend?: () => void;
}) {
  const { say, toast } = useHere();
  const box = useRef<HTMLDivElement>(null);
  const grid = gridOf(value);
  const [names = [], ...rows] = grid;
  const put = (row: number, column: number, text: string) =>
    onInput(
      tableOf(
        grid.map((cells, at) =>
          at === row ? cells.map((one, place) => (place === column ? text : one)) : cells
        )
      )
    );
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const pasted = parsed(text);
    if (pasted.length < 2 && (pasted[0]?.length ?? 0) < 2) return;
    event.preventDefault();
    onInput(tableOf(pasted));
    const undo = { label: say('Undo'), run: () => onInput(tableOf(grid)) };
    toast({ text: say('A table of %1 rows was pasted.', pasted.length - 1), action: undo });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey) onSend?.();
    else below(box.current, event.target as HTMLElement, names.length);
  };
  const cell = (row: number, column: number, text: string) => (
    <input
      type="text"
      aria-label={row ? say('%1, row %2', names[column], row) : say('Name of column %1', column + 1)}
      value={text}
      onInput={event => put(row, column, event.currentTarget.value)}
    />
  );
  const without = (column: number) =>
    onInput(tableOf(grid.map(cells => cells.filter((_, at) => at !== column))));
  return (
    <div class="hfnb-field" ref={box} role="group" aria-label={say('Table')}>
      <span class="hfnb-soft">{say('Table: type, or paste CSV into a cell')}</span>
      <div class="hfnb-table-box" onPaste={paste} onKeyDown={press}>
        <table>
          <thead>
            <tr>
              {names.map((name, column) => (
                <th key={column} scope="col">
                  <div class="hfnb-table-name">
                    {cell(0, column, name)}
                    {names.length > 1 && (
                      <Button
                        kind="plain"
                        icon="close"
                        label={say('Take away the column %1', name)}
                        onClick={() => without(column)}
                      />
                    )}
                  </div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((text, column) => (
                  <td key={column}>{cell(row + 1, column, text)}</td>
                ))}
                <td class="hfnb-table-out">
                  {rows.length > 1 && (
                    <Button
                      kind="plain"
                      icon="close"
                      label={say('Take away row %1', row + 1)}
                      onClick={() => onInput(tableOf(grid.filter((_, at) => at !== row + 1)))}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="hfnb-row">
        <Button icon="insert" onClick={() => onInput(tableOf([...grid, names.map(() => '')]))}>
          {say('Row')}
        </Button>
        <Button
          icon="insert"
          onClick={() =>
            onInput(tableOf(grid.map((cells, at) => [...cells, at ? '' : `column ${names.length + 1}`])))
          }
        >
          {say('Column')}
        </Button>
      </div>
    </div>
  );
}

/** CSV, or what a spreadsheet copies; quotes may hold separators and line ends. */
export function parsed(text: string): string[][] {
  const by = text.includes('\t')
    ? '\t'
    : text.split('\n', 1)[0]?.includes(';') && !text.split('\n', 1)[0]?.includes(',')
      ? ';'
      : ',';
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const end = () => {
    rows.at(-1)?.push(cell.trim());
    cell = '';
  };
  const signs = text.replace(/\r\n?/g, '\n').trimEnd();
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (signs[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && !cell.trim()) {
      cell = '';
      quoted = true;
    } else if (sign === by) end();
    else if (sign === '\n') {
      end();
      rows.push([]);
    } else cell += sign;
  }
  end();
  const wide = Math.max(...rows.map(row => row.length));
  return rows.map(row => [...row, ...Array<string>(wide - row.length).fill('')]);
}

/** The names above the rows. */
function gridOf(value: unknown): string[][] {
  const table = (typeof value === 'object' && value !== null ? value : {}) as Partial<Table>;
  const { columns = [], rows = [] } = table;
  if (!columns.length) return [['column 1'], ['']];
  return [columns, ...(rows.length ? rows : [columns.map(() => '')])];
}

const tableOf = ([columns = [], ...rows]: string[][]): Table => ({ columns, rows });

function below(box: HTMLElement | null, from: HTMLElement, wide: number): void {
  const all = [...(box?.querySelectorAll('input') ?? [])];
  all[all.indexOf(from as HTMLInputElement) + wide]?.focus();
}
