"""One composite about one subject."""

import math

from yinling.engines.signals.conditions import All, Composite, Joint, Leaf, Node, Not


class Joined:
    """One composite about one subject."""

    def __init__(self, condition: Composite, total: int) -> None:
        self.condition = condition
        self.lit = [0] * len(condition.atoms)
        self.lit_at: list[int | None] = [None] * len(condition.atoms)
        self.start: list[int | None] = [None] * len(condition.atoms)
        self.fired: dict[int, int] = {}
        self.done: int | None = None
        self.truth, self.judged = False, -math.inf
        self.need = max(condition.at_least, math.ceil(condition.share * total))
        self.changes: list[tuple[int, bool]] = []

    def expire(self, until: float) -> None:
        if self.truth and self.condition.within_ms and self.done is not None:
            end = max(self.done + self.condition.within_ms, self.judged)
            if end <= until:
                self.truth, self.judged = False, end
                self.changes.append((int(end), False))

    def take(self, at: int, leaf: int, kind: str, lane: int) -> None:
        now = max(at, self.judged)
        self.expire(now)
        self.lit[leaf] += {"on": 1, "off": -1, "again": 0}[kind]
        if kind != "off":
            self.note(at, leaf, lane)
        truth = self.stands(now)
        if truth != self.truth:
            self.changes.append((int(now), truth))
        self.truth, self.judged = truth, now

    def note(self, at: int, leaf: int, lane: int) -> None:
        within, joint = self.condition.within_ms, self.condition.joint
        done = False
        if joint is Joint.SEQUENCE:
            if leaf == 0:
                self.start[0], self.lit_at[0], done = at, at, False
            else:
                start, before = self.start[leaf - 1], self.lit_at[leaf - 1]
                if start is not None and before is not None and before <= at and at - start <= within:
                    self.start[leaf], self.lit_at[leaf] = start, at
                    done = leaf == len(self.lit) - 1
        elif joint is Joint.TOGETHER:
            self.lit_at[leaf] = at if self.lit_at[leaf] is None else max(at, self.lit_at[leaf] or at)
            times = [each for each in self.lit_at if each is not None]
            done = len(times) == len(self.lit_at) and max(times) - min(times) <= within
        elif joint is Joint.COUNT and within:
            self.fired[lane] = max(at, self.fired.get(lane, at))
            done = sum(at - within < each <= at for each in self.fired.values()) >= self.need
        if done:
            self.done = at if self.done is None else max(self.done, at)

    def stands(self, now: float) -> bool:
        if self.condition.within_ms:
            return self.done is not None and self.done + self.condition.within_ms > now
        if self.condition.joint is Joint.COUNT:
            return self.lit[0] >= self.need
        return self.tree(self.condition.tree)

    def tree(self, node: Node | None) -> bool:
        assert node is not None
        if isinstance(node, Leaf):
            return self.lit[node.index] > 0
        if isinstance(node, Not):
            return not self.tree(node.part)
        parts = [self.tree(part) for part in node.parts]
        return all(parts) if isinstance(node, All) else any(parts)
