declare module '*.css' {
  const text: string;
  export default text;
}

/** What a panel's bundle lends to a part of it (build.mjs). */
declare module 'lent:*' {
  const modules: unknown[];
  export default modules;
}
