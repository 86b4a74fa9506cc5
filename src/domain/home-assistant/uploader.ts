import { type Discovery, type DiscoveryContext, discoveryDocument } from './document.js';
import { displayName, uploaderDeviceId } from './ids.js';
import { uploaderStatus } from '../contract/payloads.js';
import { uploaderTopics } from '../contract/topics.js';

/** An uploader as a Home Assistant device of its own: it serves many rooms and belongs to none of them. */
export function uploaderDiscovery(context: DiscoveryContext & { readonly name: string }): Discovery {
  const topics = uploaderTopics(context.base, context.name);
  const device = {
    name: context.name === 'uploader' ? 'Roomwatch uploader' : `Roomwatch uploader ${displayName(context.name)}`,
    model: 'Snapshot uploader',
  };
  const status = { entity_category: 'diagnostic', state_topic: topics.status };
  const attributes = (template: string) => ({
    json_attributes_topic: topics.status,
    json_attributes_template: template,
  });
  return discoveryDocument(
    context,
    uploaderDeviceId(context.base, context.name),
    device,
    [{ topic: topics.availability }],
    {
      state: {
        platform: 'sensor',
        name: null,
        icon: 'mdi:cloud-upload',
        device_class: 'enum',
        options: uploaderStatus.shape.state.options,
        value_template: '{{ value_json.state }}',
        ...attributes(
          "{{ {'uploaded': value_json.uploaded, 'rejected': value_json.rejected, 'lost': value_json.lost} | tojson }}",
        ),
        ...status,
      },
      queue: {
        platform: 'sensor',
        name: 'Queue',
        icon: 'mdi:tray-full',
        state_class: 'measurement',
        unit_of_measurement: 'snapshots',
        value_template: '{{ value_json.queued }}',
        ...attributes("{{ {'oldest_queued_at': value_json.oldest_queued_at} | tojson }}"),
        ...status,
      },
      last_upload: {
        platform: 'sensor',
        name: 'Last upload',
        device_class: 'timestamp',
        value_template: '{{ value_json.last_uploaded_at }}',
        ...attributes("{{ {'path': value_json.last_path} | tojson }}"),
        ...status,
      },
      problem: {
        platform: 'binary_sensor',
        name: 'Problem',
        device_class: 'problem',
        value_template:
          "{{ 'ON' if value_json.state in ['auth_error', 'no_space'] or (value_json.last_error or {}).code in ['disk_filling', 'not_writable', 'not_mounted', 'blocked_folder', 'disk_trouble'] else 'OFF' }}",
        ...attributes(
          "{{ {'code': value_json.last_error.code, 'message': value_json.last_error.message} | tojson if value_json.last_error else '{}' }}",
        ),
        ...status,
      },
    },
  );
}
