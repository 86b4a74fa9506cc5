import type { Component } from './document.js';

/** Health is published every 30 s; after three missing messages its sensors become unavailable. */
const healthExpirySeconds = 100;

/** The members of a detector's health as diagnostic entities. */
export function diagnosticComponents(healthTopic: string): Record<string, Component> {
  const health = {
    entity_category: 'diagnostic',
    state_topic: healthTopic,
    expire_after: healthExpirySeconds,
    qos: 0,
  };
  return {
    camera: {
      platform: 'binary_sensor',
      name: 'Camera',
      device_class: 'connectivity',
      value_template: "{{ 'OFF' if value_json.camera == 'lost' else 'ON' }}",
      ...health,
    },
    fps: {
      platform: 'sensor',
      name: 'Frame rate',
      icon: 'mdi:speedometer',
      state_class: 'measurement',
      unit_of_measurement: 'fps',
      suggested_display_precision: 1,
      value_template: "{{ 'None' if value_json.camera == 'warming_up' else value_json.fps }}",
      ...health,
    },
    motion_level: {
      platform: 'sensor',
      name: 'Motion level',
      icon: 'mdi:waveform',
      state_class: 'measurement',
      unit_of_measurement: '%',
      suggested_display_precision: 2,
      value_template: '{{ (value_json.motion_level * 100) | round(3) }}',
      // It adds a row to the recorder every 30 s, which only tuning needs.
      enabled_by_default: false,
      ...health,
    },
    suppressed: {
      platform: 'sensor',
      name: 'Suppressed triggers',
      icon: 'mdi:motion-sensor-off',
      state_class: 'total_increasing',
      value_template: '{{ value_json.suppressed.values() | sum }}',
      json_attributes_topic: healthTopic,
      json_attributes_template: '{{ value_json.suppressed | tojson }}',
      ...health,
    },
    outbox: {
      platform: 'sensor',
      name: 'Outbox',
      icon: 'mdi:tray-full',
      state_class: 'measurement',
      unit_of_measurement: 'receipts',
      value_template: '{{ value_json.outbox }}',
      ...health,
    },
  };
}
