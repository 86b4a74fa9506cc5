type Say = (fields: object, words: string) => void;

/** What inner parts log with, fields first; the process's log fits. */
export type Log = { readonly debug: Say; readonly info: Say; readonly warn: Say; readonly error: Say };
