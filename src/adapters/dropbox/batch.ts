import type { Dropbox, files } from 'dropbox';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import { badAnswer, badRequestCode, createHalt, type Trouble, troubleOf, troubleOfEntry } from './errors.js';
import { commitOf, isTaken, type PreparedUpload, outcomeOf, uploadPicture } from './upload.js';

/** Uploads without a commit do not lock the account; more at a time would only reach the rate limit sooner. */
const uploadsAtATime = 4;
const badBatch = 'bad_batch';

/**
 * Uploads pictures into sessions, then commits them in one request, which locks the account once. If trouble that concerns
 * every picture ends the uploads, those already uploaded are still committed, so that each round makes progress. A refused
 * picture that a second try may save is uploaded once more on its own. At most 1,000 pictures.
 */
export async function uploadBatch(
  client: Dropbox,
  pictures: readonly PreparedUpload[],
  signal: AbortSignal,
): Promise<readonly DepositOutcome[]> {
  const started = await startSessions(client, pictures, signal);
  const committed = await commit(client, pictures, started, signal);
  const outcomes: DepositOutcome[] = [];
  const halt = createHalt();
  for (const { picture, outcome } of committed) if (!deservesSecondTry(picture, outcome)) halt.note(outcome);
  for (const { picture, outcome } of committed) {
    if (!deservesSecondTry(picture, outcome)) outcomes.push(outcome);
    else {
      const second = halt.trouble ?? (await uploadPicture(client, picture, signal));
      outcomes.push(second);
      halt.note(second);
    }
  }
  return outcomes;
}

/** Gives the id of each picture's session, or why it has none. */
async function startSessions(
  client: Dropbox,
  pictures: readonly PreparedUpload[],
  signal: AbortSignal,
): Promise<(string | Trouble)[]> {
  const started: (string | Trouble)[] = [];
  const halt = createHalt();
  const queue = pictures.entries();
  const work = async () => {
    for (const [index, picture] of queue) {
      const session = halt.trouble ?? (await startSession(client, picture, signal));
      started[index] = session;
      if (typeof session !== 'string') halt.note(session);
    }
  };
  await Promise.all(Array.from({ length: uploadsAtATime }, work));
  return started;
}

async function startSession(client: Dropbox, picture: PreparedUpload, signal: AbortSignal): Promise<string | Trouble> {
  const args = { close: true, contents: picture.bytes, content_hash: picture.hash };
  try {
    const { result } = await client.filesUploadSessionStart(args, { signal });
    const { session_id } = Object(result) as { session_id?: unknown };
    return typeof session_id === 'string' ? session_id : badAnswer();
  } catch (error) {
    return troubleOf(error);
  }
}

async function commit(
  client: Dropbox,
  pictures: readonly PreparedUpload[],
  started: readonly (string | Trouble)[],
  signal: AbortSignal,
): Promise<{ picture: PreparedUpload; outcome: DepositOutcome }[]> {
  const entries = pictures.flatMap((picture, index) => {
    const session_id = started[index];
    return typeof session_id === 'string'
      ? [{ cursor: { session_id, offset: picture.bytes.length }, commit: commitOf(picture) }]
      : [];
  });
  const answers = entries.length === 0 ? [] : await finish(client, entries, signal);
  let next = 0;
  return pictures.map((picture, index) => {
    const session = started[index] ?? badAnswer();
    if (typeof session !== 'string') return { picture, outcome: session };
    return { picture, outcome: 'kind' in answers ? answers : outcomeOfEntry(picture, answers[next++]) };
  });
}

async function finish(
  client: Dropbox,
  entries: files.UploadSessionFinishArg[],
  signal: AbortSignal,
): Promise<readonly unknown[] | Trouble> {
  try {
    const { result } = await client.filesUploadSessionFinishBatchV2({ entries }, { signal });
    const answers: unknown = (Object(result) as Partial<files.UploadSessionFinishBatchResult>).entries;
    return Array.isArray(answers) && answers.length === entries.length ? answers : badAnswer();
  } catch (error) {
    const trouble = troubleOf(error);
    return trouble.code === badRequestCode ? { kind: 'refused', code: badBatch, message: trouble.message } : trouble;
  }
}

function outcomeOfEntry(picture: PreparedUpload, entry: unknown): DepositOutcome {
  const { '.tag': tag, failure } = Object(entry) as { '.tag'?: unknown; failure?: unknown };
  if (tag === 'success') return outcomeOf(picture, entry);
  return tag === 'failure' ? troubleOfEntry(failure) : badAnswer();
}

/** After a damaged transfer, a conflict with another path left, or a batch refused as a whole, perhaps for one bad entry. */
function deservesSecondTry(picture: PreparedUpload, outcome: DepositOutcome): boolean {
  if (outcome.kind !== 'refused') return false;
  return (
    outcome.code === 'hash_mismatch' ||
    outcome.code === badBatch ||
    (isTaken(outcome) && picture.otherPath !== undefined)
  );
}
