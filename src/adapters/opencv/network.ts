import { readFileSync } from 'node:fs';
import { decodeDetections } from '../../domain/recognition/decode-detections.js';
import type { Detection } from '../../domain/recognition/detection.js';
import type { Region } from '../../domain/motion/judgement.js';
import { packageFile } from '../../package-file.js';
import { openCv, promised, type Mat } from './binding.js';

/** The model that recognises people, animals and vehicles. */
export type Network = {
  /**
   * Looks at an image (8 bits, blue, green, red), which shows the part `crop` of a frame; it is copied before this returns. Takes
   * some 40 ms of a desktop's CPU on a thread of its own. One call at a time. Rejects if the model cannot be run.
   */
  detect(image: Mat, crop: Region): Promise<readonly Detection[]>;
};

/** The width and the height of the images that the model was trained with; others are scaled. */
export const modelSide = 300;
const modelFile = (name: string) => packageFile(`assets/models/${name}`);

/** Loads the model (assets/models/README.md: 60 MB of memory). Throws an Error if it is missing or not readable. */
export function openNetwork(): Network {
  const cv = openCv();
  const anchorBytes = readFileSync(modelFile('ssdlite-mobilenet-v2-coco.anchors'));
  const anchors = new Float32Array(Uint8Array.from(anchorBytes).buffer);
  const net = cv.readNetFromONNX(modelFile('ssdlite-mobilenet-v2-coco.onnx'));
  const size = new cv.Size(modelSide, modelSide);
  // (x - 127.5) / 127.5: -1 to 1, as the model was trained.
  const middle = new cv.Vec3(127.5, 127.5, 127.5);

  return {
    async detect(image, crop) {
      const blob = cv.blobFromImage(image, 1 / 127.5, size, middle, true, false);
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

/** Copies a matrix of 32-bit floats, and releases it. */
function floatsOf(mat: Mat): Float32Array {
  const bytes = Uint8Array.from(mat.getData());
  mat.release();
  return new Float32Array(bytes.buffer);
}
