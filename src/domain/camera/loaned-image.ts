/** An image on loan from a camera, in pixels: good until `release()`, which the camera calls when the next event is asked for. */
export type LoanedImage = { readonly width: number; readonly height: number; release(): void };
