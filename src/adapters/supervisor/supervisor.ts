import * as z from 'zod';

/** Answers of Home Assistant's Supervisor, or why it does not give them. */
export type Asked<T> = { readonly value: T } | { readonly why: string };

/** Home Assistant's Supervisor, as an app may ask it. */
export type Supervisor = {
  /** The broker, and the credentials that the Supervisor has made for apps. */
  mqtt(): Promise<Asked<z.infer<typeof mqttService>>>;
  /** The app itself; `slug` is its name in Home Assistant's addresses. */
  self(): Promise<Asked<z.infer<typeof app>>>;
};

const mqttService = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535),
  ssl: z.boolean().default(false),
  protocol: z.string().default('3.1.1'),
  username: z.string().optional(),
  password: z.string().optional(),
});
const app = z.object({ slug: z.string().regex(/^[\w.-]+$/) });
const refusal = z.object({ message: z.string() });

const patienceMs = 10_000;

/** @param token the environment variable `SUPERVISOR_TOKEN` of an app */
export function connectSupervisor(url: string, token: string): Supervisor {
  async function ask<T>(path: string, schema: z.ZodType<T>): Promise<Asked<T>> {
    try {
      const answer = await fetch(url + path, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(patienceMs),
      });
      const body: unknown = await answer.json().catch(() => undefined);
      if (!answer.ok) return { why: refusal.safeParse(body).data?.message ?? `status ${answer.status}` };
      const found = z.object({ data: schema }).safeParse(body);
      return found.success ? { value: found.data.data } : { why: 'the answer is not what was expected' };
    } catch (error) {
      return {
        why: `no answer: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`,
      };
    }
  }
  return {
    mqtt: () => ask('/services/mqtt', mqttService),
    self: () => ask('/addons/self/info', app),
  };
}
