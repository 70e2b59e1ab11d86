"""Read like the straight line: text, values and v become a run, views, a timeline, a drawing, a page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from vizgraph import calculus, codec, engine, language, limits, outer, report, texts
from vizgraph.drawing import layout
from vizgraph.errors import VizgraphError
from vizgraph.form import form
from vizgraph.model import Derivation, Layout, Run
from vizgraph.visualization import Visualization
from vizgraph.worker import Zygote, disposable


def visualize(
    source: str,
    *,
    values: Mapping[str, Any] | None = None,
    requires_grad: Collection[str] | None = None,
    gradient: Any = None,
    isolated: bool = False,
    language: str = "en",
) -> Visualization:
    """Run a program and return its graph, its numbers and the animation of its backward pass.

    ``source`` is mathematics (``y = x1*x2``) or PyTorch code. ``values`` gives the free names (number,
    nested list, or text as typed), ``requires_grad`` the names that are leaves (default: all),
    ``gradient`` the upstream gradient of the outputs (default: ones). ``isolated`` runs it in a child
    process under limits of time and memory, for text that nobody has read. ``language`` is that of the sentences, "en"
    or "zh".

    A refused program raises `VizgraphError`; one that ran and then failed returns what it had, with
    ``run.error`` set.

    >>> picture = visualize("y = x1*x2*x3", values={"x1": 1, "x2": 2, "x3": 3}, gradient=0.1)
    >>> [(leaf.name, round(leaf.grad.entries[0], 4)) for leaf in picture.run.leaves]
    [('x1', 0.6), ('x2', 0.3), ('x3', 0.2)]
    """
    job = {
        "source": source,
        "values": dict(values or {}),
        "requires_grad": None if requires_grad is None else list(requires_grad),
        "gradient": gradient,
    }
    with texts.speaking(language):
        picture = _isolated({**job, "language": language}) if isolated else finished(_run(job))
        _check_names(picture.run, job["values"])
    return picture


def _run(job: Mapping[str, Any]) -> Run:
    program = language.parse(job["source"])
    return engine.run(program, job.get("values"), job.get("requires_grad"), job.get("gradient"))


def finished(run: Run) -> Visualization:
    """The result of a run in this process: Graphviz places its drawings in another one, which may crash."""
    return Visualization(run, arrange=disposable.arrange_all, derive=_derive)


def _derive(run: Run) -> Derivation | None:
    """The Jacobian three ways: as autograd had it, in symbols, and by differences of forward values."""
    return calculus.derive(run, engine.differences(run), engine.second(run))


def _isolated(job: dict[str, Any]) -> Visualization:
    """Run the same job in a child of the zygote and read its answer."""
    answer = _zygote().ask({**job, "want": ["run", "derivation"]})
    if "refused" in answer:
        raise report.read_fault(answer["refused"])
    if "run" not in answer:
        raise report.read_fault(answer["failed"]["run"])
    derivation = codec.decode(Derivation, answer["derivation"]) if answer.get("derivation") else None
    return Visualization(
        codec.decode(Run, answer["run"]), arrange=disposable.arrange_all, derive=lambda run: derivation
    )  # fmt: skip


@functools.cache
def _zygote() -> Zygote:
    """One zygote serves every isolated call of this process; it ends with it."""
    return Zygote().start()


def _check_names(run: Run, values: Collection[str]) -> None:
    """A name without a value beside a value without a name: they were meant to be one."""
    free = run.program.free if run.program else ()
    unused = {name.casefold(): name for name in values if all(one.name != name for one in free)}
    for one in free:
        if one.name not in values and one.name.casefold() in unused:
            meant = unused[one.name.casefold()]
            raise VizgraphError(f"name '{one.name}' is not defined", one.span, f"did you mean {meant}?")


def stages(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Answer a job stage by stage (docs/ARCHITECTURE.md): only in a process that may die.

    Yields (stage, JSON data) in the wanted order; a program that is refused gives the one stage "refused".
    """
    with texts.speaking(str(job.get("language", texts.ENGLISH))):
        yield from _stages(job)


def _stages(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    try:
        place = layout.rows if job.get("layout") == "rows" else layout.arrange

        def arrange(texts: Sequence[str]) -> list[Layout]:
            return [place(text) for text in texts]

        derive = _derive_numbers if job.get("derive") == "numbers" else _derive
        run = _run(job)
        beyond = outer.ask(run, job["outer"]) if job.get("outer") else None
        if beyond is not None:
            run = _run({**job, "gradient": beyond.gradient})
        picture = Visualization(run, arrange=arrange, derive=derive)
        ghost = Visualization(beyond.run, arrange=arrange, derive=derive) if beyond else None
    except VizgraphError as error:
        yield "refused", report.fault(error)
        return
    for name in job.get("want", ("form", "player")):
        if name in STAGES:
            made = STAGES[name](picture, job)
            if name == "player" and ghost is not None and beyond is not None:
                made["outer"] = {"text": beyond.text, "svg": ghost.picture()}
            yield name, made


def _derive_numbers(run: Run) -> Derivation | None:
    """The same without formulas, for programs whose formulas took too long."""
    return calculus.numbers(run, engine.differences(run))


STAGES: Final[dict[str, Callable[[Visualization, Mapping[str, Any]], Any]]] = {
    "run": lambda picture, job: codec.encode(picture.run),
    "form": lambda picture, job: form(picture.run, job.get("values") or {}, job.get("requires_grad")),
    "player": lambda picture, job: picture.payload(opened=job.get("opened", ()), patience=limits.PACKING_SECONDS),
    "derivation": lambda picture, job: codec.encode(picture.derivation),
    "board": lambda picture, job: picture.board,
}
