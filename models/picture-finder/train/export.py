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
from onnx import helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from network import CELLS, INPUT_SIDE, MAPS, PictureFinder, Shipped

# Smaller tensors stay as they are.
LEAST_NUMBERS = 1000
# The check file has one in so many numbers of the maps.
CHECK_EVERY = 13


def scales(values):
    return np.abs(values).max(tuple(range(1, values.ndim))) / 127 + 1e-12


def in_bytes(values):
    shape = (-1,) + (1,) * (values.ndim - 1)
    return np.clip(np.round(values / scales(values).reshape(shape)), -127, 127).astype(np.int8)


def folded(module):
    """The same network without batch normalisation, which becomes part of the convolutions before it."""
    for name, child in module.named_children():
        if isinstance(child, nn.Sequential) and len(child) == 3 and isinstance(child[1], nn.BatchNorm2d):
            setattr(module, name, nn.Sequential(fuse_conv_bn_eval(child[0], child[1]), child[2]))
        elif isinstance(child, nn.Sequential):
            for i, inner in enumerate(child):
                child[i] = nn.Sequential(fuse_conv_bn_eval(inner[0], inner[1]), inner[2])
    return module


@torch.no_grad()
def rounded(module):
    """The same network with the weights that will be shipped."""
    for weight in module.parameters():
        if weight.dim() == 4 and weight.numel() >= LEAST_NUMBERS:
            values = weight.numpy()
            shape = (-1, 1, 1, 1)
            weight.copy_(torch.from_numpy(in_bytes(values) * scales(values).astype(np.float32).reshape(shape)))
    return module


def weights_in_bytes(model):
    graph = model.graph
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.ndim != 4 or values.size < LEAST_NUMBERS:
            continue
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(in_bytes(values), name + "_bytes"))
        graph.initializer.append(numpy_helper.from_array(scales(values).astype(np.float32), name + "_scale"))
        graph.initializer.append(numpy_helper.from_array(np.zeros(len(values), np.int8), name + "_zero"))
        node = helper.make_node("DequantizeLinear", [name + "_bytes", name + "_scale", name + "_zero"], [name], axis=0)
        graph.node.insert(0, node)
    return model


def check_picture():
    """A picture that any language can make: (31 c + x x + y y / 3, a whole number) mod 256 / 255 at (c, y, x)."""
    c, y, x = np.mgrid[0:3, 0:INPUT_SIDE, 0:INPUT_SIDE]
    return torch.from_numpy(((31 * c + x * x + y * y // 3) % 256 / 255).astype(np.float32))[None]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True, help="the .onnx file; its manifest and a check file go beside it")
    parser.add_argument("--floats", action="store_true", help="keep the weights as 32-bit floats")
    options = parser.parse_args()
    finder = PictureFinder()
    saved = torch.load(options.checkpoint)
    finder.load_state_dict(saved["averaged"])
    finder = folded(finder.eval())
    shipped = Shipped(finder if options.floats else rounded(finder)).eval()
    picture = check_picture()
    with torch.no_grad():
        expected = shipped(picture).flatten()[::CHECK_EVERY]
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
        "output": {"name": "maps", "shape": [1, MAPS, CELLS, CELLS]},
    }
    check = {"every": CHECK_EVERY, "maps": [float(f"{value:.6g}") for value in expected]}
    with open(options.out.replace(".onnx", ".check.json"), "w") as file:
        json.dump(check, file)
        file.write("\n")
    with open(os.path.join(os.path.dirname(options.out) or ".", "manifest.json"), "w") as file:
        json.dump(manifest, file, indent=2)
        file.write("\n")
    print(json.dumps(manifest))


if __name__ == "__main__":
    main()
