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
    let add = unsafe rowKernels(dOutput).add_full!
    chunks(dOutput.columns, Self.columnChunk) { range in
      for t in 0..<count {
        unsafe add(
          Int64(range.count), dOutput.at(t, range.lowerBound),
          dTable.floats + Int(at[t]) * dTable.stride + range.lowerBound)
      }
    }
  }

  public func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows) {
    precondition(source.view.isHalf == output.view.isHalf, "rows of two kinds")
    let indices = unsafe at.indices
    chunks(rows.count, Self.rowChunk) { range in
      for t in range {
        unsafe output.at(t).copyMemory(
          from: source.at(Int(indices[t])), byteCount: output.rowBytes)
      }
    }
  }

  public func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows) {
    precondition(source.view.isHalf == target.view.isHalf, "rows of two kinds")
    let indices = unsafe at.indices
    for t in 0..<rows.count {
      unsafe target.at(Int(indices[t])).copyMemory(
        from: source.at(t), byteCount: source.rowBytes)
    }
  }

  public func copyRows(_ source: Matrix, to target: Matrix, rows: Rows) {
    precondition(source.view.isHalf == target.view.isHalf, "rows of two kinds")
    chunks(rows.count, Self.rowChunk) { range in
      for t in range {
        unsafe target.at(t).copyMemory(from: source.at(t), byteCount: target.rowBytes)
      }
    }
  }

  public func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows) {
    let sum = unsafe rowKernels(output).sum!
    chunks(rows.count, Self.rowChunk) { range in
      for t in range { unsafe sum(Int64(a.columns), a.at(t), b.at(t), output.at(t)) }
    }
  }

  public func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows
  ) {
    let heads = x.columns / gain.count
    let atOnce = x.isContiguous && output.isContiguous ? Self.rowChunk : 1
    let norm = unsafe rowKernels(x).rmsnorm!
    chunks(rows.count, Self.rowChunk) { range in
      for t in stride(from: range.lowerBound, to: range.upperBound, by: atOnce) {
        unsafe norm(
          Int64(min(atOnce, range.upperBound - t) * heads), Int64(gain.count), x.at(t),
          gain.at(0), epsilon, output.at(t), inverse.floats + t * heads)
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
    let (input, gains) = unsafe (rowKernels(x).rmsnorm_input!, rowKernels(x).rmsnorm_gain!)
    chunks(count, Self.rowChunk) { range in
      for t in stride(from: range.lowerBound, to: range.upperBound, by: atOnce) {
        unsafe input(
          Int64(min(atOnce, range.upperBound - t) * heads), Int64(gain.count), dOutput.at(t),
          x.at(t), gain.at(0), inverse.floats + t * heads, dInput.at(t), accumulate)
      }
    }
    chunks(gain.count, Self.columnChunk) { range in
      for t in stride(from: 0, to: count, by: atOnce) {
        unsafe gains(
          Int64(atOnce * heads), Int64(gain.count), Int64(range.lowerBound),
          Int64(range.upperBound), dOutput.at(t), x.at(t), inverse.floats + t * heads,
          dGain.floats)
      }
    }
  }

  public func addBias(_ bias: View, to x: Matrix, rows: Rows) {
    let add = unsafe rowKernels(x).add!
    chunks(rows.count, Self.rowChunk) { range in
      for t in range { unsafe add(Int64(x.columns), bias.at(0), x.at(t)) }
    }
  }

  public func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows) {
    let count = rows.count
    let add = unsafe rowKernels(dOutput).add_full!
    chunks(dOutput.columns, Self.columnChunk) { range in
      for t in 0..<count {
        unsafe add(
          Int64(range.count), dOutput.at(t, range.lowerBound), dBias.floats + range.lowerBound)
      }
    }
  }

  public func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows
  ) {
    let rope = unsafe rowKernels(x).rope!
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe rope(
        Int64(range.count), x.at(begin), x.stride, Int32(x.columns / headSize), Int32(headSize),
        positions.indices + begin, table.floats, direction)
    }
  }

  public func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows) {
    let swiglu = unsafe rowKernels(gate).swiglu!
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe swiglu(
        Int64(range.count), Int64(gate.columns), gate.at(begin), up.at(begin), gate.stride,
        output.at(begin))
    }
  }

  public func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows
  ) {
    let backward = unsafe rowKernels(gate).swiglu_backward!
    chunks(rows.count, Self.rowChunk) { range in
      let begin = range.lowerBound
      unsafe backward(
        Int64(range.count), Int64(gate.columns), dOutput.at(begin), gate.at(begin), up.at(begin),
        gate.stride, dGate.at(begin), dUp.at(begin), dGate.stride)
    }
  }

  public func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows) {
    let stream = unsafe DropoutStream(
      key: Span(_unsafeStart: key.indices, count: 3), purpose: purpose, rate: rate)
    let dropout = unsafe rowKernels(x).dropout!
    chunks(rows.count, Self.rowChunk) { range in
      unsafe dropout(
        Int64(range.lowerBound * x.columns), Int64(range.upperBound * x.columns),
        kaji_random(stream.random), stream.threshold, Float(stream.scale), x.at(0))
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

extension kaji_random {
  /// The words of a stream.
  init(_ random: CounterRandom) {
    self.init(key0: random.key.0, key1: random.key.1, step: random.step)
  }
}
