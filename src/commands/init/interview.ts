import { tryPart, type Part } from '../check.js';
import type { Dialog } from '../dialog.js';

/** The user gave no answer that could be used; the message says what to do. */
export class Unanswered extends Error {
  /** the exit status: 2 for a missing answer, 1 for one that does not work */
  readonly status: 1 | 2;
  constructor(status: 1 | 2, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks the user, if the user is to be asked. */
export type Interview = {
  readonly dialog: Dialog;
  /** Nothing is asked: what is not given has its default, and what does not work is kept. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
};

/** What to ask for one value. */
export type Question = {
  readonly words: string;
  /** the flag that gives the answer without a question */
  readonly flag: string;
  /** for Enter alone; without one, an answer is needed */
  readonly fallback?: string;
  /** Says what is wrong with an answer, if anything. */
  readonly wrong: (answer: string) => string | undefined;
};

/** Asks until the answer is valid. */
export async function askFor({ dialog, yes }: Interview, question: Question): Promise<string> {
  const { words, flag, fallback, wrong } = question;
  if (yes && fallback !== undefined) return fallback;
  const shown = fallback === undefined ? words : `${words} [${fallback}]`;
  for (;;) {
    const answer = await dialog.ask(`${shown}: `);
    if (answer === undefined) throw new Unanswered(2, `an answer is missing: give it with ${flag}`);
    const meant = answer === '' ? fallback : answer;
    const problem = meant === undefined ? 'an answer is needed' : wrong(meant);
    if (meant !== undefined && problem === undefined) return meant;
    dialog.say(`  ${problem}`);
  }
}

/** Asks for something that may be left out, and that is not shown. */
export async function askSecret({ dialog, yes }: Interview, words: string): Promise<string | undefined> {
  return yes ? undefined : (await dialog.askSecret(`${words}: `)) || undefined;
}

/** Asks for something that may be left out. */
export async function askIfAny({ dialog, yes }: Interview, words: string): Promise<string | undefined> {
  return yes ? undefined : (await dialog.ask(`${words}: `)) || undefined;
}

/** Asks a yes-or-no question; undefined at the end of the input. */
export async function confirm({ dialog }: Interview, words: string, fallback: boolean): Promise<boolean | undefined> {
  const answer = await dialog.ask(`${words} [${fallback ? 'Y/n' : 'y/N'}] `);
  if (answer === undefined || answer === '') return answer === undefined ? undefined : fallback;
  return /^(?:y|yes)$/i.test(answer);
}

/** A part to be tried, and what hides its secrets. */
export type Trial = { readonly part: Part; readonly redact: (text: string) => string };

/** What an answer leads to. */
export type Settled<Answer> = {
  /** the answer that is there already, as from a flag */
  readonly given: Answer | undefined;
  ask(): Promise<Answer>;
  /** Gives the part that the answer makes; undefined for one that cannot be tried yet. */
  part(answer: Answer): Trial | undefined | Promise<Trial | undefined>;
};

/** Tries an answer as `roomwatch check` does, and asks again until it works or the user keeps it. */
export async function settle<Answer>(
  interview: Interview,
  { given, ask, part: partOf }: Settled<Answer>,
): Promise<Answer> {
  const { dialog, yes, signal } = interview;
  for (let waiting = given; ; waiting = undefined) {
    const answer = waiting ?? (await ask());
    const trial = await partOf(answer);
    if (trial === undefined) return answer;
    const { part, redact } = trial;
    dialog.say(`Trying the ${part.name} …`);
    const { works, line } = await tryPart(part, signal, redact);
    signal.throwIfAborted();
    dialog.say(`  ${line}`);
    if (works || yes) return answer;
    const keeps = await confirm(interview, 'Keep this answer all the same?', false);
    if (keeps === undefined) {
      throw new Unanswered(1, `the ${part.name} does not work: correct the answer, or keep it with --yes`);
    }
    if (keeps) return answer;
  }
}
