/** Pages come deflated where the browser can unfold them: numbers and words weigh a third of their JSON. */
import type { Packed } from './answers';

export const UNPACKS = typeof DecompressionStream === 'function';

/** The answer itself, or what its first buffer holds. */
export async function unpacked<T extends object>(answer: T | Packed, buffers: ArrayBuffer[]): Promise<T> {
  if (!('packed' in answer) || !buffers[0]) return answer as T;
  const folded = new Response(buffers[0]).body as ReadableStream<BufferSource>;
  return (await new Response(folded.pipeThrough(new DecompressionStream('deflate'))).json()) as T;
}
