/** Code that the kernel sends: a bundle by its name. */
import type { Model } from '../channels/widget';

const PATIENCE = 8000;
const PAUSE = 1000;
export const TRIES = 60;

/** What its module exports; who asks again after it was refused asks without haste. */
export function fetched<T>(model: Model, hash: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const hear = (message: { bundle?: string }, buffers: DataView[]) => {
      if (message.bundle !== hash || !buffers[0]) return;
      model.off('msg:custom', hear as never);
      clearTimeout(late);
      const address = URL.createObjectURL(new Blob([buffers[0]] as BlobPart[], { type: 'text/javascript' }));
      import(/* @vite-ignore */ address).then(module => resolve(module.default), reject);
    };
    const late = setTimeout(() => {
      model.off('msg:custom', hear as never);
      reject(new Error('The kernel did not answer.'));
    }, PATIENCE);
    model.on('msg:custom', hear as never);
    model.send({ bundle: hash }); // throws where the comm is gone
  }).catch(wrong => new Promise<never>((_, reject) => setTimeout(() => reject(wrong), PAUSE)));
}
