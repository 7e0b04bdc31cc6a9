/** Code that has to do with hf_nb: after it has run, a kernel may know us. */
export const MENTIONS = /\bhf_nb\b|^\s*%{1,2}hf\b/m;
