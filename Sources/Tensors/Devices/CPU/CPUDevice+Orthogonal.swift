import Base
import CKernels

/// Muon's update: products of matrices between passes over them.
extension CPUDevice {
  public func orthogonalScratch(rows: Int, columns: Int) -> Int {
    let side = min(rows, columns)
    let products = [(columns, rows), (rows, columns), (side, side), (side, columns)].map {
      productScratch(rows: 0, depth: $0.0, columns: $0.1, into: .real)
    }
    return 2 * rows * columns + 2 * side * side + (products.max() ?? 0)
  }

  public func updateOrthogonally(_ orthogonal: OrthogonalStep, _ step: UpdateStep) {
    for matrix in orthogonal.matrices {
      guard let constants = constants(step, decaying: matrix.spec.decays) else { return }
      updateOrthogonally(matrix, constants, step, orthogonal.scratch)
    }
  }

  private func updateOrthogonally(
    _ matrix: Parameter, _ constants: kaji_update, _ step: UpdateStep, _ scratch: View
  ) {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let (count, side, begin) = (rows * columns, min(rows, columns), matrix.range.lowerBound)
    let x = scratch.slice(0..<count)
    let next = scratch.slice(count..<2 * count)
    let gram = scratch.slice(2 * count..<2 * count + side * side)
    let square = scratch.slice(2 * count + side * side..<2 * (count + side * side))
    let room = scratch.slice(2 * (count + side * side)..<scratch.count)
    let block = ParameterStore.block
    chunks(count, block) { range in
      let at = range.lowerBound
      unsafe kernels.momentum(
        Int64(range.count), constants, step.gradient.floats + begin + at,
        step.first.floats + begin + at, x.floats + at)
    }
    var squares = 0.0
    for at in stride(from: 0, to: count, by: block) {
      squares += unsafe kernels.sum_of_squares(Int64(min(block, count - at)), x.floats + at)
    }
    combine(Float(1 / (squares.squareRoot() + 1e-7)), x, 0, x, into: x)

    let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    let isWide = rows <= columns
    for _ in 0..<5 {
      // A is the smaller of X·Xᵀ and Xᵀ·X, and B = b·A + c·A² of its size stands on that side of X.
      let (matrix, factor) = (Matrix(x, columns: columns), Matrix(gram, columns: side))
      multiply(
        m: side, k: max(rows, columns), n: side, matrix, transposed: !isWide, matrix,
        transposed: isWide, into: gram, room)
      multiply(
        m: side, k: side, n: side, factor, transposed: false, factor, transposed: false,
        into: square, room)
      combine(b, gram, c, square, into: gram)
      let (left, right) = isWide ? (factor, matrix) : (matrix, factor)
      multiply(
        m: rows, k: side, n: columns, left, transposed: false, right, transposed: false,
        into: next, room)
      combine(a, x, 1, next, into: x)
    }
    let size = 0.2 * Float(max(rows, columns)).squareRoot()
    let weights = unsafe kernelWeights(step.weights, key: step.key)
    let kept = 1 - constants.learning_rate * constants.weight_decay
    chunks(count, block) { range in
      let (at, n) = (range.lowerBound, Int64(range.count))
      unsafe kernels.read_weights(n, weights.from(begin + at), next.floats + at)
    }
    combine(kept, next, -constants.learning_rate * size, x, into: next)
    chunks(count, block) { range in
      let (at, n) = (range.lowerBound, Int64(range.count))
      unsafe kernels.write_weights(n, weights.from(begin + at), next.floats + at)
    }
  }

  /// z = a·x + b·y.
  private func combine(_ a: Float, _ x: View, _ b: Float, _ y: View, into z: View) {
    chunks(z.count, ParameterStore.block) { range in
      let at = range.lowerBound
      unsafe kernels.combine(
        Int64(range.count), a, x.floats + at, b, y.floats + at, z.floats + at)
    }
  }
}
