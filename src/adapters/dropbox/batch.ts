import type { Dropbox, files } from 'dropbox';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import { badAnswer, concernsAll, type Trouble, troubleOf, troubleOfEntry } from './errors.js';
import { commitOf, type Parcel, receiptOf, uploadParcel } from './upload.js';

/** Uploads without a commit do not get into each other's way; more at a time only meet the rate limit sooner. */
const uploadsAtATime = 4;
const badBatch = 'bad_batch';

/**
 * Uploads pictures into sessions, then commits them with one request, and so with one lock on the account. What was uploaded
 * before a trouble that concerns everybody is still committed, so that every round gets on. A picture that is refused for a
 * reason that a second look may change is tried once more on its own. At most 1,000 pictures.
 */
export async function uploadBatch(
  client: Dropbox,
  parcels: readonly Parcel[],
  signal: AbortSignal,
): Promise<readonly DepositOutcome[]> {
  const started = await startSessions(client, parcels, signal);
  const committed = await commit(client, parcels, started, signal);
  const outcomes: DepositOutcome[] = [];
  let halt: DepositOutcome | undefined = committed.find(({ outcome }) => concernsAll(outcome))?.outcome;
  for (const { parcel, outcome } of committed) {
    const final = mayChange(parcel, outcome) ? (halt ?? (await uploadParcel(client, parcel, signal))) : outcome;
    outcomes.push(final);
    if (concernsAll(final)) halt = final;
  }
  return outcomes;
}

/** The id of each picture's session, or why it has none. */
async function startSessions(
  client: Dropbox,
  parcels: readonly Parcel[],
  signal: AbortSignal,
): Promise<(string | Trouble)[]> {
  const started: (string | Trouble)[] = [];
  let halt: Trouble | undefined;
  const queue = parcels.entries();
  const work = async () => {
    for (const [index, parcel] of queue) {
      const session = halt ?? (await startSession(client, parcel, signal));
      started[index] = session;
      if (typeof session !== 'string' && concernsAll(session)) halt = session;
    }
  };
  await Promise.all(Array.from({ length: uploadsAtATime }, work));
  return started;
}

async function startSession(client: Dropbox, parcel: Parcel, signal: AbortSignal): Promise<string | Trouble> {
  const args = { close: true, contents: parcel.bytes, content_hash: parcel.hash };
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
  parcels: readonly Parcel[],
  started: readonly (string | Trouble)[],
  signal: AbortSignal,
): Promise<{ parcel: Parcel; outcome: DepositOutcome }[]> {
  const entries = parcels.flatMap((parcel, index) => {
    const session_id = started[index];
    return typeof session_id === 'string'
      ? [{ cursor: { session_id, offset: parcel.bytes.length }, commit: commitOf(parcel) }]
      : [];
  });
  const answers = entries.length === 0 ? [] : await finish(client, entries, signal);
  let next = 0;
  return parcels.map((parcel, index) => {
    const session = started[index] ?? badAnswer();
    if (typeof session !== 'string') return { parcel, outcome: session };
    return { parcel, outcome: 'kind' in answers ? answers : judge(parcel, answers[next++]) };
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
    return trouble.kind === 'refused' ? { ...trouble, code: badBatch } : trouble;
  }
}

function judge(parcel: Parcel, entry: unknown): DepositOutcome {
  const { '.tag': tag, failure } = Object(entry) as { '.tag'?: unknown; failure?: unknown };
  if (tag === 'success') return receiptOf(parcel, entry);
  return tag === 'failure' ? troubleOfEntry(failure) : badAnswer();
}

/** A damaged transfer, a name for which there is another, and a batch refused as a whole, perhaps for one bad entry. */
function mayChange(parcel: Parcel, outcome: DepositOutcome): boolean {
  if (outcome.kind !== 'refused') return false;
  return (
    outcome.code === 'hash_mismatch' ||
    outcome.code === badBatch ||
    (outcome.code === 'conflict' && parcel.otherPath !== undefined)
  );
}
