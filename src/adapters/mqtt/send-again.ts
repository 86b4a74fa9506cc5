import { pause } from '../../async/pause.js';
import { backoffSeconds } from '../../domain/backoff.js';
import type { BrokerHealth } from './broker-health.js';
import type { Current } from './current.js';
import type { HeldTopics } from './held-topics.js';
import type { Outgoing } from './send-queue.js';

/** What is needed to ask the broker again. */
export type Asking = {
  readonly current: Current;
  readonly health: BrokerHealth;
  readonly held: Pick<HeldTopics, 'accepted'>;
  /** aborted at the end of the client */
  readonly signal: AbortSignal;
};

/** What was refused is asked for again: access rules may be corrected while the process runs. */
const refusalPauses = { floorSeconds: 5, ceilingSeconds: 60, jitter: 0.5 };

type Request = {
  /** a topic, or the name of a subscription */
  readonly topic: string;
  /** Asks the broker; `answered` gets why it refuses, or undefined if it does not, unless the connection ends first. */
  ask(answered: (refusal: string | undefined) => void): void;
  /** False once it need not be asked again. */
  wanted(): boolean;
  accepted?(): void;
};

/** Asks the broker until it accepts, after growing pauses, as long as this connection lasts. */
export function askUntilAccepted(request: Request, asking: Asking, attempt = 1): void {
  const { current, health, held, signal } = asking;
  const { connection } = current;
  const { topic } = request;
  if (connection === undefined) return;
  request.ask((refusal) => {
    if (current.connection !== connection) return;
    if (refusal === undefined) {
      health.accepted(topic);
      held.accepted(topic);
      return request.accepted?.();
    }
    health.refused(topic, refusal);
    void pause(backoffSeconds(attempt, refusalPauses, Math.random()), signal).then(() => {
      const again = !signal.aborted && current.connection === connection && request.wanted();
      if (again) askUntilAccepted(request, asking, attempt + 1);
    });
  });
}

/** Sends a message until the broker accepts it, as long as this connection lasts. */
export function sendUntilAccepted(
  message: () => Omit<Outgoing, 'answered'>,
  { wanted, accepted }: Pick<Request, 'wanted' | 'accepted'>,
  asking: Asking,
): void {
  const { topic } = message();
  const ask: Request['ask'] = (answered) => asking.current.connection?.send({ ...message(), answered });
  askUntilAccepted({ topic, ask, wanted, ...(accepted === undefined ? {} : { accepted }) }, asking);
}
