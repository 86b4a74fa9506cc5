import * as z from 'zod';

// The shapes of files.stone and check.stone; unknown members are refused, as the real API does.
const path = z.string().regex(/^((\/(.|[\r\n])*)|(ns:[0-9]+(\/(.|[\r\n])*)?)|(id:.*))$/);
const contentHash = z.string().regex(/^[0-9a-f]{64}$/);
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const tagged = (tag: string) => z.union([z.literal(tag), z.strictObject({ '.tag': z.literal(tag) })]);
const sessionId = z.string().min(1);

const commit = {
  path,
  mode: z
    .union([tagged('add'), tagged('overwrite'), z.strictObject({ '.tag': z.literal('update'), update: z.string() })])
    .default('add'),
  autorename: z.boolean().default(false),
  client_modified: timestamp.optional(),
  mute: z.boolean().default(false),
  strict_conflict: z.boolean().default(false),
};
export const commitInfo = z.strictObject(commit);
export type Commit = z.infer<typeof commitInfo>;
const cursor = z.strictObject({ session_id: sessionId, offset: z.int().min(0) });

/** What each route accepts. */
export const routeArgs = {
  'files/upload': z.strictObject({ ...commit, content_hash: contentHash.optional() }),
  'files/upload_session/start': z.strictObject({
    close: z.boolean().default(false),
    session_type: tagged('sequential').optional(),
    content_hash: contentHash.optional(),
  }),
  'files/upload_session/append_v2': z.strictObject({
    cursor,
    close: z.boolean().default(false),
    content_hash: contentHash.optional(),
  }),
  'files/upload_session/finish': z.strictObject({ cursor, commit: commitInfo, content_hash: contentHash.optional() }),
  'files/upload_session/finish_batch_v2': z.strictObject({
    entries: z.array(z.strictObject({ cursor, commit: commitInfo })).max(1000),
  }),
  'files/create_folder_v2': z.strictObject({ path, autorename: z.boolean().default(false) }),
  'users/get_current_account': z.null(),
  'files/get_metadata': z.strictObject({ path }),
  'check/user': z.strictObject({ query: z.string().max(500).default('') }),
  'users/get_space_usage': z.null(),
} as const;
export type Route = keyof typeof routeArgs;
export type Cursor = z.infer<typeof cursor>;

/** The scope a token needs for the route. */
export function scopeOf(route: Route): string {
  if (route === 'files/get_metadata') return 'files.metadata.read';
  return route.startsWith('files/') ? 'files.content.write' : 'account_info.read';
}

export function isRoute(name: string): name is Route {
  return Object.hasOwn(routeArgs, name);
}
