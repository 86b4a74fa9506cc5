/** Whether a topic matches a subscription's filter (MQTT 5 §4.7), shared or not (§4.8.2). */
export function topicMatches(filter: string, topic: string): boolean {
  if (!/[#+$]/.test(filter)) return filter === topic;
  const levels = (filter.startsWith('$share/') ? filter.split('/').slice(2) : filter.split('/')).values();
  const parts = topic.split('/');
  let depth = 0;
  for (const level of levels) {
    const part = parts[depth];
    // A wildcard at the first level does not match topics that start with `$` (§4.7.2).
    if (depth === 0 && (level === '#' || level === '+') && topic.startsWith('$')) return false;
    if (level === '#') return true;
    if (part === undefined || (level !== '+' && level !== part)) return false;
    depth += 1;
  }
  return depth === parts.length;
}
