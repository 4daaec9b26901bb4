"""Training steps of Python's frameworks for bench_train: python_peers.py torch|tensorflow|jax THREADS

bench_train starts one process for each framework and number of threads, bound to so many processors, and speaks with it
through its standard input and output:

- first it sends the sizes of the layers, then the learning rate and the factor of L2, then samples in a batch and how many
  batches, each a line of numbers; then, as floats of four bytes, each layer's weights (inputs x outputs) and biases, and
  the batches (samples x features). The answer is the framework's name and version, the number of variants, and a line
  for each: contender, precision and setting, tabs between them.
- `losses VARIANT` trains on every batch once. The answer is the losses before each step.
- `turn VARIANT TIMES` trains on so many batches. The answer is the seconds that it took.

Time is taken here, around the steps and until the last one's result is there, so that the pipe costs nobody anything.

All variants compute what ae does: ELU but for the last layer, the mean squared error, the gradient of L2 added to that of
the weights, and Adam. Those of bfloat16 multiply in it, as PyTorch's autocast does: weights, moments and loss are float.
"""

import itertools
import os
import sys
import time
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


@dataclass
class Task:
    weights: list  # inputs x outputs
    biases: list
    batches: list  # samples x features
    rate: float
    l2: float


def read_task(stream):
    def numbers(kind):
        return list(map(kind, stream.readline().split()))

    def array(*shape):
        return np.frombuffer(stream.read(4 * int(np.prod(shape))), np.float32).reshape(shape).copy()

    sizes = numbers(int)
    rate, l2 = numbers(float)
    samples, count = numbers(int)
    layers = [(array(*shape), array(shape[1])) for shape in itertools.pairwise(sizes)]
    batches = [array(samples, sizes[0]) for _ in range(count)]
    return Task(*map(list, zip(*layers)), batches, rate, l2)


@dataclass
class Variant:
    """`start()` gives a step that trains on one batch and returns its loss, or a promise of it; `finish` waits for it."""

    contender: str
    precision: str
    setting: str
    start: Callable
    batches: list
    finish: Callable = lambda loss: None
    step: Any = None
    at: int = 0

    def train(self):
        if self.step is None:
            self.step = self.start()
        self.at += 1
        return self.step(self.batches[(self.at - 1) % len(self.batches)])

    def losses(self):
        return [float(self.train()) for _ in self.batches]

    def turn(self, times):
        begin = time.perf_counter()
        for _ in range(times):
            loss = self.train()
        self.finish(loss)
        return time.perf_counter() - begin


def torch_variants(task, threads):
    import torch
    from torch.nn.functional import mse_loss

    torch.set_num_threads(threads)

    def network():
        layers = []
        for weight, bias in zip(task.weights, task.biases):
            linear = torch.nn.Linear(*weight.shape)
            linear.weight.data = torch.from_numpy(weight).T.contiguous()
            linear.bias.data = torch.from_numpy(bias).clone()
            layers += [linear, torch.nn.ELU()]
        return torch.nn.Sequential(*layers[:-1])

    def start(rounded, compiled):
        model = network()
        linears = model[::2]
        groups = [
            {"params": [linear.weight for linear in linears], "weight_decay": task.l2},
            {"params": [linear.bias for linear in linears], "weight_decay": 0},
        ]
        adam = torch.optim.Adam(groups, lr=task.rate, fused=True)

        def loss_of(x):
            with torch.autocast("cpu", torch.bfloat16, enabled=rounded):
                return mse_loss(model(x), x)

        forward = torch.compile(loss_of) if compiled else loss_of

        def step(x):
            adam.zero_grad(set_to_none=True)
            loss = forward(x)
            loss.backward()
            adam.step()
            return loss.detach()

        return step

    batches = [torch.from_numpy(x) for x in task.batches]
    return f"PyTorch {torch.__version__}", [
        Variant(name, precision, setting, lambda r=precision != "float", c=compiled: start(r, c), batches)
        for name, precision in [("PyTorch", "float"), ("PyTorch bfloat16", "bfloat16")]
        for compiled, setting in [(False, "fused Adam"), (True, "fused Adam, torch.compile")]
    ]


def adam(task, count, weight, gradient, first, second, decay, sqrt):
    """The weight and its moments after step `count`."""
    gradient = gradient + decay * weight
    first = BETA1 * first + (1 - BETA1) * gradient
    second = BETA2 * second + (1 - BETA2) * gradient * gradient
    root = sqrt(second / (1 - BETA2**count)) + EPSILON
    return weight - task.rate / (1 - BETA1**count) * first / root, first, second


def tensorflow_variants(task, threads):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    decays = [task.l2] * len(task.weights) + [0.0] * len(task.biases)

    def formula(count, p, g, m, v, decay):  # which XLA makes one loop of
        for variable, value in zip((p, m, v), adam(task, count, p, g, m, v, decay, tf.sqrt)):
            variable.assign(value)

    def kernel(count, p, g, m, v, decay):  # adds its epsilon before it corrects the moments
        tf.raw_ops.ResourceApplyAdam(
            var=p.handle, m=m.handle, v=v.handle, grad=g + decay * p, lr=task.rate, beta1=BETA1, beta2=BETA2,
            beta1_power=BETA1**count, beta2_power=BETA2**count, epsilon=EPSILON * tf.sqrt(1 - BETA2**count),
        )

    def start(rounded, compiled):
        parameters = [tf.Variable(p) for p in task.weights + task.biases]
        moments = [[tf.Variable(tf.zeros_like(p)) for p in parameters] for _ in range(2)]
        count = tf.Variable(0.0)
        number = tf.bfloat16 if rounded else tf.float32

        def loss_of(x):
            y = tf.cast(x, number)
            layers = len(task.weights)
            for i in range(layers):
                y = y @ tf.cast(parameters[i], number) + tf.cast(parameters[layers + i], number)
                y = tf.nn.elu(y) if i + 1 < layers else y
            return tf.reduce_mean(tf.square(tf.cast(y, tf.float32) - x))

        def step(x):
            with tf.GradientTape() as tape:
                loss = loss_of(x)
            gradients = tape.gradient(loss, parameters)
            count.assign_add(1.0)
            for p, g, m, v, decay in zip(parameters, gradients, *moments, decays):
                (formula if compiled else kernel)(count, p, g, m, v, decay)
            return loss

        return tf.function(step, jit_compile=compiled)

    batches = [tf.constant(x) for x in task.batches]
    return f"TensorFlow {tf.__version__}", [
        Variant(name, precision, setting, lambda r=precision != "float", c=compiled: start(r, c), batches, float)
        for name, precision in [("TensorFlow", "float"), ("TensorFlow bfloat16", "bfloat16")]
        for compiled, setting in [(False, "tf.function"), (True, "tf.function with jit_compile")]
    ]


def jax_variants(task, threads):
    os.environ["JAX_PLATFORMS"] = "cpu"  # takes as many threads as the process may use processors
    import jax
    import jax.numpy as jnp

    decays = [task.l2] * len(task.weights) + [0.0] * len(task.biases)

    def rounded_product(a, b, a_axis, b_axis):
        a, b = a.astype(jnp.bfloat16), b.astype(jnp.bfloat16)
        return jax.lax.dot_general(a, b, (((a_axis,), (b_axis,)), ((), ())), preferred_element_type=jnp.float32)

    # Sums stay float, which XLA makes faster code of than of outputs in bfloat16.
    @jax.custom_vjp
    def rounded_dot(x, weight):
        return rounded_product(x, weight, 1, 0)

    rounded_dot.defvjp(
        lambda x, weight: (rounded_dot(x, weight), (x, weight)),
        lambda kept, delta: (rounded_product(delta, kept[1], 1, 1), rounded_product(kept[0], delta, 0, 0)),
    )

    def start(rounded):
        dot = rounded_dot if rounded else jnp.dot

        def loss_of(parameters, x):
            y = x
            layers = len(task.weights)
            for i in range(layers):
                y = dot(y, parameters[i]) + parameters[layers + i]
                y = jax.nn.elu(y) if i + 1 < layers else y
            return jnp.mean(jnp.square(y - x))

        def step(state, x):
            count, parameters, first, second = state
            loss, gradients = jax.value_and_grad(loss_of)(parameters, x)
            count += 1
            found = [
                adam(task, count, p, g, m, v, decay, jnp.sqrt)
                for p, g, m, v, decay in zip(parameters, gradients, first, second, decays)
            ]
            return (count, *map(list, zip(*found))), loss

        fast_step = jax.jit(step, donate_argnums=0)
        parameters = [jnp.array(p) for p in task.weights + task.biases]
        first, second = ([jnp.zeros_like(p) for p in parameters] for _ in range(2))
        state = (jnp.float32(0), parameters, first, second)

        def train(x):
            nonlocal state
            state, loss = fast_step(state, x)
            return loss

        return train

    batches = [jnp.array(x) for x in task.batches]
    return f"JAX {jax.__version__}", [
        Variant(name, precision, "jit, donated", lambda r=precision != "float": start(r), batches, float)
        for name, precision in [("JAX", "float"), ("JAX bfloat16", "bfloat16")]
    ]


FRAMEWORKS = {"torch": torch_variants, "tensorflow": tensorflow_variants, "jax": jax_variants}


def main():
    framework, threads = sys.argv[1], int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a framework prints is no answer

    def answer(*words, between=" "):
        print(*words, sep=between, file=answers, flush=True)

    name, variants = FRAMEWORKS[framework](read_task(sys.stdin.buffer), threads)
    answer(name)
    answer(len(variants))
    for variant in variants:
        answer(variant.contender, variant.precision, variant.setting, between="\t")
    for line in sys.stdin.buffer:
        command, at, *times = line.decode().split()
        variant = variants[int(at)]
        answer(*(variant.losses() if command == "losses" else [variant.turn(int(times[0]))]))


if __name__ == "__main__":
    main()
