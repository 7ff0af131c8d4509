"""A pack's graphs, written node by node: what ONNX Runtime computes fastest, over one file of weights."""
