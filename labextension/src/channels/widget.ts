/** A Channel over an anywidget model: custom messages both ways, binary buffers beside them. */
import { Conversation } from '../channel';
import type { Request } from '../protocol';

/** The part of anywidget's model that is used here. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(message: unknown, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, heard: (...args: never[]) => void): void;
  off(event: string, heard: (...args: never[]) => void): void;
}

export function widgetChannel(model: Model): Conversation {
  const conversation = new Conversation();
  const hear = (message: unknown, buffers: DataView[] = []) => {
    conversation.receive(message, buffers.map(whole));
  };
  // anywidget hands on that the comm has changed, not how; every comm begins alive, so this one has ended
  const live = () => {
    if ((model as { comm_live?: boolean }).comm_live !== true) conversation.hangUp({ state: 'lost' });
  };
  model.on('msg:custom', hear as never);
  model.on('comm_live_update', live as never);
  model.on('destroy', gone as never);
  function gone() {
    conversation.hangUp({ state: 'lost' });
  }
  conversation.connect({
    send: (message: Request, buffers?: ArrayBuffer[]) => {
      try {
        model.send(message, undefined, buffers);
      } catch {
        gone(); // VS Code forgets a restarted kernel's comms and tells nobody
      }
    },
    dispose: () => {
      model.off('msg:custom', hear as never);
      model.off('comm_live_update', live as never);
      model.off('destroy', gone as never);
    }
  });
  return conversation;
}

function whole(view: DataView): ArrayBuffer {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}
