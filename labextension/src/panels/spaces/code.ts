/** A Space in code. An id that does not look like one is never made into code. */
import type { Code } from '../answers';

const ID = /^[A-Za-z0-9][\w.-]{0,95}(\/[A-Za-z0-9][\w.-]{0,95})?$/;

export function codeOf(id: string): Code | null {
  if (!ID.test(id)) return null;
  return { magic: `%hf info spaces/${id}`, python: `hf_nb.info("${id}", kind="space")` };
}
