#!/usr/bin/python3
"""Writes the trained network as ONNX, its weights as 8-bit numbers with a scale for each output channel; the
arithmetic stays in 32-bit floats. See ../README.md."""

import argparse
import hashlib
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from network import CELLS, INPUT_SIDE, PictureFinder, Shipped

# Smaller tensors stay as they are.
LEAST_NUMBERS = 1000


def weights_in_bytes(model):
    graph = model.graph
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST_NUMBERS:
            continue
        axes = tuple(range(1, values.ndim))
        scale = np.abs(values).max(axes) / 127 + 1e-12
        shape = (-1,) + (1,) * len(axes)
        bytes_ = np.clip(np.round(values / scale.reshape(shape)), -127, 127).astype(np.int8)
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(bytes_, name + "_bytes"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), name + "_scale"))
        graph.initializer.append(numpy_helper.from_array(np.zeros(len(scale), np.int8), name + "_zero"))
        node = helper.make_node("DequantizeLinear", [name + "_bytes", name + "_scale", name + "_zero"], [name], axis=0)
        graph.node.insert(0, node)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True, help="the .onnx file; its manifest and a check file go beside it")
    parser.add_argument("--floats", action="store_true", help="keep the weights as 32-bit floats")
    options = parser.parse_args()
    finder = PictureFinder()
    saved = torch.load(options.checkpoint)
    finder.load_state_dict(saved["averaged"])
    shipped = Shipped(finder).eval()
    picture = torch.rand(1, 3, INPUT_SIDE, INPUT_SIDE, generator=torch.Generator().manual_seed(1))
    torch.onnx.export(shipped, picture, options.out, input_names=["picture"], output_names=["maps"], opset_version=13)
    model = onnx.load(options.out)
    if not options.floats:
        model = weights_in_bytes(model)
    model.doc_string = "Presieve picture finder: where pictures are in a picture, never what they show."
    onnx.checker.check_model(model)
    onnx.save(model, options.out)
    with open(options.out, "rb") as file:
        data = file.read()
    manifest = {
        "file": os.path.basename(options.out),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "input": {"name": "picture", "shape": [1, 3, INPUT_SIDE, INPUT_SIDE]},
        "output": {"name": "maps", "shape": [1, 5, CELLS, CELLS]},
    }
    with open(os.path.join(os.path.dirname(options.out) or ".", "manifest.json"), "w") as file:
        json.dump(manifest, file, indent=2)
        file.write("\n")
    print(json.dumps(manifest))


if __name__ == "__main__":
    main()
