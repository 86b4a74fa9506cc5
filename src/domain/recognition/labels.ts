/** What the model tells apart, in the order of its outputs; tools/convert-person-model.py has the same list. */
export const LABELS = [
  'person',
  'bicycle',
  'car',
  'motorcycle',
  'bus',
  'train',
  'truck',
  'boat',
  'bird',
  'cat',
  'dog',
  'horse',
  'sheep',
  'cow',
  'bear',
  'backpack',
  'umbrella',
  'suitcase',
  'chair',
  'couch',
  'potted plant',
  'bed',
  'dining table',
  'toilet',
  'tv',
  'laptop',
  'teddy bear',
] as const;

/** One of the things that the model tells apart. */
export type Label = (typeof LABELS)[number];

const VEHICLES: readonly Label[] = ['bicycle', 'car', 'motorcycle', 'bus', 'train', 'truck', 'boat'];
const ANIMALS: readonly Label[] = ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'bear'];

/** What may occupy a room: a person, a kind of animal or vehicle, a group of them, or `anything` that moves. */
export const OCCUPANTS = [
  ...(['person', 'animal', 'vehicle', 'anything'] as const),
  ...(['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'bear'] as const),
  ...(['bicycle', 'car', 'motorcycle', 'bus', 'train', 'truck', 'boat'] as const),
] as const;
/** One of `OCCUPANTS`. */
export type Occupant = (typeof OCCUPANTS)[number];

/** Whether any motion occupies the room, whoever moves. */
export function isAnything(occupiedBy: readonly Occupant[]): boolean {
  return occupiedBy.includes('anything');
}

/** The labels that occupy a room. */
export function occupantLabels(occupiedBy: readonly Occupant[]): ReadonlySet<Label> {
  const labels = occupiedBy.flatMap((occupant): readonly Label[] => {
    if (occupant === 'vehicle') return VEHICLES;
    if (occupant === 'animal') return ANIMALS;
    return occupant === 'anything' ? [] : [occupant];
  });
  return new Set(labels);
}

/** Whether a thing with this label goes about: it may be what moves, where a chair only stands behind it. */
export function movesByItself(label: Label): boolean {
  return label === 'person' || VEHICLES.includes(label) || ANIMALS.includes(label);
}

/** Animals look a little like people to the model: where both are found at one place, the higher score decides. */
export function isAnimal(label: Label): boolean {
  return ANIMALS.includes(label);
}
