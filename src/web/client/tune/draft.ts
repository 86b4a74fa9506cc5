import { computed, signal } from '@preact/signals';
import type { Masks, Occupants } from '../../../domain/page/payloads.js';
import type { LiveSettings } from '../../../domain/contract/payloads.js';
import { isInRange, settingRanges } from '../../../domain/contract/setting-ranges.js';
import { api } from '../state/api.js';
import { attempt } from '../parts/notice.js';
import { state } from '../state/room.js';
import { texts } from '../texts.js';

const names = Object.keys(settingRanges) as (keyof typeof settingRanges)[];
type Tuned = Omit<LiveSettings, 'armed'>;

const settings = signal<Partial<Tuned>>({});
const masks = signal<Masks | undefined>(undefined);
const occupants = signal<Occupants | undefined>(undefined);

/** The changes to settings, masks and occupants that are not applied yet, on top of the current ones. */
export const draft = {
  settings: computed(() => ({ ...state.value?.settings, ...settings.value })),
  masks: computed<Masks>(() => masks.value ?? state.value?.masks ?? []),
  /** null where nothing is recognised */
  occupants: computed<Occupants | null>(() => occupants.value ?? state.value?.occupied_by ?? null),
  changed: computed(
    () => Object.keys(settings.value).length > 0 || masks.value !== undefined || occupants.value !== undefined,
  ),
  /** Only the changes, as a rehearsal takes them. */
  request: computed(() => ({
    ...(Object.keys(settings.value).length > 0 && { settings: settings.value }),
    ...(masks.value && { masks: masks.value }),
    ...(occupants.value && { occupied_by: occupants.value }),
  })),
  /** whether every setting may be applied */
  valid: computed(() => names.every((name) => isInRange(name, settings.value[name] ?? settingRanges[name].min))),
  set(name: keyof Tuned, value: number) {
    const { [name]: _, ...others } = settings.value;
    settings.value = state.value?.settings[name] === value ? others : { ...others, [name]: value };
  },
  setMasks(next: Masks) {
    masks.value = next;
  },
  setOccupants(next: Occupants) {
    occupants.value = next.join() === state.value?.occupied_by?.join() ? undefined : next;
  },
  revert() {
    settings.value = {};
    masks.value = undefined;
    occupants.value = undefined;
  },
  async apply() {
    const applying = { ...settings.value };
    const polygons = masks.value;
    const chosen = occupants.value;
    const applied = await attempt(async () => {
      if (polygons) await api.setMasks(polygons);
      if (chosen) await api.setOccupants(chosen);
      const changed = Object.keys(applying).length > 0 ? await api.change(applying) : undefined;
      if (state.value === undefined) return;
      state.value = {
        ...state.value,
        settings: changed ?? state.value.settings,
        masks: polygons ?? state.value.masks,
        occupied_by: chosen ?? state.value.occupied_by,
      };
    }, texts.saved);
    if (!applied) return;
    // Changes made in the meantime are not applied yet.
    const left = Object.entries(settings.value).filter(([name, value]) => applying[name as keyof Tuned] !== value);
    settings.value = Object.fromEntries(left);
    if (masks.value === polygons) masks.value = undefined;
    if (occupants.value === chosen) occupants.value = undefined;
  },
};
