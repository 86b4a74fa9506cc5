/** An error that a route answers with status 409 and this message. */
export function conflict(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 409 });
}
