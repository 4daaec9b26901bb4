#!/usr/bin/env python3
"""Makes the page of figures, and the roofline beside it: report.py RESULTS_FOLDER PAGE.md"""

import json
import math
import pathlib
import statistics
import sys

from roofline import roofline


def number(value, digits=3):
    """Significant digits, without an exponent; a dash for what was not measured."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def share(value):
    return "–" if value is None else f"{value:.2f}"


def table(head, rows):
    """The first column is text, the others are figures."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [list(head), rule, *rows]) + "\n"


def unique(results, key):
    return list(dict.fromkeys(result[key] for result in results))


def counted(threads):
    return "one thread" if str(threads) == "1" else f"{threads} threads"


def environments(all_figures):
    """Every program's lines, each once."""
    lines = {}
    for figures in all_figures:
        lines.update(figures.get("environment", {}))
    return table(["", ""], lines.items()).replace("---:", "---")


def peaks(figures):
    return table(
        ["threads", "multiply-add peak, GFLOP/s", "of bfloat16", "bandwidth in 12 MiB, GB/s", "in 256 MiB"],
        [
            [
                threads,
                number(peak),
                number(figures["peak_gflops_bfloat16"][threads]),
                number(figures["bandwidth_gbs_of_step"][threads]),
                number(figures["bandwidth_gbs_of_memory"][threads]),
            ]
            for threads, peak in figures["peak_gflops"].items()
        ],
    )


def handovers(all_figures):
    """What a line took from core to core while each program ran."""
    rows = []
    for name, figures in all_figures.items():
        times = [ns for ns in figures.get("handover_ns_of_rounds", []) if ns is not None]
        if times:
            rows.append([f"bench_{name}", *(number(f(times), 2) for f in (statistics.median, min, max))])
    return table(["a line from core to core, ns", "median", "least", "most"], rows)


def contest(results):
    """All tasks of a program, contender under contender. Columns of nothing are left out."""
    columns = {
        "": lambda r: f"{r['name']}, {r['contender']}",
        "threads": lambda r: r["threads"],
        "median ms": lambda r: number(r["ms_median"]),
        "best ms": lambda r: number(r["ms_min"]),
        "GFLOP/s": lambda r: number(r["gflops"]),
        "share of peak": lambda r: share(r["share_of_peak"]),
        "time / ae's": lambda r: share(r["ratio_to_ae"]),
        "time / ae bfloat16's": lambda r: share(r["ratio_to_ae_bfloat16"]),
    }
    if all(r["gflops"] is None for r in results):
        del columns["GFLOP/s"], columns["share of peak"]
    if all(r["ratio_to_ae_bfloat16"] is None for r in results):
        del columns["time / ae bfloat16's"]
    return table(columns, [[show(r) for show in columns.values()] for r in results])


PYTHON_PEERS = """
The frameworks of Python, measured with `scripts/bench --python`, run in processes of their own, bound to as many
processors as they have threads, and take their turns in every round, too. Their time is taken inside, around the
steps. Each is in the fastest of its settings, which stands above; all compute the same Adam, PyTorch and TensorFlow
with their fused ones where these are faster. Of bfloat16 are PyTorch's autocast, products and outputs of layers in
TensorFlow, and products with float sums in JAX.
"""


def python_peers(results):
    """What is to be said of them where they were measured."""
    return PYTHON_PEERS if {"PyTorch", "TensorFlow", "JAX"} & {r["contender"] for r in results} else ""


def reading(results):
    """How fast tables are read, and what it takes beside their values."""
    rows = [
        [r["name"], number(r["megabytes"]), number(r["megabytes_per_second"]), number(r["mib_beside_values"])]
        for r in results
    ]
    return table(["", "file, MB", "MB/s", "MiB beside the values"], rows)


def busy_contest(results):
    """Medians, and how much longer each contender takes on all threads than on one."""
    one = {r["contender"]: r["ms_median"] for r in results if r["threads"] == 1}
    rows = [
        [r["contender"], r["threads"], number(r["ms_median"]), share(r["ms_median"] / one[r["contender"]])]
        for r in results
    ]
    return table(["", "threads", "median ms", "time / that on one thread"], rows)


def parts(figures):
    """Where the step's time goes, for each number of threads and precision."""
    text = ""
    for threads, precision in dict.fromkeys((part["threads"], part["precision"]) for part in figures["parts"]):
        rows = [
            [
                part["name"],
                number(part["ms_median"]),
                share(part["share_of_step"]),
                part["limit"],
                share(part["share_of_limit"]) if part["limit"] != "none" else "–",
            ]
            for part in figures["parts"]
            if (part["threads"], part["precision"]) == (threads, precision)
        ]
        head = [f"{counted(threads)}, {precision}", "median ms", "share of the step", "limit", "share of the limit"]
        text += table(head, rows) + "\n"
    return text


def products(figures):
    """Shares of peak: a row a product, a column a contender, for each number of threads."""
    text = ""
    contenders = unique(figures["results"], "contender")
    for threads in unique(figures["results"], "threads"):
        shares = {
            (r["name"], r["contender"]): r["share_of_peak"]
            for r in figures["results"]
            if r["threads"] == threads
        }
        means = {
            mean["contender"]: mean["share_of_peak"]
            for mean in figures["geometric_means"]
            if mean["threads"] == threads
        }
        rows = [
            [f"`{name}`", *(share(shares.get((name, contender))) for contender in contenders)]
            for name in unique(figures["results"], "name")
        ]
        mean = ["**geometric mean, seven shapes**"]
        mean += [f"**{share(means[contender])}**" for contender in contenders]
        text += table([counted(threads), *contenders], [*rows, mean]) + "\n"
    return text


GROWTH = {
    "batch": "pictures in a batch, 1024-300-150-300-1024, a step",
    "width": "width w of 1024-w-w/2-w-1024, a step of 150",
    "depth": "hidden layers of 300 between 1024 and 1024, a step of 150",
    "threads": "threads, 1024-300-150-300-1024, a step of 150",
    "pictures": "pictures in the set, 1024-300-150-300-1024, an epoch",
}


def growth(results):
    text = ""
    for axis, title in GROWTH.items():
        rows = [
            [
                r["name"].split()[1],
                number(r["ms_median"]),
                number(r["gflops"]),
                share(r["share_of_peak"]),
                number(r["peak_mib"]),
            ]
            for r in results
            if r["name"].split()[0] == axis
        ]
        head = [title, "median ms", "GFLOP/s", "share of peak", "peak memory, MiB"]
        text += table(head, rows) + "\n"
    return text


def compile_rows(programs):
    eigen = next(p["seconds"] for p in programs if p["name"] == "eigen")
    return "".join(
        f"| {p['text']} | {p['seconds']:.1f} | {p['seconds'] / eigen:.1f} | {p['mb']:.0f} |\n" for p in programs)


def page(gemm, train, train_busy, infer, load, tables, scale, compiled, readme, picture):
    return f"""# Performance

Every figure on this page comes from one run of

```sh
scripts/bench
```

which measures the multiply-add peak of the processor, ae, and every peer that is installed in the same
processes, by turns. A time is the median over the rounds, a share of peak is that of the median, and
`time / ae's` is the median over the rounds of the contender's time divided by ae's in the same round:
above 1, ae is faster. Who is named `bfloat16` multiplies numbers rounded to it and adds them up as floats, and
is held against the peak of such products; `ae bfloat16` is `Precision::bfloat16`.

{environments([gemm, train, infer, load, tables, scale])}
{peaks(train)}
The bandwidths are of changing an array in place, read and written: 12 MiB hold what a step works on,
256 MiB lie in memory.

{handovers({"gemm": gemm, "train": train, "infer": infer})}
A line written by one core is read and written by the other, the median over the rounds. It takes longer
where each core has a last-level cache of its own, and the host of a virtual machine may move its cores
meanwhile; threads that read what another has written are slower then.

## A training step

1024-300-150-300-1024, a batch of 150, ELU, mean squared error, L2, Adam. All contenders start
from the same weights, get the same batches, and have reached the same loss before they are timed. Of bfloat16
are products only: weights, moments and losses are floats, and so are products too small to gain by rounding.
{python_peers(train["results"])}
{contest(train["results"])}
### Beside busy programs

The same while as many processes as there are cores do nothing but count.

{busy_contest(train_busy["results"])}
### Where the time goes

The parts of ae's step, timed inside it. A product's time includes what is done with its result: bias and
activation, the loss and its derivative, the derivative of the activation, L2 and Adam. The limit is the
larger of two times: its multiply-adds at the peak, and its bytes (each once) at the bandwidth in 12 MiB.

{parts(train)}
![The parts of a step and the products alone under the roofline]({picture})

*Each part of the step, and each product alone, against what the processor and the memory allow for its
multiply-adds a byte (Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009).*

## Products

Shares of the multiply-add peak; `'` is a transpose. In the geometric mean the transpositions of one shape
count as one. Products of bfloat16 are held against its peak: `ae bfloat16` is given floats and rounds them within its
time; `ae bfloat16, rounded before` and `oneDNN bfloat16` are given operands that were rounded before.

{products(gemm)}
## Inference

{contest(infer["results"])}
## Loading

50,000 records of CIFAR-10 in five files, warm in the system's cache.

{contest(load["results"])}
Tables of 30 columns of numbers as text. Memory beside the values is the peak of a process that reads the table and does
nothing else, less the values.

{reading(tables["results"])}
## As the work grows

One thing is varied at a time; each line is a process of its own, so peak memory is that of this run alone.

{growth(scale["results"])}
## Compiling

`scripts/compile-times`: seconds of the processor and memory at the peak for one file at `-O2 -march=native
-fopenmp`, by turns with a program that has one product of Eigen's.

| program | s | times Eigen's | MB |
| --- | ---: | ---: | ---: |
{compile_rows(compiled)}
| the README's program | |
| --- | ---: |
| binary, KiB | {number(readme["bytes"] / 1024)} |
| binary without symbols, KiB | {number(readme["stripped_bytes"] / 1024)} |
"""


def main():
    results, out = map(pathlib.Path, sys.argv[1:])
    names = ["gemm", "train", "train_busy", "infer", "load", "table", "scale", "compile", "readme"]
    figures = [json.loads((results / f"{name}.json").read_text()) for name in names]
    picture = out.with_name("roofline.svg")
    picture.write_text(roofline(figures[1], figures[0]))
    out.write_text(page(*figures, picture.name))


if __name__ == "__main__":
    main()
