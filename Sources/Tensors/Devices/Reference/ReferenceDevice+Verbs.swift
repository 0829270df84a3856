import Base
import Glibc

extension ReferenceDevice {
  public func embedding(_ ids: View, table: Matrix, output: Matrix, rows: Rows) {
    gatherRows(table, at: ids, output: output, rows: rows)
  }

  public func embeddingGradient(_ ids: View, dOutput: Matrix, dTable: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<dOutput.columns { dTable[ids.integer(t), c] += dOutput[t, c] }
    }
  }

  public func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<output.columns { output[t, c] = source[at.integer(t), c] }
    }
  }

  public func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<source.columns { target[at.integer(t), c] = source[t, c] }
    }
  }

  public func copyRows(_ source: Matrix, to target: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<source.columns { target[t, c] = source[t, c] }
    }
  }

  public func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<a.columns { output[t, c] = a[t, c] + b[t, c] }
    }
  }

  public func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows
  ) {
    for t in 0..<rows.referenceCount {
      for j in 0..<output.columns {
        var sum = residual?[t, j] ?? 0
        for i in 0..<x.columns { sum += x[t, i] * weight[j, i] }
        output[t, j] = sum
      }
    }
  }

  public func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows
  ) {
    for t in 0..<rows.referenceCount {
      for i in 0..<dInput.columns {
        var sum = accumulate ? dInput[t, i] : 0
        for j in 0..<dOutput.columns { sum += dOutput[t, j] * weight[j, i] }
        dInput[t, i] = sum
      }
    }
  }

  public func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows
  ) {
    for t in 0..<rows.referenceCount {
      for j in 0..<dOutput.columns {
        for i in 0..<x.columns { dWeight[j, i] += dOutput[t, j] * x[t, i] }
      }
    }
  }

  public func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows
  ) {
    let (width, heads) = (gain.count, x.columns / gain.count)
    for t in 0..<rows.referenceCount {
      for h in 0..<heads {
        let head = h * width..<(h + 1) * width
        let squares = head.reduce(0) { $0 + x[t, $1] * x[t, $1] }
        let r = 1 / (squares / Double(width) + Double(epsilon)).squareRoot()
        inverse[t * heads + h] = r
        for i in head { output[t, i] = gain[i - head.lowerBound] * (x[t, i] * r) }
      }
    }
  }

  public func rmsNormGradient(
    _ dOutput: Matrix, x: Matrix, gain: View, inverse: View, dInput: Matrix, accumulate: Bool,
    dGain: View, rows: Rows
  ) {
    let (width, heads) = (gain.count, x.columns / gain.count)
    for t in 0..<rows.referenceCount {
      for h in 0..<heads {
        let (begin, r) = (h * width, inverse[t * heads + h])
        let mean =
          (0..<width).reduce(0) { $0 + gain[$1] * dOutput[t, begin + $1] * x[t, begin + $1] }
          / Double(width)
        for i in 0..<width {
          let (dy, value) = (dOutput[t, begin + i], x[t, begin + i])
          let old = accumulate ? dInput[t, begin + i] : 0
          dGain[i] += dy * value * r
          dInput[t, begin + i] = old + r * gain[i] * dy - value * r * r * r * mean
        }
      }
    }
  }

  public func addBias(_ bias: View, to x: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount { for c in 0..<x.columns { x[t, c] += bias[c] } }
  }

  public func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for c in 0..<dOutput.columns { dBias[c] += dOutput[t, c] }
    }
  }

  public func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows
  ) {
    let half = headSize / 2
    for t in 0..<rows.referenceCount {
      let position = positions.integer(t)
      for head in stride(from: 0, to: x.columns, by: headSize) {
        for i in 0..<half {
          let (a, b) = (x[t, head + i], x[t, head + i + half])
          let (cosine, sine) = (
            table[position, i], Double(direction) * table[position, i + half]
          )
          x[t, head + i] = a * cosine - b * sine
          x[t, head + i + half] = b * cosine + a * sine
        }
      }
    }
  }

  public func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows) {
    for t in 0..<rows.referenceCount {
      for i in 0..<gate.columns {
        output[t, i] = gate[t, i] / (1 + exp(-gate[t, i])) * up[t, i]
      }
    }
  }

  public func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows
  ) {
    for t in 0..<rows.referenceCount {
      for i in 0..<gate.columns {
        let (a, b, d) = (gate[t, i], up[t, i], dOutput[t, i])
        let s = 1 / (1 + exp(-a))
        dGate[t, i] = d * b * s * (1 + a * (1 - s))
        dUp[t, i] = d * a * s
      }
    }
  }

  public func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows) {
    let words = (0..<3).map { Int32(key.integer($0)) }
    let stream = DropoutStream(key: words.span, purpose: purpose, rate: rate)
    for t in 0..<rows.referenceCount {
      for c in 0..<x.columns {
        x[t, c] = stream.keeps(t * x.columns + c) ? x[t, c] * stream.scale : 0
      }
    }
  }

  public func weightedSum(_ values: View, weights: View, total: View, rows: Rows) {
    for t in 0..<rows.referenceCount where weights[t] != 0 { total[0] += weights[t] * values[t] }
  }

  public func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows) {
    let vocabulary = head.weight.view.count / head.weight.columns
    let width = head.hidden.columns
    for t in 0..<rows.referenceCount {
      let target = head.targets.integer(t)
      var dh = [Double](repeating: 0, count: width)
      defer { for i in 0..<width { head.dHidden?[t, i] = dh[i] } }
      head.losses[t] = 0
      guard target >= 0 else { continue }
      let z = (0..<vocabulary).map { v in
        (0..<width).reduce(0) { $0 + head.hidden[t, $1] * head.weight[v, $1] }
      }
      let peak = z.reduce(-Double.infinity, max)
      let total = z.reduce(0) { $0 + exp($1 - peak) }
      let (l, even) = (peak + log(total), head.terms.smoothing / Double(vocabulary))
      let share = 1 - head.terms.smoothing
      head.losses[t] =
        l - share * z[target] - even * z.reduce(0, +) + head.terms.z * l * l
      guard let dWeight = head.dWeight else { continue }
      for v in 0..<vocabulary {
        let p = exp(z[v] - peak) / total
        let exact =
          head.weights[t]
          * ((1 + 2 * head.terms.z * l) * p - (v == target ? share : 0) - even)
        let dz = precision.isHalf ? exact.roundedToHalf : exact
        for i in 0..<width {
          dh[i] += dz * head.weight[v, i]
          dWeight[v, i] += dz * head.hidden[t, i]
        }
      }
    }
  }

  public func squaredNorm(_ gradient: View, partials: View) {
    for part in 0..<partials.count {
      let begin = part * ParameterStore.block
      let end = min(gradient.count, begin + ParameterStore.block)
      partials[part] = (begin..<end).reduce(0) { $0 + gradient[$1] * gradient[$1] }
    }
  }

  public func stepOutcome(partials: View, loss: View, control: View, outcome: View) {
    let squares = (0..<partials.count).reduce(0) { $0 + partials[$1] }
    let decision = StepDecision(
      loss: loss[0], norm: squares.squareRoot(), clip: control[StepControl.Slot.clip],
      lossLimit: control[StepControl.Slot.lossLimit],
      normLimit: control[StepControl.Slot.normLimit])
    outcome[StepOutcome.Slot.loss] = loss[0]
    outcome[StepOutcome.Slot.norm] = decision.norm
    outcome[StepOutcome.Slot.factor] = decision.factor
    loss[0] = 0
  }
}
