"""Detectors on labelled sets, by turns on one core: run.py SETS PROGRAM [--seeds N] [--out FOLDER]

SETS has ADBench's .npz files (X: samples x features, y: 1 for an anomaly), PROGRAM is the built detect_arrays; what else
it needs is in requirements.txt. Of sets above 20,000 rows, 20,000 are drawn with seed 0. For each seed, 70 % of the
normal rows are trained on; the others and all anomalies are scored. One setting for all sets. Peers see features
standardised on the rows that are trained on, which is not part of their time. Writes detection.json, detection.svg
(the ranks) and detection.md, whose text lies in page.md, into FOLDER.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when the libraries below are loaded
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import argparse
import datetime
import importlib.metadata
import json
import math
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from pyod.models.auto_encoder import AutoEncoder
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

# Nemenyi's q at 0.05 for 2 to 8 detectors: Demsar, "Statistical comparisons of classifiers over multiple data sets",
# JMLR 7, 2006, table 5.
Q = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031]


def ae(program, neighbors):
    def run(train, test, seed):
        with tempfile.TemporaryDirectory() as folder:
            paths = [f"{folder}/{name}.npy" for name in ("train", "test", "scores")]
            np.save(paths[0], train)
            np.save(paths[1], test)
            found = subprocess.run([program, *paths, str(neighbors), str(seed)], check=True, capture_output=True, text=True)
            seconds, microseconds = map(float, found.stdout.split())
            return np.load(paths[2]), seconds, microseconds

    return run


def timed(fit, score):
    """A peer: fit(train, seed) gives what score(model, test) scores with."""

    def run(train, test, seed):
        scaler = StandardScaler().fit(train)
        train, test = scaler.transform(train), scaler.transform(test)
        start = time.perf_counter()
        model = fit(train, seed)
        trained = time.perf_counter()
        scores = score(model, test)
        scored = time.perf_counter()
        return scores, trained - start, 1e6 * (scored - trained) / len(test)

    return run


def forest(train, seed):
    return IsolationForest(random_state=seed).fit(train)


def neighbors(train, seed):
    return NearestNeighbors(n_neighbors=5).fit(train)


def pca(train, seed):
    return PCA(n_components=0.9, svd_solver="full").fit(train)


def pca_errors(model, test):
    return ((model.inverse_transform(model.transform(test)) - test) ** 2).sum(1)


def pyod_autoencoder(train, seed):
    model = AutoEncoder(random_state=seed, verbose=0)
    model.fit(train)
    return model


def detectors(program):
    return {
        "ae, `Detector`": ae(program, 5),
        "ae, its network alone": ae(program, 0),
        "distance to the 5th neighbor": timed(neighbors, lambda model, test: model.kneighbors(test)[0][:, -1]),
        "PyOD's AutoEncoder": timed(pyod_autoencoder, lambda model, test: model.decision_function(test)),
        "isolation forest": timed(forest, lambda model, test: -model.score_samples(test)),
        "PCA, 90 % of the variance": timed(pca, pca_errors),
    }


def split(path, seed):
    with np.load(path, allow_pickle=True) as file:
        x, y = file["X"].astype(np.float64), file["y"].ravel()
    if len(x) > 20_000:
        picks = np.random.default_rng(0).permutation(len(x))[:20_000]
        x, y = x[picks], y[picks]
    normal = np.flatnonzero(y == 0)
    normal = normal[np.random.default_rng(seed).permutation(len(normal))]
    count = int(0.7 * len(normal))
    test = np.concatenate([normal[count:], np.flatnonzero(y == 1)])
    return x[normal[:count]], x[test], y[test]


def mean(runs, key):
    return np.mean([run[key] for run in runs])


def spread(runs, key):
    """Between the seeds: the deviation of their means over the sets."""
    seeds = sorted({run["seed"] for run in runs})
    return np.std([mean([run for run in runs if run["seed"] == seed], key) for seed in seeds], ddof=min(1, len(seeds) - 1))


def tables(results):
    lines = ["| detector | area under ROC | average precision | training, s | scoring, us a row |",
             "| --- | ---: | ---: | ---: | ---: |"]
    for name, runs in results.items():
        lines.append(f"| {name} | {mean(runs, 'area'):.4f} ± {spread(runs, 'area'):.4f} "
                     f"| {mean(runs, 'precision'):.4f} ± {spread(runs, 'precision'):.4f} "
                     f"| {mean(runs, 'seconds'):.2f} | {mean(runs, 'microseconds'):.1f} |")
    each = ["| set | " + " | ".join(results) + " |", "| --- |" + " ---: |" * len(results)]
    for found in sorted({run["set"] for run in next(iter(results.values()))}):
        areas = [mean([run for run in runs if run["set"] == found], "area") for runs in results.values()]
        each.append(f"| {found} | " + " | ".join(f"{area:.3f}" for area in areas) + " |")
    return "\n".join(lines), "\n".join(each)


def mean_ranks(results):
    sets = sorted({run["set"] for run in next(iter(results.values()))})
    areas = np.array([[np.mean([run["area"] for run in runs if run["set"] == name]) for runs in results.values()]
                      for name in sets])
    higher = (areas[:, :, None] < areas[:, None, :]).sum(2)
    same = (areas[:, :, None] == areas[:, None, :]).sum(2)
    return dict(zip(results, (higher + (same + 1) / 2).mean(0))), len(sets)


def picture(results):
    """Mean ranks, and the difference from which two of them differ at a level of 0.05."""
    ranks, sets = mean_ranks(results)
    count = len(ranks)
    difference = Q[count - 2] * math.sqrt(count * (count + 1) / (6 * sets))
    at = lambda rank: 60 + 480 * (rank - 1) / (count - 1)
    lines = [f'<line x1="{at(1)}" y1="50" x2="{at(count)}" y2="50"/>',
             f'<line x1="{at(1)}" y1="24" x2="{at(1 + difference):.1f}" y2="24" stroke-width="3"/>']
    words = [f'<text x="{at(1)}" y="16">critical difference {difference:.2f}</text>']
    for rank in range(1, count + 1):
        lines.append(f'<line x1="{at(rank)}" y1="46" x2="{at(rank)}" y2="50"/>')
        words.append(f'<text x="{at(rank)}" y="42" text-anchor="middle">{rank}</text>')
    for i, (name, rank) in enumerate(sorted(ranks.items(), key=lambda item: item[1])):
        name = name.replace("`", "")
        y = 74 + 20 * i
        lines.append(f'<path d="M{at(rank):.1f} 50V{y - 4}H560"/>')
        words.append(f'<text x="566" y="{y}">{name}, {rank:.2f}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 {80 + 20 * count}" font-family="sans-serif" '
            f'font-size="13"><rect width="100%" height="100%" fill="white"/><g stroke="black" fill="none">'
            f'{"".join(lines)}</g>{"".join(words)}</svg>\n')


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown processor")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=pathlib.Path)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    options = parser.parse_args()
    paths = sorted(options.sets.glob("*.npz"))
    if not paths:
        parser.error(f"{options.sets}: expected .npz files, found none")
    every = detectors(options.program.resolve())
    results = {name: [] for name in every}
    options.out.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seeds):
        for path in paths:
            train, test, labels = split(path, seed)
            for name, run in every.items():
                scores, seconds, microseconds = run(train, test, seed)
                results[name].append({"set": path.stem, "seed": seed, "area": roc_auc_score(labels, scores),
                                      "precision": average_precision_score(labels, scores), "seconds": seconds,
                                      "microseconds": microseconds})
            (options.out / "detection.json").write_text(json.dumps(results, indent=1))
    means, each = tables(results)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("scikit-learn", "pyod", "torch"))
    page = (pathlib.Path(__file__).parent / "page.md").read_text().format(
        means=means, each=each, versions=versions, processor=processor(), day=datetime.date.today(),
        seeds=options.seeds, sets=len(paths))
    (options.out / "detection.svg").write_text(picture(results))
    (options.out / "detection.md").write_text(page)


if __name__ == "__main__":
    main()
