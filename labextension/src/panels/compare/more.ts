/** What a first look does not need: votes and many rows. It comes when somebody turns to them (later.tsx). */
export { GivenRows } from './givenrows';
export { Many } from './many';
export { Voting } from './voting';
