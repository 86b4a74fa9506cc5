import { computed, signal } from '@preact/signals';
import type { Masks } from '../../domain/page/payloads.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import { api } from './api.js';
import { attempt } from './notice.js';
import { state } from './room.js';
import { texts } from './texts.js';

type Tuned = Omit<LiveSettings, 'armed'>;

const settings = signal<Partial<Tuned>>({});
const masks = signal<Masks | undefined>(undefined);

/** What is tried out and not applied yet, on top of what holds. */
export const draft = {
  settings: computed(() => ({ ...state.value?.settings, ...settings.value })),
  masks: computed<Masks>(() => masks.value ?? state.value?.masks ?? []),
  changed: computed(() => Object.keys(settings.value).length > 0 || masks.value !== undefined),
  /** The draft alone, as a rehearsal takes it. */
  request: computed(() => ({
    ...(Object.keys(settings.value).length > 0 && { settings: settings.value }),
    ...(masks.value && { masks: masks.value }),
  })),
  set(name: keyof Tuned, value: number) {
    const { [name]: _, ...others } = settings.value;
    settings.value = state.value?.settings[name] === value ? others : { ...others, [name]: value };
  },
  setMasks(next: Masks) {
    masks.value = next;
  },
  revert() {
    settings.value = {};
    masks.value = undefined;
  },
  async apply() {
    const asked = { ...settings.value };
    const polygons = masks.value;
    const applied = await attempt(async () => {
      if (polygons) await api.setMasks(polygons);
      const held = Object.keys(asked).length > 0 ? await api.change(asked) : undefined;
      if (state.value === undefined) return;
      state.value = { ...state.value, settings: held ?? state.value.settings, masks: polygons ?? state.value.masks };
    }, texts.saved);
    if (!applied) return;
    // What was changed meanwhile is still a draft.
    const left = Object.entries(settings.value).filter(([name, value]) => asked[name as keyof Tuned] !== value);
    settings.value = Object.fromEntries(left);
    if (masks.value === polygons) masks.value = undefined;
  },
};
