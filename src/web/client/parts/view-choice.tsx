import type { LiveView } from '../../../domain/page/payloads.js';
import { Choice } from './choice.js';
import { texts } from '../texts.js';

const views: readonly LiveView[] = ['picture', 'difference', 'foreground', 'background'];

/** The choice of the live view. */
export function ViewChoice({ view, choose }: { view: LiveView; choose: (view: LiveView) => void }) {
  return <Choice label={texts.viewLabel} options={views} names={texts.views} chosen={view} choose={choose} />;
}
