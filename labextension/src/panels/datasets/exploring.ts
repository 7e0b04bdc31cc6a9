/** What the list does not need: the explorer. It comes when a dataset is explored (room.tsx). */
export { explorer } from '../explorer';
