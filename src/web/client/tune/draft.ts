import { computed, signal } from '@preact/signals';
import type { Masks, Occupants, Zones } from '../../../domain/page/payloads.js';
import { zoneNamePattern } from '../../../domain/zones/zone-name.js';
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
const zones = signal<Zones | undefined>(undefined);
const occupants = signal<Occupants | undefined>(undefined);

const zoneProblem = computed(() => problemOf((zones.value ?? []).map(({ name }) => name)));

function problemOf(names: readonly string[]): string | undefined {
  if (!names.every((name) => zoneNamePattern.test(name))) return texts.badZoneName;
  return new Set(names).size < names.length ? texts.zoneNameTwice : undefined;
}

/** The changes to settings, masks, zones and occupants that are not applied yet, on top of the current ones. */
export const draft = {
  settings: computed(() => ({ ...state.value?.settings, ...settings.value })),
  masks: computed<Masks>(() => masks.value ?? state.value?.masks ?? []),
  zones: computed<Zones>(() => zones.value ?? state.value?.zones ?? []),
  /** why the zones cannot be applied */
  zoneProblem,
  /** null where nothing is recognised */
  occupants: computed<Occupants | null>(() => occupants.value ?? state.value?.occupied_by ?? null),
  changed: computed(
    () =>
      Object.keys(settings.value).length > 0 ||
      masks.value !== undefined ||
      zones.value !== undefined ||
      occupants.value !== undefined,
  ),
  /** Only the changes, as a rehearsal takes them. */
  request: computed(() => ({
    ...(Object.keys(settings.value).length > 0 && { settings: settings.value }),
    ...(masks.value && { masks: masks.value }),
    ...(zones.value && { zones: zones.value }),
    ...(occupants.value && { occupied_by: occupants.value }),
  })),
  /** whether every setting, and every zone, may be applied */
  valid: computed(
    () =>
      zoneProblem.value === undefined &&
      names.every((name) => isInRange(name, settings.value[name] ?? settingRanges[name].min)),
  ),
  set(name: keyof Tuned, value: number) {
    const { [name]: _, ...others } = settings.value;
    settings.value = state.value?.settings[name] === value ? others : { ...others, [name]: value };
  },
  setMasks(next: Masks) {
    masks.value = next;
  },
  setZones(next: Zones) {
    zones.value = next;
  },
  setOccupants(next: Occupants) {
    occupants.value = next.join() === state.value?.occupied_by?.join() ? undefined : next;
  },
  revert() {
    settings.value = {};
    masks.value = undefined;
    zones.value = undefined;
    occupants.value = undefined;
  },
  async apply() {
    const applying = { ...settings.value };
    const polygons = masks.value;
    const drawn = zones.value;
    const chosen = occupants.value;
    const applied = await attempt(async () => {
      if (polygons) await api.setMasks(polygons);
      if (drawn) await api.setZones(drawn);
      if (chosen) await api.setOccupants(chosen);
      const changed = Object.keys(applying).length > 0 ? await api.change(applying) : undefined;
      if (state.value === undefined) return;
      state.value = {
        ...state.value,
        settings: changed ?? state.value.settings,
        masks: polygons ?? state.value.masks,
        zones: drawn ?? state.value.zones,
        occupied_by: chosen ?? state.value.occupied_by,
      };
    }, texts.saved);
    if (!applied) return;
    // Changes made in the meantime are not applied yet.
    const left = Object.entries(settings.value).filter(([name, value]) => applying[name as keyof Tuned] !== value);
    settings.value = Object.fromEntries(left);
    if (masks.value === polygons) masks.value = undefined;
    if (zones.value === drawn) zones.value = undefined;
    if (occupants.value === chosen) occupants.value = undefined;
  },
};
