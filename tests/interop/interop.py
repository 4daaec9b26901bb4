"""Files that NumPy and safetensors write are read by ae, and the other way round; ae's models and
detectors give in NumPy and ONNX Runtime what they give in ae.

interop.py REWRITE MODELS DETECTORS: the program of rewrite.cpp, which reads a file and writes what it
read, the folder that the one of models.cpp has written, and the program of detectors.cpp.
"""

import contextlib
import csv
import itertools
import json
import math
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy as np
import onnx
import onnxruntime
import safetensors
import safetensors.numpy

REWRITE = sys.argv.pop(1)
MODELS = pathlib.Path(sys.argv.pop(1))
DETECTORS = sys.argv.pop(1)
GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "files.md"
SNIPPETS = re.findall("```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def onnx_session(path):
    onnx.checker.check_model(path, full_check=True)
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


class Rewritten(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.given = pathlib.Path(folder.name) / "given"
        self.written = pathlib.Path(folder.name) / "written"

    def rewrite(self, kind):
        run = subprocess.run([REWRITE, kind, self.given, self.written], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)

    def refused(self, kind):
        run = subprocess.run([REWRITE, kind, self.given, self.written], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(str(self.given), run.stderr)
        self.assertFalse(self.written.exists())
        return run.stderr


class Npy(Rewritten):
    def write(self, array, version=None):
        with open(self.given, "wb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that versions 2 and 3 are for new NumPy
            np.lib.format.write_array(file, array, version=version, allow_pickle=True)

    def check(self, kind, array):
        self.rewrite(kind)
        found = np.load(self.written)
        self.assertEqual(found.dtype, np.dtype(kind))
        np.testing.assert_array_equal(found, array.reshape(1, -1) if array.ndim == 1 else array)
        with open(self.written, "rb") as file:
            self.assertEqual(np.lib.format.read_magic(file), (1, 0))
            np.lib.format.read_array_header_1_0(file)
            self.assertEqual(file.tell() % 64, 0)

    def test_every_type_order_version_and_shape(self):
        numbers = np.random.default_rng(1)
        for shape in [(3, 5), (5, 3), (1, 7), (7, 1), (6,), (0, 4), (200, 300)]:
            values = numbers.uniform(-1000, 1000, shape)
            for dtype, order, version in itertools.product(
                ["<f4", ">f4", "<f8", ">f8", "|u1"], "CF", [(1, 0), (2, 0), (3, 0)]
            ):
                with self.subTest(shape=shape, dtype=dtype, order=order, version=version):
                    array = np.asarray(np.abs(values) % 256 if dtype == "|u1" else values)
                    array = np.array(array, dtype=dtype, order=order)
                    self.write(array, version)
                    self.check("u1" if dtype == "|u1" else dtype[1:], array)

    def test_whole_numbers_become_floating_point(self):
        types = ["i1", "u1", *(byte_order + sign + size for byte_order in "<>" for sign in "iu" for size in "248")]
        for dtype, order in itertools.product(types, "CF"):
            with self.subTest(dtype=dtype, order=order):
                info = np.iinfo(dtype)
                array = np.array([[info.min, 7, 0], [1, 2, info.max]], dtype, order=order)
                self.write(array)
                self.check("f8", array.astype("f8"))
        self.write(np.array([[True, False], [False, True]]))
        self.check("f8", np.eye(2))

    def test_half_precision_becomes_single(self):
        info = np.finfo("f2")
        for dtype in ["<f2", ">f2"]:
            array = np.array([[0.1, -0.0, info.max, info.smallest_subnormal, np.inf, 1]], dtype)
            self.write(array)
            self.check("f4", array.astype("f4"))

    def test_all_dimensions_but_the_first_are_features(self):
        numbers = np.random.default_rng(1)
        for shape, order in itertools.product([(4, 3, 2), (2, 3, 4, 5), (1, 1, 1), (0, 2, 2)], "CF"):
            with self.subTest(shape=shape, order=order):
                array = np.array(numbers.uniform(-1, 1, shape), "f4", order=order)
                self.write(array)
                self.check("f4", array.reshape(shape[0], math.prod(shape[1:])))

    def test_what_is_not_finite_and_what_is_tiny(self):
        for kind in ["f4", "f8"]:
            info = np.finfo(kind)
            array = np.array([[np.nan, np.inf, -np.inf, -0.0, info.max, info.smallest_subnormal]], kind)
            self.write(array)
            self.check(kind, array)
            self.assertEqual(np.load(self.written).tobytes(), array.tobytes())

    def test_a_narrower_type_is_widened(self):
        array = np.arange(6, dtype="u1").reshape(2, 3)
        self.write(array)
        self.check("f4", array)

    def test_everything_else_is_refused(self):
        structure = np.zeros(2, dtype=[("a", "<f4"), ("b", "<f8")])
        for array in [np.array([{}]), structure, np.zeros(2, "c8"), np.array(["text"]), np.zeros((2, 0, 2), "f4"),
                      np.float32(1)]:
            with self.subTest(array=array):
                self.write(np.asarray(array))
                self.refused("f4")


class SafeTensors(Rewritten):
    tensors = {
        f"layers.{i}.{dtype}": np.random.default_rng(i).integers(0, 2, shape).astype(dtype)
        for i, (dtype, shape) in enumerate(
            itertools.product(["?", "u1", "i1", "u2", "i2", "f2", "u4", "i4", "f4", "u8", "i8", "f8"],
                              [(2, 3), (5,), (), (0, 4), (2, 1, 3, 2)])
        )
    }

    def test_every_type_and_shape_of_numpy(self):
        metadata = {"format": "np", "name": 'a "model" \u00e9\u4e2d\U0001f40e\n', "": ""}
        safetensors.numpy.save_file(self.tensors, self.given, metadata)
        self.rewrite("tensors")
        found = safetensors.numpy.load_file(self.written)
        self.assertEqual(found.keys(), self.tensors.keys())
        for name, tensor in self.tensors.items():
            self.assertEqual(found[name].dtype, tensor.dtype)
            np.testing.assert_array_equal(found[name], tensor)
        with safetensors.safe_open(self.written, "np") as file:
            self.assertEqual(file.metadata(), metadata)

    def test_every_type_of_the_format(self):
        bits = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
                "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
                "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64}
        header, values = {}, b""
        for dtype, width in bits.items():
            first = len(values)
            values += bytes(range(width))  # 8 values
            header[dtype.lower()] = {"dtype": dtype, "shape": [2, 4], "data_offsets": [first, len(values)]}
        text = json.dumps(header).encode()
        given = struct.pack("<Q", len(text)) + text + values
        self.given.write_bytes(given)
        self.rewrite("tensors")
        by_name = lambda content: dict(safetensors.deserialize(content))
        self.assertEqual(by_name(self.written.read_bytes()), by_name(given))

    def test_a_name_of_any_letters(self):
        tensors = {name: np.ones(1, "f4") for name in ["", " ", "\u00e9\u4e2d\U0001f40e", '"\\/', "a\nb\x01"]}
        safetensors.numpy.save_file(tensors, self.given)
        self.rewrite("tensors")
        self.assertEqual(safetensors.numpy.load_file(self.written).keys(), tensors.keys())

    def test_no_tensors(self):
        safetensors.numpy.save_file({}, self.given)
        self.rewrite("tensors")
        self.assertEqual(safetensors.numpy.load_file(self.written), {})

    def test_matrices(self):
        values = np.random.default_rng(1).normal(size=(4, 7))
        tensors = {name: values.astype(name) for name in ["f2", "f4", "f8"]}
        safetensors.numpy.save_file(tensors, self.given)
        self.rewrite("matrices")
        for name, found in safetensors.numpy.load_file(self.written).items():
            self.assertEqual(found.dtype, np.float32)
            np.testing.assert_array_equal(found, tensors[name].astype("f4"))

    def test_bfloat16(self):
        values = np.random.default_rng(1).normal(size=(3, 2)).astype("f4")
        upper = values.view("u4") >> 16
        text = b'{"w":{"dtype":"BF16","shape":[3,2],"data_offsets":[0,12]}}'
        self.given.write_bytes(struct.pack("<Q", len(text)) + text + upper.astype("<u2").tobytes())
        self.rewrite("matrices")
        found = safetensors.numpy.load_file(self.written)["w"]
        np.testing.assert_array_equal(found, (upper << 16).astype("u4").view("f4"))

    def test_what_safetensors_refuses_is_refused(self):
        text = b'{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}'
        good = struct.pack("<Q", len(text)) + text + b"abcd"
        safetensors.deserialize(good)
        for bad in [good[:-1], good + b"x", good.replace(b"[4]", b"[5]"), good.replace(b"[0,", b"[1,"),
                    good.replace(b"U8", b"V8"), good.replace(b'"w"', b'"\xff"'), good.replace(b"[4]", b"[-4"),
                    good[:8] + b"[" + good[9:], b"", b"\xff" * 8 + good[8:]]:
            with self.subTest(bad=bad):
                with self.assertRaises(safetensors.SafetensorError):
                    safetensors.deserialize(bad)
                self.given.write_bytes(bad)
                self.refused("tensors")


class Weights(Rewritten):
    sizes = [6, 4, 2, 4, 6]

    def setUp(self):
        super().setUp()
        numbers = np.random.default_rng(1)
        self.weights = [numbers.normal(size=(n, m)).astype("f4") for m, n in zip(self.sizes, self.sizes[1:])]
        self.biases = [numbers.normal(size=n).astype("f4") for n in self.sizes[1:]]
        self.x = numbers.normal(size=(9, 6)).astype("f4")

    def check(self, tensors, tolerance=1e-6):
        safetensors.numpy.save_file(tensors, self.given)
        self.rewrite("model")
        found = safetensors.numpy.load_file(self.written)
        layers = [found[f"{i}.weight"] for i in [0, 2, 3, 5]]  # modules, where ReLU is one and the identity none
        for got, weight in zip(layers, self.weights):
            np.testing.assert_allclose(got, weight, rtol=tolerance, atol=tolerance)
        with safetensors.safe_open(self.written, "np") as file:
            probe = json.loads(file.metadata()["ae.probe"])
        y = np.array(probe["input"])
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            y = weight @ y + bias
            y = y if i in [1, 3] else np.maximum(y, 0)
        np.testing.assert_allclose(probe["reconstruction"], y, rtol=10 * tolerance, atol=10 * tolerance)

    def test_of_torch(self):
        for names in [["0", "3", "5", "8"], ["encoder.0", "encoder.3", "decoder.0", "decoder.2"],
                      ["fc1", "fc2", "fc3", "fc4"]]:
            with self.subTest(names=names):
                tensors = {f"{name}.weight": w for name, w in zip(names, self.weights)}
                self.check(tensors | {f"{name}.bias": b for name, b in zip(names, self.biases)})

    def test_of_keras(self):
        for pattern, kernel, bias in [("sequential/dense{}", "/kernel", "/bias"), ("dense{}", "/kernel:0", "/bias:0"),
                                      ("layers.dense{}", ".vars.0", ".vars.1")]:
            with self.subTest(pattern=pattern):
                names = [pattern.format(number) for number in ["", "_1", "_2", "_10"]]
                tensors = {name + kernel: np.ascontiguousarray(w.T) for name, w in zip(names, self.weights)}
                self.check(tensors | {name + bias: b for name, b in zip(names, self.biases)})

    def test_of_other_types(self):
        for dtype, tolerance in [("f2", 1e-2), ("f8", 1e-6)]:
            tensors = {f"{i}.weight": w.astype(dtype) for i, w in enumerate(self.weights)}
            self.check(tensors | {f"{i}.bias": b.astype(dtype) for i, b in enumerate(self.biases)}, tolerance)

    def test_what_is_no_dense_layer_is_refused(self):
        safetensors.numpy.save_file({"0.weight": np.zeros((3, 2, 5, 5), "f4")}, self.given)
        self.assertIn('"0.weight" F32 [3, 2, 5, 5]', self.refused("model"))


class Models(unittest.TestCase):
    """A model NAME lies in NAME.safetensors, NAME.whole.onnx and so on, beside NAME.input.npy."""

    names = sorted(path.stem for path in MODELS.glob("*.safetensors"))

    def array(self, name, kind):
        return np.load(MODELS / f"{name}.{kind}.npy")

    def check(self, found, expected, tolerance):
        self.assertEqual(found.shape, expected.shape)
        self.assertLess(np.abs(found - expected).max(), tolerance * np.ptp(expected))

    def test_there_are_all(self):
        self.assertEqual(len(self.names), 16)

    def test_onnx(self):
        for name in self.names:
            for piece, given, wanted in [("whole", "input", "reconstruction"), ("encoder", "input", "code"),
                                         ("decoder", "code", "reconstruction")]:
                with self.subTest(name=name, piece=piece):
                    session = onnx_session(MODELS / f"{name}.{piece}.onnx")
                    x = self.array(name, given).astype("f4")
                    (found,) = session.run([wanted], {given: x})
                    self.check(found, self.array(name, wanted), 1e-4)
                    (one,) = session.run([wanted], {given: x[:1]})
                    self.check(one, self.array(name, wanted)[:1], 1e-4)

    def threshold(self, name):
        with safetensors.safe_open(MODELS / f"{name}.safetensors", "np") as file:
            return json.loads(file.metadata()["ae.threshold"])

    def test_onnx_scores(self):
        for name in self.names:
            with self.subTest(name=name):
                session = onnx_session(MODELS / f"{name}.whole.onnx")
                self.assertEqual([(output.name, output.shape, output.type) for output in session.get_outputs()[1:]],
                                 [("score", ["batch"], "tensor(float)"), ("anomaly", ["batch"], "tensor(bool)")])
                x, expected = self.array(name, "input").astype("f4"), self.array(name, "score")
                score, anomaly = session.run(["score", "anomaly"], {"input": x})
                np.testing.assert_allclose(score, expected, rtol=1e-5)
                np.testing.assert_array_equal(anomaly, expected > self.threshold(name))
                self.assertEqual(anomaly.sum(), 100)
                (one,) = session.run(["score"], {"input": x[:1]})
                np.testing.assert_allclose(one, expected[:1], rtol=1e-5)

    def test_what_is_not_finite_is_an_anomaly_in_onnx(self):
        for name in self.names:
            with self.subTest(name=name):
                session = onnx_session(MODELS / f"{name}.whole.onnx")
                normal = self.array(name, "input")[np.argmin(self.array(name, "score"))].astype("f4")
                bad = np.array([normal] * 6)
                bad[1, 4], bad[2, 4], bad[3, 4], bad[4], bad[5] = np.inf, -np.inf, np.nan, np.nan, np.inf
                score, anomaly = session.run(["score", "anomaly"], {"input": bad})
                taken = name == "missing"  # where a NaN is a missing value
                np.testing.assert_array_equal(anomaly, [False, True, True, not taken, True, True])
                np.testing.assert_array_equal(np.isfinite(score), [True, False, False, taken, False, False])

    def test_onnx_without_a_threshold(self):
        session = onnx_session(MODELS / "no_threshold.onnx")
        self.assertEqual([output.name for output in session.get_outputs()], ["reconstruction", "score"])

    def test_safetensors_by_hand(self):
        elu = lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)
        activations = {"identity": lambda z: z, "elu": elu, "tanh": np.tanh,
                       "relu": lambda z: np.maximum(z, 0),
                       "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * elu(z)),
                       "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
                       "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.logaddexp(0, z),
                       "silu": lambda z: z / (1 + np.exp(-z)),
                       "gelu": lambda z: z / 2 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))}
        for name in set(self.names) - {"variational"}:
            with self.subTest(name=name):
                path = MODELS / f"{name}.safetensors"
                tensors = safetensors.numpy.load_file(path)
                with safetensors.safe_open(path, "np") as file:
                    metadata = {key: json.loads(value) for key, value in file.metadata().items()}
                scaler = metadata.get("ae.scaler", {"mean": 0, "scale": 1})
                y = (self.array(name, "input") - np.array(scaler["mean"])) / scaler["scale"]
                if metadata.get("ae.missing") == "allowed":
                    y = np.where(np.isnan(y), 0, y)
                module = 0
                for i, layer in enumerate(metadata["ae.layers"]):
                    weight, bias = tensors.pop(f"{module}.weight"), tensors.pop(f"{module}.bias")
                    self.assertEqual(weight.shape, (layer["outputs"], layer["inputs"]))
                    y = activations[layer["activation"]](y @ weight.T + bias)
                    module += 1 if layer["activation"] == "identity" else 2
                    if i == metadata["ae.code_layer"]:
                        self.check(y, self.array(name, "code"), 1e-5)
                self.assertEqual(tensors, {})
                if metadata.get("ae.link") == "logistic":
                    y = activations["sigmoid"](y)
                found = y * np.array(scaler["scale"]) + scaler["mean"]
                self.check(found, self.array(name, "reconstruction"), 1e-5)
                errors = found - self.array(name, "input")
                if isinstance(scaler["scale"], list):
                    errors /= scaler["scale"]
                np.testing.assert_allclose(np.nanmean(errors**2, axis=1), self.array(name, "score"), rtol=1e-5)

    def test_the_guide_s_snippets(self):
        snippets = [snippet for snippet in SNIPPETS if "detector" not in snippet]
        self.assertEqual(len(snippets), 3)
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for ending, name in [("safetensors", "model.safetensors"), ("whole.onnx", "model.onnx"),
                                 ("input.npy", "samples.npy")]:
                pathlib.Path(name).write_bytes((MODELS / f"hidden_elu.{ending}").read_bytes())
            for snippet in snippets:
                with self.subTest(snippet=snippet):
                    known = {}
                    try:
                        exec(snippet, known)
                    except ModuleNotFoundError as missing:
                        self.assertEqual(missing.name, "torch")  # too large for every run of the tests
                        continue
                    kind = "code" if "code" in known else "reconstruction"
                    self.check(np.asarray(known[kind]), self.array("hidden_elu", kind), 1e-4)
                    if "score" in known:
                        np.testing.assert_allclose(known["score"], self.array("hidden_elu", "score"), rtol=1e-5)
                        self.assertEqual(known["anomaly"].sum(), 100)


class Detectors(unittest.TestCase):
    """A detector NAME lies in NAME.safetensors, beside NAME.input.npy and what it says of it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run([DETECTORS, cls.folder], check=True)

    def array(self, name, kind):
        return np.load(self.folder / f"{name}.{kind}.npy")

    def metadata(self, name):
        with safetensors.safe_open(self.folder / f"{name}.safetensors", "np") as file:
            return {key: json.loads(value) for key, value in file.metadata().items()}

    def check(self, found, expected):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)

    def test_the_guide_s_snippet(self):
        (snippet,) = [snippet for snippet in SNIPPETS if "detector" in snippet]
        for name in ["motors", "series"]:
            with self.subTest(name=name), tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                pathlib.Path("detector.safetensors").write_bytes((self.folder / f"{name}.safetensors").read_bytes())
                pathlib.Path("samples.npy").write_bytes((self.folder / f"{name}.input.npy").read_bytes())
                known = {}
                exec(snippet, known)
                tensors = safetensors.numpy.load_file("detector.safetensors")
                center, divisors = tensors["detector.center"].T, tensors["detector.divisors"].T
                self.check(known["expected"], (self.array(name, "expected") - center) / divisors)
                np.testing.assert_allclose(known["shares"], self.array(name, "shares"), atol=1e-4)
                score, p_value = self.array(name, "score"), self.array(name, "p_value")
                self.check(known["score"], score)
                # A score that rounding moves past one of the held-out ones changes its p-value by a step.
                np.testing.assert_array_less(known["p_value_of"](score + 1e-5), p_value + 1e-9)
                np.testing.assert_array_less(p_value - 1e-9, known["p_value_of"](score - 1e-5))
                self.check(known["p_value_of"](score), p_value)
                threshold = self.metadata(name)["ae.threshold"]
                sure = np.abs(score - threshold) > 1e-5
                np.testing.assert_array_equal(known["anomaly"][sure], (score > threshold)[sure])
                self.assertTrue(0 < known["anomaly"].sum() < len(score) or name == "series")

    def test_a_table_is_read_by_the_schema(self):
        schema = self.metadata("motors")["ae.schema"]
        missing = {"", "NA", "N/A", "nan", "NaN", "null", "NULL", "?"} | set(schema["missing_marks"])
        self.assertTrue(schema["named"] and schema["usual_marks"] and schema["decimal"] == ".")
        samples = []
        with open(self.folder / "motors.csv", newline="") as file:
            for row in csv.DictReader(file, delimiter=schema["separator"] or ","):
                sample = []
                for column in schema["columns"]:
                    cell = row.get(column["name"], "")
                    if column["kind"] == "numeric":
                        sample.append(np.nan if cell in missing else float(cell))
                    elif column["kind"] == "categorical":
                        known = [float(cell == text) for text in column["categories"]]
                        each = [*known, 1 - sum(known)]
                        sample += [np.nan] * len(each) if cell in missing else each
                samples.append(sample)
        np.testing.assert_array_equal(samples, self.array("motors", "input"))
        kinds = {column["name"]: column["kind"] for column in schema["columns"]}
        self.assertEqual(kinds, {"machine": "ignored", "time": "time", "load": "numeric", "mode": "categorical",
                                 "heat": "numeric", "flow": "numeric", "hum": "numeric", "current": "numeric", "state": "label"})

    def test_what_is_in_the_file(self):
        for name, more in [("motors", {"neighbors", "normal"}), ("series", set())]:
            tensors = safetensors.numpy.load_file(self.folder / f"{name}.safetensors")
            own = {key.removeprefix("detector.") for key in tensors if key.startswith("detector.")}
            always = {"center", "divisors", "masks", "spreads", "clean_scores", "standards"}
            self.assertEqual(own, always | more)

    def test_its_network_takes_raw_numbers_in_onnx(self):
        session = onnx_session(self.folder / "motors.onnx")
        self.assertEqual([output.name for output in session.get_outputs()], ["reconstruction", "score"])
        reconstruction, score = session.run(None, {"input": self.array("motors", "input").astype("f4")})
        np.testing.assert_allclose(reconstruction, self.array("motors", "reconstruction"), rtol=1e-4, atol=1e-4)
        expected = self.array("motors", "plain_score")
        # Where little is wrong, what rounding adds to the reconstruction is more than 1e-5 of it.
        np.testing.assert_array_less(np.abs(score - expected), 1e-5 * expected + 5e-6 * np.sqrt(expected))


if __name__ == "__main__":
    unittest.main()
