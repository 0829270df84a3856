import Base
import CKernels

/// Verbs that work row by row, or scatter rows.
extension CPUDevice {
  /// Rows a task takes.
  private static let rowChunk = 32
  /// Columns a task takes where rows must be added in order.
  private static let columnChunk = 32

  public func embedding(_ ids: View, table: Matrix, output: Matrix, rows: Rows) {
    gatherRows(table, at: ids, output: output, rows: rows)
  }

  public func embeddingGradient(_ ids: View, dOutput: Matrix, dTable: Matrix, rows: Rows) {
    let count = rows.count
    let at = unsafe ids.indices
    chunks(dOutput.columns, Self.columnChunk) { range in
      for t in 0..<count {
        unsafe kernels.add(
          Int64(range.count), dOutput.floats + t * dOutput.stride + range.lowerBound,
          dTable.floats + Int(at[t]) * dTable.stride + range.lowerBound)
      }
    }
  }

  public func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows) {
    let indices = unsafe at.indices
    chunks(rows.count, Self.rowChunk) { range in
      for t in range {
        unsafe (output.floats + t * output.stride).update(
          from: source.floats + Int(indices[t]) * source.stride, count: output.columns)
      }
    }
  }

  public func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows) {
    let indices = unsafe at.indices
    for t in 0..<rows.count {
      unsafe (target.floats + Int(indices[t]) * target.stride).update(
        from: source.floats + t * source.stride, count: source.columns)
    }
  }

  public func copyRows(_ source: Matrix, to target: Matrix, rows: Rows) {
    chunks(rows.count, Self.rowChunk) { range in
      for t in range {
        unsafe (target.floats + t * target.stride).update(
          from: source.floats + t * source.stride, count: source.columns)
      }
    }
  }

  public func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows) {
    chunks(rows.count, Self.rowChunk) { range in
      for t in range {
        unsafe kernels.scaled_add(
          Int64(a.columns), a.floats + t * a.stride, 1, b.floats + t * b.stride,
          output.floats + t * output.stride)
      }
    }
  }

  public func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows
  ) {
    let heads = x.columns / gain.count
    let atOnce = x.isContiguous && output.isContiguous ? Self.rowChunk : 1
    chunks(rows.count, Self.rowChunk) { range in
      for t in stride(from: range.lowerBound, to: range.upperBound, by: atOnce) {
        unsafe kernels.rmsnorm(
          Int64(min(atOnce, range.upperBound - t) * heads), Int64(gain.count),
          x.floats + t * x.stride, gain.floats, epsilon, output.floats + t * output.stride,
          inverse.floats + t * heads)
      }
    }
  }

  public func rmsNormGradient(
    _ dOutput: Matrix, x: Matrix, gain: View, inverse: View, dInput: Matrix, accumulate: Bool,
    dGain: View, rows: Rows
  ) {
    let count = rows.count
    let heads = x.columns / gain.count
    let contiguous = x.isContiguous && dOutput.isContiguous && dInput.isContiguous
    let atOnce = contiguous ? max(1, count) : 1
    chunks(count, Self.rowChunk) { range in
      for t in stride(from: range.lowerBound, to: range.upperBound, by: atOnce) {
        unsafe kernels.rmsnorm_input(
          Int64(min(atOnce, range.upperBound - t) * heads), Int64(gain.count),
          dOutput.floats + t * dOutput.stride, x.floats + t * x.stride, gain.floats,
          inverse.floats + t * heads, dInput.floats + t * dInput.stride, accumulate)
      }
    }
    chunks(gain.count, Self.columnChunk) { range in
      for t in stride(from: 0, to: count, by: atOnce) {
        unsafe kernels.rmsnorm_gain(
          Int64(atOnce * heads), Int64(gain.count), Int64(range.lowerBound),
          Int64(range.upperBound), dOutput.floats + t * dOutput.stride, x.floats + t * x.stride,
          inverse.floats + t * heads, dGain.floats)
      }
    }
  }

  public func addBias(_ bias: View, to x: Matrix, rows: Rows) {
    chunks(rows.count, Self.rowChunk) { range in
      for t in range { unsafe kernels.add(Int64(x.columns), bias.floats, x.floats + t * x.stride) }
    }
  }

  public func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows) {
    let count = rows.count
    chunks(dOutput.columns, Self.columnChunk) { range in
      for t in 0..<count {
        unsafe kernels.add(
          Int64(range.count), dOutput.floats + t * dOutput.stride + range.lowerBound,
          dBias.floats + range.lowerBound)
      }
    }
  }

  public func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows
  ) {
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe kernels.rope(
        Int64(range.count), x.floats + begin * x.stride, x.stride, Int32(x.columns / headSize),
        Int32(headSize), positions.indices + begin, table.floats, direction)
    }
  }

  public func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows) {
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe kernels.swiglu(
        Int64(range.count), Int64(gate.columns), gate.floats + begin * gate.stride,
        up.floats + begin * gate.stride, gate.stride, output.floats + begin * output.stride)
    }
  }

  public func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows
  ) {
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe kernels.swiglu_backward(
        Int64(range.count), Int64(gate.columns), dOutput.floats + begin * dOutput.stride,
        gate.floats + begin * gate.stride, up.floats + begin * gate.stride, gate.stride,
        dGate.floats + begin * dGate.stride, dUp.floats + begin * dGate.stride, dGate.stride)
    }
  }

  public func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows) {
    let stream = unsafe DropoutStream(
      key: Span(_unsafeStart: key.indices, count: 3), purpose: purpose, rate: rate)
    chunks(rows.count, Self.rowChunk) { range in
      unsafe kernels.dropout(
        Int64(range.lowerBound * x.columns), Int64(range.upperBound * x.columns),
        stream.random.key.0, stream.random.key.1, stream.step, stream.threshold,
        Float(stream.scale), x.floats)
    }
  }

  public func weightedSum(_ values: View, weights: View, total: View, rows: Rows) {
    var sum = 0.0
    for t in 0..<rows.count {
      // A row that does not count must not turn the sum into NaN.
      let weight = unsafe weights.floats[t]
      if weight != 0 { sum += Double(weight) * Double(unsafe values.floats[t]) }
    }
    unsafe total.floats[0] += Float(sum)
  }
}
