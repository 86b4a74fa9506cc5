/** A protobuf field (https://protobuf.dev/programming-guides/encoding): a number, or bytes with their length. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === 'number') return Buffer.from([number << 3, value]);
  const bytes = Buffer.from(value as string);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

function message(number: number, ...fields: Buffer[]): Buffer {
  return field(number, Buffer.concat(fields));
}

/** A tensor of floats, 1 x 1 x 2 x 2. */
function tensor(number: number, name: string): Buffer {
  const shape = message(2, ...[1, 1, 2, 2].map((size) => message(1, field(1, size))));
  return message(number, field(1, name), message(2, message(1, field(1, 1), shape)));
}

function node(operator: string, input: string, output: string): Buffer {
  return message(1, field(1, input), field(2, output), field(4, operator));
}

/** An ONNX model (onnx.proto) that makes of `x` (1 x 1 x 2 x 2) its `positive` part and its `sigmoid`. */
export function tinyModel(): Buffer {
  const nodes = [node('Relu', 'x', 'positive'), node('Sigmoid', 'x', 'sigmoid')];
  const graph = [...nodes, field(2, 'tiny'), tensor(11, 'x'), tensor(12, 'positive'), tensor(12, 'sigmoid')];
  return Buffer.concat([field(1, 7), message(7, ...graph), message(8, field(2, 11))]);
}
