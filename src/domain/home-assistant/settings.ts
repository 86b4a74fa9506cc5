import type { Component } from './document.js';
import { liveSettings } from '../contract/payloads.js';

/** The numeric live settings as configuration entities, with the ranges that the detector accepts. */
export function settingComponents(stateTopic: string, commandTopic: string): Record<string, Component> {
  const { delta_thresh, min_area, min_motion_frames, vacancy_seconds, min_upload_seconds } = liveSettings.shape;
  const number = (key: string, range: { minValue: number | null; maxValue: number | null }, rest: object) => ({
    platform: 'number' as const,
    entity_category: 'config',
    min: range.minValue,
    max: range.maxValue,
    step: 1,
    mode: 'box',
    state_topic: stateTopic,
    value_template: `{{ value_json.${key} }}`,
    command_topic: commandTopic,
    command_template: `{"${key}":{{ value }}}`,
    ...rest,
  });
  const seconds = { device_class: 'duration', unit_of_measurement: 's' };
  return {
    delta_thresh: {
      name: 'Motion threshold',
      ...number('delta_thresh', delta_thresh, { icon: 'mdi:contrast-circle', unit_of_measurement: 'grey levels' }),
    },
    min_area: {
      name: 'Minimum area',
      ...number('min_area', min_area, { icon: 'mdi:vector-square', unit_of_measurement: 'px²' }),
    },
    min_motion_frames: {
      name: 'Motion frames',
      ...number('min_motion_frames', min_motion_frames, { icon: 'mdi:filmstrip', unit_of_measurement: 'frames' }),
    },
    vacancy_seconds: { name: 'Vacancy time', ...number('vacancy_seconds', vacancy_seconds, seconds) },
    min_upload_seconds: {
      name: 'Snapshot interval',
      ...number('min_upload_seconds', min_upload_seconds, { ...seconds, step: 0.1 }),
    },
  };
}
