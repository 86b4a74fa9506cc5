/**
 * What a camera says, in order: `opened`, then frames, then perhaps `lost`, and `opened` again once it is back.
 * `at` is seconds since the Unix epoch (of a replay: of the clip). An image is on loan until the next event is asked for.
 */
export type CameraEvent<Image> =
  | { readonly kind: 'opened'; readonly at: number; readonly width: number; readonly height: number }
  | { readonly kind: 'frame'; readonly at: number; readonly image: Image; readonly dropped: number }
  | { readonly kind: 'lost'; readonly at: number; readonly why: string };
