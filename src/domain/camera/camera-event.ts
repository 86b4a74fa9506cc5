/**
 * The events of a camera in order: `opened`, then frames, then perhaps `lost`, and `opened` again after a reconnect. `resized`
 * comes before the first frame of another size than those before, `frozen` and `thawed` before the first frame of a picture that
 * has stayed the same for too long, and of the next one that differs.
 * `at` is in seconds since the Unix epoch (in a replay: since the start of the clip). `dropped` counts the frames left out since
 * the frame before. An image is valid until the next event is requested.
 */
export type CameraEvent<Image> =
  | { readonly kind: 'opened' | 'resized'; readonly at: number; readonly width: number; readonly height: number }
  | { readonly kind: 'frame'; readonly at: number; readonly image: Image; readonly dropped: number }
  | { readonly kind: 'thawed'; readonly at: number }
  | { readonly kind: 'lost' | 'frozen'; readonly at: number; readonly why: string };
