/** Rows of a square matrix. */
export type Matrix = readonly (readonly number[])[];

/** Returns a square matrix of zeros that can be filled. */
export function zeros(size: number): number[][] {
  return Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
}

/** Returns the inverse by Gauss-Jordan elimination with pivoting. Throws for a matrix without an inverse. */
export function inverse(matrix: Matrix): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [...row, ...Array.from({ length: size }, (_, column) => (column === index ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    const lead = rows[pivot]![column]!;
    if (!(Math.abs(lead) > 1e-300)) throw new RangeError('the matrix has no inverse');
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const own = rows[column]!.map((value) => value / lead);
    rows[column] = own;
    for (let row = 0; row < size; row += 1) {
      const factor = rows[row]![column]!;
      if (row === column || factor === 0) continue;
      rows[row] = rows[row]!.map((value, index) => value - factor * own[index]!);
    }
  }
  return rows.map((row) => row.slice(size));
}

/** Returns the product of a matrix and a vector. */
export function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0));
}
