import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeDetections } from '../../domain/recognition/decode-detections.js';
import type { Detection } from '../../domain/recognition/detection.js';
import type { Region } from '../../domain/motion/judgement.js';
import { openCv, promised, type Mat } from './binding.js';
import type { Picture } from './picture.js';

/** Recognises people, animals and vehicles in parts of a picture. */
export type Recogniser = {
  /**
   * Looks at one part of the picture, given in shares of it. The pixels are copied before this returns; the rest takes some
   * 40 ms of a desktop's CPU on a thread of its own. One look at a time. Rejects if the model cannot be run.
   */
  detect(picture: Picture, crop: Region): Promise<readonly Detection[]>;
};

const modelSide = 300;
const modelFile = (name: string) => fileURLToPath(new URL(`../../../assets/models/${name}`, import.meta.url));

/** Loads the model (assets/models/README.md: 60 MB of memory). Throws an Error if it is missing or not readable. */
export function openRecogniser(): Recogniser {
  const cv = openCv();
  const anchorBytes = readFileSync(modelFile('ssdlite-mobilenet-v2-coco.anchors'));
  const anchors = new Float32Array(Uint8Array.from(anchorBytes).buffer);
  const net = cv.readNetFromONNX(modelFile('ssdlite-mobilenet-v2-coco.onnx'));
  const size = new cv.Size(modelSide, modelSide);
  // (x - 127.5) / 127.5: -1 to 1, as the model was trained.
  const middle = new cv.Vec3(127.5, 127.5, 127.5);

  /** Copies the part of the picture, scaled for the model. */
  function blobOf(picture: Picture, crop: Region): Mat {
    const part = picture.bgr().getRegion(pixelsOf(crop, picture));
    try {
      return cv.blobFromImage(part, 1 / 127.5, size, middle, true, false);
    } finally {
      part.release();
    }
  }

  return {
    async detect(picture, crop) {
      const blob = blobOf(picture, crop);
      try {
        net.setInput(blob);
        const outputs = await promised<Mat[]>((done) => forwardAsync(net, ['boxes', 'classes'], done));
        const [boxes, classes] = outputs.map(floatsOf);
        if (boxes === undefined || classes === undefined) throw new Error('the model gave no answer');
        return decodeDetections({ boxes, classes }, anchors, crop);
      } finally {
        blob.release();
      }
    },
  };
}

type Done = (error: string | null, outputs: Mat[]) => void;

/** The package types the promise version only, which its loader makes; the binding itself takes a callback. */
function forwardAsync(net: object, outputs: readonly string[], done: Done): void {
  (net as { forwardAsync(outputs: readonly string[], done: Done): void }).forwardAsync(outputs, done);
}

/** A crop in whole pixels, at least one each way. */
function pixelsOf({ x, y, width, height }: Region, picture: Picture) {
  const left = Math.min(picture.width - 1, Math.round(x * picture.width));
  const top = Math.min(picture.height - 1, Math.round(y * picture.height));
  const right = Math.max(left + 1, Math.min(picture.width, Math.round((x + width) * picture.width)));
  const bottom = Math.max(top + 1, Math.min(picture.height, Math.round((y + height) * picture.height)));
  return new (openCv().Rect)(left, top, right - left, bottom - top);
}

/** Copies a matrix of 32-bit floats, and releases it. */
function floatsOf(mat: Mat): Float32Array {
  const bytes = Uint8Array.from(mat.getData());
  mat.release();
  return new Float32Array(bytes.buffer);
}
