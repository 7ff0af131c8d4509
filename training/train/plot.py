"""python -m training.train.plot --run RUN … [--output FILE] — learning curve and expert usage as one SVG.

Several runs share the axes of the curve; expert usage is the first run's, at its last evaluation.
"""

import argparse
import json
import math
from pathlib import Path
from xml.sax.saxutils import escape

COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#555555")
WIDTH, CURVE, CELL, LEFT, TOP = 760, 260, 22, 250, 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    plot_runs(arguments.run, arguments.output or arguments.run[0] / "plot.svg")


def plot_run(folder: Path) -> None:
    plot_runs([folder], folder / "plot.svg")


def plot_runs(folders: list[Path], output: Path) -> None:
    histories = {folder.name: read_evaluations(folder / "log.jsonl") for folder in folders}
    lines = {
        (f"{run}: {name}" if len(folders) > 1 else name): [
            (step, e[name]["wer"]) for step, e in points.items() if name in e
        ]
        for run, points in histories.items()
        for name in sorted({n for e in points.values() for n in e} - {"experts"})
    }
    first = list(histories[folders[0].name].values())
    experts = first[-1].get("experts", {}) if first else {}
    height = TOP + CURVE + 70 + 18 * len(lines) + (60 + CELL * len(experts) if experts else 0)
    body = [*curve(lines), *heat_map(experts, TOP + CURVE + 70 + 18 * len(lines))]
    style = "font: 12px sans-serif; background: white"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" style="{style}">'
    output.write_text("\n".join([svg, "<title>Learning curves and expert usage</title>", *body, "</svg>", ""]))


def read_evaluations(log: Path) -> dict[int, dict]:
    """By step; a step that was run twice counts as it came out last."""
    rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return {row["step"]: row["evaluation"] for row in rows if "evaluation" in row}


def curve(lines: dict[str, list[tuple[int, float]]]) -> list[str]:
    """Greedy word error rates on a logarithmic axis: 40 to 20 % is as much as 4 to 2 %."""
    points = [p for line in lines.values() for p in line if p[1] > 0]
    if not points:
        return [text(20, TOP, "no evaluation yet")]
    last = max(step for step, _ in points)
    low, high = math.log(min(v for _, v in points) * 0.9), math.log(max(v for _, v in points) * 1.1)

    def place(step: float, value: float) -> tuple[float, float]:
        x = 60 + (WIDTH - 80) * step / last
        return x, TOP + CURVE * (high - math.log(max(value, 1e-3))) / max(high - low, 1e-9)

    out = [text(20, 22, "greedy word error rate, %, by step")]
    for value in (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100):
        if low <= math.log(value) <= high:
            y = place(0, value)[1]
            out += [f'<path d="M60 {y:.1f}H{WIDTH - 20}" stroke="#ddd"/>', text(52, y + 4, str(value), "end")]
    for step in sorted({round(last * k / 5) for k in range(6)}):
        out.append(text(place(step, 1)[0], TOP + CURVE + 18, str(step), "middle"))
    for at, (name, line) in enumerate(lines.items()):
        colour = COLOURS[at % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*p) for p in line))
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        y = TOP + CURVE + 44 + 18 * at
        out.append(f'<path d="M60 {y - 4}h24" stroke="{colour}" stroke-width="3"/>')
        label = f"{name}: {line[-1][1]} at step {line[-1][0]}" if line else name
        out.append(text(92, y, label))
    return out


def heat_map(experts: dict[str, list[int]], top: int) -> list[str]:
    """Share of the tokens per expert; a row's last number is how many experts are used in effect (perplexity)."""
    if not experts:
        return []
    out = [text(20, top + 10, "share of tokens per expert, and experts used in effect")]
    for row, (layer, counts) in enumerate(experts.items()):
        y, total = top + 28 + CELL * row, sum(counts)
        out.append(text(LEFT - 8, y + 15, layer, "end"))
        for at, count in enumerate(counts):
            share = count / total
            shade = f'fill="#1b6ca8" fill-opacity="{min(1.0, share * len(counts) / 2.5):.2f}"'
            out.append(f'<rect x="{LEFT + 40 * at}" y="{y}" width="38" height="{CELL - 2}" {shade}/>')
            out.append(text(LEFT + 40 * at + 19, y + 15, f"{100 * share:.0f}", "middle"))
        entropy = -sum(c / total * math.log(c / total) for c in counts if c)
        out.append(text(LEFT + 40 * len(counts) + 10, y + 15, f"{math.exp(entropy):.1f}"))
    return out


def text(x: float, y: float, content: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'


if __name__ == "__main__":
    main()
