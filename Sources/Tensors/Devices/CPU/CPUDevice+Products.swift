import Base
import CKernels

/// Products of matrices. K is never split between threads; a right-hand side is packed in slabs, so that
/// scratch stays small, and every element is summed in the same order however the slabs fall.
extension CPUDevice {
  /// Reals a slab may take: 5 MB.
  private static let slab = 5 << 18
  /// Inner sizes are packed in stretches that are a multiple of the kernels' blocks.
  static let depth = 2048
  /// Rows a task takes.
  static let rowTile = 128
  /// Up to so many rows weights are read in place.
  public var fewRows: Int { 16 }

  var panel: Int { Int(kernels.panel_width) }

  /// Columns packed at once for an inner size.
  private func slabColumns(depth: Int, columns: Int) -> Int {
    let most = max(panel, Self.slab / min(depth, Self.depth) / panel * panel)
    // Slabs of one width, so that no narrow one is left.
    return padded(even(columns, most))
  }

  /// Columns as whole panels.
  func padded(_ columns: Int) -> Int { (columns + panel - 1) / panel * panel }

  /// The size of the pieces, none above `most`, that `count` falls into evenly.
  private func even(_ count: Int, _ most: Int) -> Int {
    let pieces = max(1, (count + most - 1) / most)
    return (count + pieces - 1) / pieces
  }

  /// Columns a task takes of so many: pieces of one width, so that threads that take turns have as much to do.
  func taskColumns(_ columns: Int) -> Int {
    padded(even(columns, panel * Int(KAJI_TASK_PANELS)))
  }

  public func productScratch(rows: Int, depth: Int, columns: Int, into type: ElementType) -> Int {
    let slab = slabColumns(depth: depth, columns: columns)
    let sums = type == .operand && keepsSums(depth: depth) ? rows * slab : 0
    return min(depth, Self.depth) * slab + sums
  }

  /// Whether the sums of a product into bf16 lie elsewhere until all stretches of the inner size are added.
  private func keepsSums(depth: Int) -> Bool { precision.isHalf && depth > Self.depth }

  /// One side of a product.
  func side(_ matrix: Matrix, row: Int = 0, transposed: Bool = false) -> kaji_matrix {
    unsafe kaji_matrix(
      base: matrix.at(row), stride: matrix.stride, transposed: transposed,
      is_half: matrix.view.isHalf)
  }

  /// What packs a right-hand side, and what multiplies by it.
  var productKernels:
    (
      pack:
        @convention(c) (
          kaji_matrix, Int64, Int64, Int64, Int64, UnsafeMutablePointer<Float>?
        ) -> Void,
      gemm:
        @convention(c) (
          Int64, Int64, kaji_matrix, UnsafePointer<Float>?, Int64, Int64, kaji_matrix, Bool
        ) -> Void
    )
  {
    unsafe precision.isHalf
      ? (kernels.pack_half, kernels.gemm_half) : (kernels.pack, kernels.gemm)
  }

  /// C (+)= A·B for `m` rows, `k` inner, `n` columns.
  private func product(
    m: Int, k: Int, n: Int, a: kaji_matrix, b: kaji_matrix, c: kaji_matrix, accumulate: Bool,
    scratch: View
  ) {
    let planned = slabColumns(depth: k, columns: n)
    let hasSums = unsafe c.is_half && keepsSums(depth: k)
    let room = hasSums ? scratch.slice(0..<Self.depth * planned) : scratch
    // The scratch is planned for the capacity; with fewer live rows a slab could be wider than it holds.
    let columns = min(planned, room.count / min(k, Self.depth) / panel * panel)
    precondition(columns > 0, "scratch of \(scratch.count) is too small")
    for j0 in stride(from: 0, to: n, by: columns) {
      let width = min(columns, n - j0)
      guard hasSums else {
        unsafe slab(
          m: m, k: k, width: width, a: a, b: b.from(column: j0), c: c.from(column: j0),
          accumulate: accumulate, room: room)
        continue
      }
      let sums = Matrix(scratch.slice(room.count..<scratch.count), columns: width)
      unsafe slab(
        m: m, k: k, width: width, a: a, b: b.from(column: j0), c: side(sums), accumulate: false,
        room: room)
      chunks(m, 32) { range in
        for t in range {
          unsafe kernels.narrow(
            Int64(width), sums.floats + t * width, c.from(column: j0).from(row: t).base,
            accumulate)
        }
      }
    }
  }

  /// The first `width` columns of C, for which B is packed in `room`.
  private func slab(
    m: Int, k: Int, width: Int, a: kaji_matrix, b: kaji_matrix, c: kaji_matrix, accumulate: Bool,
    room: View
  ) {
    let packed = unsafe room.floats
    let (pack, gemm) = unsafe productKernels
    let tile = Self.rowTile
    let taskWidth = taskColumns(width)
    let across = (width + taskWidth - 1) / taskWidth
    for k0 in stride(from: 0, to: k, by: Self.depth) {
      let depth = Int64(min(Self.depth, k - k0))
      let source = unsafe b.from(row: k0)
      chunks(width, panel * 4) { range in
        unsafe pack(
          source, depth, Int64(width), Int64(range.lowerBound), Int64(range.upperBound), packed)
      }
      pool.run((m + tile - 1) / tile * across) { task in
        let row = task / across * tile
        let begin = task % across * taskWidth
        unsafe gemm(
          Int64(min(tile, m - row)), depth, a.from(row: row).from(column: k0), packed,
          Int64(begin), Int64(min(width, begin + taskWidth)), c.from(row: row),
          accumulate || k0 > 0)
      }
    }
  }

  /// C = A·B for dense matrices of `m` rows, `k` inner and `n` columns.
  func multiply(
    m: Int, k: Int, n: Int, _ a: Matrix, transposed aTransposed: Bool, _ b: Matrix,
    transposed bTransposed: Bool, into c: View, _ scratch: View
  ) {
    unsafe product(
      m: m, k: k, n: n, a: side(a, transposed: aTransposed), b: side(b, transposed: bTransposed),
      c: side(Matrix(c, columns: n)), accumulate: false, scratch: scratch)
  }

  public func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows
  ) {
    let m = rows.count
    if rows.capacity <= fewRows {
      precondition(x.view.isHalf == weight.view.isHalf, "few rows of another kind than the weight")
      let matvec = unsafe rowKernels(x).matvec!
      let (isWhole, columns) = (!output.view.isHalf, Int64(x.columns))
      chunks(output.columns, 64) { range in
        unsafe matvec(
          Int64(m), columns, x.at(0), x.stride, weight.at(0), weight.stride,
          Int64(range.lowerBound), Int64(range.upperBound), residual?.at(0), residual?.stride ?? 0,
          output.at(0), output.stride, isWhole)
      }
      return
    }
    if let residual { copyRows(residual, to: output, rows: rows) }
    unsafe product(
      m: m, k: x.columns, n: output.columns, a: side(x), b: side(weight, transposed: true),
      c: side(output), accumulate: residual != nil, scratch: scratch)
  }

  public func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows
  ) {
    unsafe product(
      m: rows.count, k: dOutput.columns, n: dInput.columns, a: side(dOutput), b: side(weight),
      c: side(dInput), accumulate: accumulate, scratch: scratch)
  }

  public func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows
  ) {
    unsafe product(
      m: dOutput.columns, k: rows.count, n: x.columns, a: side(dOutput, transposed: true),
      b: side(x), c: side(dWeight), accumulate: true, scratch: scratch)
  }

  /// Compares a product of odd shapes with plain loops.
  ///
  /// Numerical libraries and compilers have been wrong on some processors; training on such a machine would
  /// look like a bad model.
  func checkProduct() throws {
    let (m, k, n) = (19, 301, 53)
    let x = (0..<m * k).map { Float(($0 * 7919) % 257) / 128 - 1 }
    let w = (0..<n * k).map { Float(($0 * 104_729) % 263) / 128 - 1 }
    func view(_ type: ElementType, _ count: Int) throws -> View {
      View(try allocate(type, count: count))
    }
    let (left, right) = (try view(.operand, m * k), try view(.operand, n * k))
    let output = try view(.real, m * n)
    // Exact in bf16 as well.
    upload(x.span, to: left)
    upload(w.span, to: right)
    linear(
      Matrix(left, columns: k), weight: Matrix(right, columns: k), residual: nil,
      output: Matrix(output, columns: n),
      scratch: try view(.real, productScratch(rows: m, depth: k, columns: n, into: .real)),
      rows: Rows(capacity: m))
    var y = [Float](repeating: 0, count: m * n)
    var span = y.mutableSpan
    download(output, into: &span)
    for i in 0..<m {
      for j in 0..<n {
        let exact = (0..<k).reduce(0.0) { $0 + Double(x[i * k + $1]) * Double(w[j * k + $1]) }
        guard abs(Double(y[i * n + j]) - exact) < 1e-3 else {
          throw Failure(
            "this machine computes a \(m)×\(k)×\(n) product wrongly with its \(level) kernels",
            remedy: "Report it with the output of kaji doctor; do not train here.")
        }
      }
    }
  }
}

extension kaji_matrix {
  private func moved(by elements: Int) -> kaji_matrix {
    var moved = unsafe self
    unsafe moved.base += elements * (is_half ? 2 : 4)
    return unsafe moved
  }

  /// What begins at a row.
  func from(row: Int) -> kaji_matrix {
    unsafe moved(by: transposed ? row : row * stride)
  }

  /// What begins at a column.
  func from(column: Int) -> kaji_matrix {
    unsafe moved(by: transposed ? column * stride : column)
  }
}
