import Base
import CKernels

/// Products of matrices. K is never split between threads; a right-hand side is packed in slabs, so that
/// scratch stays small, and every element is summed in the same order however the slabs fall.
extension CPUDevice {
  /// Reals a slab may take.
  private static let slab = 1 << 20
  /// Inner sizes are packed in stretches that are a multiple of the kernels' block of 256.
  private static let depth = 2048
  /// Up to so many rows weights are read in place.
  public var fewRows: Int { 16 }

  private var panel: Int { Int(kernels.panel_width) }

  /// Columns packed at once for an inner size.
  private func slabColumns(depth: Int, columns: Int) -> Int {
    let padded = (columns + panel - 1) / panel * panel
    return min(padded, max(panel, Self.slab / min(depth, Self.depth) / panel * panel))
  }

  public func productScratch(depth: Int, columns: Int) -> Int {
    min(depth, Self.depth) * slabColumns(depth: depth, columns: columns)
  }

  /// One side of a product: element (i, j) at i · stride + j, or j · stride + i if transposed.
  @unsafe private struct Side {
    let base: UnsafePointer<Float>
    let stride: Int
    let transposed: Bool
  }

  /// C (+)= A·B for `m` rows, `k` inner, `n` columns.
  private func product(
    m: Int, k: Int, n: Int, a: Side, b: Side, c: UnsafeMutablePointer<Float>, stride: Int,
    accumulate: Bool, scratch: View
  ) {
    // The scratch is planned for the capacity; with fewer live rows a slab could be wider than it holds.
    let room = scratch.count / min(k, Self.depth) / panel * panel
    let columns = min(slabColumns(depth: k, columns: n), room)
    precondition(columns > 0, "scratch of \(scratch.count) is too small")
    let packed = unsafe scratch.floats
    let isHalf = precision == .bf16
    let pack = unsafe isHalf ? kernels.pack_half! : kernels.pack!
    let gemm = unsafe isHalf ? kernels.gemm_half! : kernels.gemm!
    let tile = 128  // rows a task takes
    let width = panel * 16  // columns a task takes
    for j0 in Swift.stride(from: 0, to: n, by: columns) {
      let slabWidth = min(columns, n - j0)
      for k0 in Swift.stride(from: 0, to: k, by: Self.depth) {
        let depth = min(Self.depth, k - k0)
        let source = unsafe b.base + (b.transposed ? j0 * b.stride + k0 : k0 * b.stride + j0)
        chunks(slabWidth, panel * 4) { range in
          unsafe pack(
            source, b.stride, b.transposed, Int64(depth), Int64(slabWidth),
            Int64(range.lowerBound), Int64(range.upperBound), packed)
        }
        let across = (slabWidth + width - 1) / width
        pool.run((m + tile - 1) / tile * across) { task in
          let row = task / across * tile
          let begin = task % across * width
          let left = unsafe a.base + (a.transposed ? k0 * a.stride + row : row * a.stride + k0)
          unsafe gemm(
            Int64(min(tile, m - row)), Int64(depth), left, a.stride, a.transposed, packed,
            Int64(begin), Int64(min(slabWidth, begin + width)), c + row * stride + j0, stride,
            accumulate || k0 > 0)
        }
      }
    }
  }

  /// C = A·B for dense matrices of `m` rows, `k` inner and `n` columns, each with its stride.
  func multiply(
    m: Int, k: Int, n: Int, _ a: View, _ aStride: Int, transposed aTransposed: Bool, _ b: View,
    _ bStride: Int, transposed bTransposed: Bool, into c: View, _ scratch: View
  ) {
    unsafe product(
      m: m, k: k, n: n, a: Side(base: a.floats, stride: aStride, transposed: aTransposed),
      b: Side(base: b.floats, stride: bStride, transposed: bTransposed), c: c.floats, stride: n,
      accumulate: false, scratch: scratch)
  }

  public func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows
  ) {
    let m = rows.count
    if rows.capacity <= fewRows {
      chunks(output.columns, 64) { range in
        unsafe kernels.matvec(
          Int64(m), Int64(x.columns), x.floats, x.stride, weight.floats, weight.stride,
          Int64(range.lowerBound), Int64(range.upperBound), residual?.floats,
          residual?.stride ?? 0, output.floats, output.stride)
      }
      return
    }
    if let residual { copyRows(residual, to: output, rows: rows) }
    unsafe product(
      m: m, k: x.columns, n: output.columns,
      a: Side(base: x.floats, stride: x.stride, transposed: false),
      b: Side(base: weight.floats, stride: weight.stride, transposed: true),
      c: output.floats, stride: output.stride, accumulate: residual != nil, scratch: scratch)
  }

  public func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows
  ) {
    unsafe product(
      m: rows.count, k: dOutput.columns, n: dInput.columns,
      a: Side(base: dOutput.floats, stride: dOutput.stride, transposed: false),
      b: Side(base: weight.floats, stride: weight.stride, transposed: false),
      c: dInput.floats, stride: dInput.stride, accumulate: accumulate, scratch: scratch)
  }

  public func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows
  ) {
    unsafe product(
      m: dOutput.columns, k: rows.count, n: x.columns,
      a: Side(base: dOutput.floats, stride: dOutput.stride, transposed: true),
      b: Side(base: x.floats, stride: x.stride, transposed: false),
      c: dWeight.floats, stride: dWeight.stride, accumulate: true, scratch: scratch)
  }

  public func headChunk(vocabulary: Int) -> Int {
    // About 64 MB of logits: enough rows that packing the weight again for each chunk costs little.
    max(256, min(1024, (1 << 24) / vocabulary / 128 * 128))
  }

  public func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows) {
    let live = rows.count
    let width = head.hidden.columns
    let vocabulary = head.weight.view.count / head.weight.columns
    let chunk = min(rows.capacity, headChunk(vocabulary: vocabulary))
    let logits = unsafe head.logits.floats
    let weight = unsafe head.weight.floats
    let weightStride = head.weight.stride
    let (targets, weights) = unsafe (head.targets.indices, head.weights.floats)
    let losses = unsafe head.losses.floats
    let terms = kaji_loss(z: Float(head.terms.z), smoothing: Float(head.terms.smoothing))
    for row in stride(from: 0, to: live, by: chunk) {
      let m = min(chunk, live - row)
      let hidden = unsafe head.hidden.floats + row * head.hidden.stride
      unsafe product(
        m: m, k: width, n: vocabulary,
        a: Side(base: hidden, stride: head.hidden.stride, transposed: false),
        b: Side(base: weight, stride: weightStride, transposed: true), c: logits,
        stride: vocabulary, accumulate: false, scratch: head.scratch)
      chunks(m, 8) { range in
        for t in range {
          let target = Int(unsafe targets[row + t])
          let z = unsafe logits + t * vocabulary
          guard target >= 0 else {
            unsafe losses[row + t] = 0
            if head.dHidden != nil { unsafe z.update(repeating: 0, count: vocabulary) }
            continue
          }
          unsafe losses[row + t] = kernels.cross_entropy(
            Int64(vocabulary), z, Int64(target), weights[row + t], terms, head.dHidden != nil)
        }
      }
      guard let dHidden = head.dHidden, let dWeight = head.dWeight else { continue }
      unsafe product(
        m: m, k: vocabulary, n: width,
        a: Side(base: logits, stride: vocabulary, transposed: false),
        b: Side(base: weight, stride: weightStride, transposed: false),
        c: dHidden.floats + row * dHidden.stride, stride: dHidden.stride, accumulate: false,
        scratch: head.scratch)
      unsafe product(
        m: vocabulary, k: m, n: width,
        a: Side(base: logits, stride: vocabulary, transposed: true),
        b: Side(base: hidden, stride: head.hidden.stride, transposed: false),
        c: dWeight.floats, stride: dWeight.stride, accumulate: true, scratch: head.scratch)
    }
  }

  /// Compares a product of odd shapes with plain loops.
  ///
  /// Numerical libraries and compilers have been wrong on some processors; training on such a machine would
  /// look like a bad model.
  func checkProduct() throws {
    let (m, k, n) = (19, 301, 53)
    let x = (0..<m * k).map { Float(($0 * 7919) % 257) / 128 - 1 }
    let w = (0..<n * k).map { Float(($0 * 104_729) % 263) / 128 - 1 }
    let memory = try [m * k, n * k, m * n, productScratch(depth: k, columns: n)].map {
      View(try allocate(.real, count: $0))
    }
    upload(x.span, to: memory[0])
    upload(w.span, to: memory[1])
    linear(
      Matrix(memory[0], columns: k), weight: Matrix(memory[1], columns: k), residual: nil,
      output: Matrix(memory[2], columns: n), scratch: memory[3], rows: Rows(capacity: m))
    var y = [Float](repeating: 0, count: m * n)
    var span = y.mutableSpan
    download(memory[2], into: &span)
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
