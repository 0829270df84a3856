/// The matrix product, with an optional bias and an optional residual.
///
///     y = x·Wᵀ (+ residual) (+ b)
///     dx = dy·W,   dW += dyᵀ·x,   db += Σ_t dy[t],   d(residual) = dy
extension Recorder {
  /// Applies one weight, or several neighbouring ones as a single product.
  ///
  /// - Parameters:
  ///   - x: [rows, inputs].
  ///   - weights: each [outputs, inputs], next to each other in the store.
  ///   - bias: one of [outputs] for each weight, or none; next to each other in the store.
  ///   - residual: [rows, outputs], added to the result.
  /// - Returns: [rows, sum of the outputs]; ``Tensor/split(_:)`` takes it apart.
  public func linear(
    _ x: Tensor, _ weights: Parameter..., bias: [Parameter] = [], residual: Tensor? = nil
  ) -> Tensor {
    let outputs = weights.reduce(0) { $0 + $1.shape[0] }
    let y = linear(x, weights, residual, into: tensor(rows: x.rows, columns: outputs))
    if !bias.isEmpty { add(bias, to: y) }
    return y
  }

  /// Adds a bias in place.
  private func add(_ bias: [Parameter], to y: Tensor) {
    let (rows, vector) = (y.rows, parameters.vector(bias))
    precondition(vector.count == y.columns, "\(vector.count) biases of \(y.columns) outputs")
    step("addBias", [y]) { device, at in device.addBias(vector, to: at(y), rows: rows) }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let dBias = parameters.gradientVector(bias)
      step("biasGradient", [dy]) { device, at in
        device.biasGradient(at(dy), dBias: dBias, rows: rows)
      }
    }
  }

  /// Applies a weight and leaves the result in memory of the caller's, [rows, outputs].
  public func linear(_ x: Tensor, _ weight: Parameter, into memory: View) {
    _ = linear(x, [weight], nil, into: tensor(over: memory, rows: x.rows, columns: weight.shape[0]))
  }

  private func linear(
    _ x: Tensor, _ weights: [Parameter], _ residual: Tensor?, into y: Tensor
  ) -> Tensor {
    let weight = parameters.matrix(weights)
    precondition(
      weight.columns == x.columns,
      "\(weights[0].name) takes \(weight.columns) inputs, not \(x.columns)")
    let (rows, outputs) = (x.rows, y.columns)
    let scratch = scratch(
      device.productScratch(
        rows: rows.capacity, depth: x.columns, columns: outputs, into: type(of: y)))
    let flops = 2 * Double(rows.capacity) * Double(x.columns) * Double(outputs)
    let touched = [x, y, scratch] + (residual.map { [$0] } ?? [])
    step("linear", touched, flops: flops) { device, at in
      device.linear(
        at(x), weight: weight, residual: residual.map { at($0) }, output: at(y),
        scratch: at.view(scratch), rows: rows)
    }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let dWeight = parameters.gradientMatrix(weights)
      let (dx, accumulate) = gradientTarget(x)
      let forInput = self.scratch(
        device.productScratch(
          rows: rows.capacity, depth: outputs, columns: x.columns, into: .operand))
      step("linearInputGradient", [dy, dx, forInput], flops: flops) { device, at in
        device.linearInputGradient(
          at(dy), weight: weight, dInput: at(dx), accumulate: accumulate,
          scratch: at.view(forInput), rows: rows)
      }
      let forWeight = self.scratch(
        device.productScratch(
          rows: outputs, depth: rows.capacity, columns: x.columns, into: .real))
      step("linearWeightGradient", [dy, x, forWeight], flops: flops) { device, at in
        device.linearWeightGradient(
          at(dy), x: at(x), dWeight: dWeight, scratch: at.view(forWeight), rows: rows)
      }
      if let residual { passGradient(of: y, to: residual) }
    }
    return y
  }
}
