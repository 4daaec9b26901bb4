"""The roofline as SVG: GFLOP/s against FLOP a byte, both logarithmic."""

import math

WIDTH, HEIGHT = 840, 500
LEFT, RIGHT, TOP, BOTTOM = 64, 216, 24, 52
X_RANGE = (0.25, 128)
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]  # Okabe and Ito, for every eye


class Plot:
    """Axes, and the marks that were put on them."""

    def __init__(self, y_range):
        self.y_range = y_range
        self.marks = []

    def x(self, value):
        low, high = map(math.log2, X_RANGE)
        return LEFT + (math.log2(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        low, high = map(math.log2, self.y_range)
        return HEIGHT - BOTTOM - (math.log2(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def line(self, points, style):
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        self.marks.append(f'<polyline points="{path}" fill="none" {style}/>')

    def text(self, x, y, words, more=""):
        self.marks.append(f'<text x="{x:.1f}" y="{y:.1f}" {more}>{words}</text>')

    def axes(self):
        for power in range(-2, 8):
            at = self.x(2.0**power)
            self.line([(2.0**power, y) for y in self.y_range], 'stroke="#e4e4e4"')
            self.text(at, HEIGHT - BOTTOM + 18, f"{2.0**power:g}", 'text-anchor="middle"')
        for power in range(*(round(math.log2(end)) for end in self.y_range)):
            self.line([(x, 2.0**power) for x in X_RANGE], 'stroke="#e4e4e4"')
            self.text(LEFT - 8, self.y(2.0**power) + 4, 2**power, 'text-anchor="end"')
        middle = (LEFT + WIDTH - RIGHT) / 2
        self.text(middle, HEIGHT - 12, "multiply-adds, FLOP a byte moved", 'text-anchor="middle"')
        turned = f'text-anchor="middle" transform="rotate(-90 18 {HEIGHT / 2})"'
        self.text(18, HEIGHT / 2, "GFLOP/s", turned)

    def svg(self):
        body = "\n".join(self.marks)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif" font-size="12" fill="#222">\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
        )


def symbol(kind, x, y, colour):
    """A mark for each kind of point."""
    look = f'fill="{colour}" fill-opacity="0.75" stroke="{colour}"'
    if kind == "forward":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" {look}/>'
    if kind == "weights":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" {look}/>'
    if kind == "delta":
        corners = f"{x:.1f},{y - 5:.1f} {x - 5:.1f},{y + 4:.1f} {x + 5:.1f},{y + 4:.1f}"
        return f'<polygon points="{corners}" {look}/>'
    if kind in ("step", "rounded"):
        tips = ((9 if i % 2 == 0 else 4, math.pi * i / 5) for i in range(10))
        star = " ".join(f"{x + r * math.sin(a):.1f},{y - r * math.cos(a):.1f}" for r, a in tips)
        look = f'fill="{colour}" stroke="#fff"' if kind == "step" else f'fill="#fff" stroke="{colour}"'
        return f'<polygon points="{star}" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{colour}"/>'


KINDS = {
    "step": "the whole step",
    "rounded": "the step in bfloat16",
    "forward": "forward",
    "delta": "delta",
    "weights": "weights and Adam",
    "alone": "a product alone",
}


def roof(bandwidth, peak):
    low, high = X_RANGE
    ridge = min(max(peak / bandwidth, low), high)
    return [(low, min(peak, low * bandwidth)), (ridge, min(peak, ridge * bandwidth)), (high, peak)]


def points(train, gemm, threads):
    """(kind, FLOP a byte, GFLOP/s)."""
    parts = [part for part in train["parts"] if (part["threads"], part["precision"]) == (threads, "float")]
    found = []
    for part in parts:
        if part["flops"] > 0:
            speed = part["flops"] / part["ms_median"] * 1e-6
            found.append((part["name"].split(":")[0], part["flops"] / part["bytes"], speed))
    for r in gemm["results"]:
        if r["contender"] == "ae" and r["threads"] == threads and r["name"] in gemm["shapes"]:
            m, n, k = gemm["shapes"][r["name"]]
            bytes_moved = 4 * (m * k + k * n + m * n)
            found.append(("alone", 2 * m * n * k / bytes_moved, r["gflops"]))
    kinds = {"ae": "step", "ae bfloat16": "rounded"}
    for r in train["results"]:
        if r["name"] == "training step" and r["contender"] in kinds and r["threads"] == threads:
            flops, moved = (sum(part[what] for part in parts) for what in ("flops", "bytes"))
            found.append((kinds[r["contender"]], flops / moved, r["gflops"]))
    return found


def legend(plot, colours):
    x = WIDTH - RIGHT + 20
    for i, (kind, words) in enumerate(KINDS.items()):
        plot.marks.append(symbol(kind, x, TOP + 20 + 22 * i, "#555"))
        plot.text(x + 16, TOP + 24 + 22 * i, words)
    for i, (words, style) in enumerate(
        [
            ("peak, bandwidth in 12 MiB", ""),
            ("bandwidth of memory", 'stroke-dasharray="5 4"'),
            ("peak of bfloat16", 'stroke-dasharray="1 3"'),
        ]
    ):
        y = TOP + 172 + 22 * i
        plot.marks.append(f'<path d="M{x - 8} {y} h16" stroke="#555" stroke-width="1.5" {style}/>')
        plot.text(x + 16, y + 4, words)
    for i, (threads, colour) in enumerate(colours.items()):
        words = "one thread" if threads == "1" else f"{threads} threads"
        plot.text(x - 8, TOP + 260 + 22 * i, words, f'fill="{colour}" font-weight="bold"')


def roofline(train, gemm):
    peaks, rounded = train["peak_gflops"], train["peak_gflops_bfloat16"]
    colours = dict(zip(peaks, COLOURS))
    plot = Plot((8, 2.0 ** math.ceil(math.log2(1.1 * max(rounded.values())))))
    plot.axes()
    for threads, peak in peaks.items():
        style = f'stroke="{colours[threads]}" stroke-width="1.5"'
        plot.line(roof(train["bandwidth_gbs_of_step"][threads], peak), style)
        higher = roof(train["bandwidth_gbs_of_step"][threads], rounded[threads])
        plot.line(higher[1:], style + ' stroke-dasharray="1 3"')
        memory = roof(train["bandwidth_gbs_of_memory"][threads], peak)
        plot.line(memory, style + ' stroke-dasharray="5 4"')
        plot.text(plot.x(3), plot.y(peak) - 6, f"{peak:.0f} GFLOP/s", f'fill="{colours[threads]}"')
        for kind, x, y in points(train, gemm, int(threads)):
            plot.marks.append(symbol(kind, plot.x(x), plot.y(y), colours[threads]))
    legend(plot, colours)
    return plot.svg()
