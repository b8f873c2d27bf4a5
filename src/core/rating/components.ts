/** The edges of a directed graph: `to(node)` returns the nodes that an edge leads to. */
export interface Graph {
  size: number;
  to: (node: number) => readonly number[];
}

/** Returns the strongly connected components (Tarjan), without recursion. Each node is in exactly one of them. */
export function strongComponents({ size, to }: Graph): number[][] {
  const order = Array.from({ length: size }, () => -1);
  const low = Array.from({ length: size }, () => 0);
  const isOpen = Array.from({ length: size }, () => false);
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  for (let start = 0; start < size; start += 1) {
    if (order[start] !== -1) continue;
    const path: { node: number; edges: readonly number[]; next: number }[] = [];
    const enter = (node: number): void => {
      order[node] = low[node] = visited;
      visited += 1;
      open.push(node);
      isOpen[node] = true;
      path.push({ node, edges: to(node), next: 0 });
    };
    enter(start);
    while (path.length > 0) {
      const step = path.at(-1)!;
      const { node } = step;
      if (step.next < step.edges.length) {
        const target = step.edges[step.next]!;
        step.next += 1;
        if (order[target] === -1) enter(target);
        else if (isOpen[target] === true) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent.node] = Math.min(low[parent.node]!, low[node]!);
      if (low[node] !== order[node]) continue;
      const component = open.splice(open.lastIndexOf(node));
      for (const member of component) isOpen[member] = false;
      components.push(component.toSorted((one, other) => one - other));
    }
  }
  return components;
}
