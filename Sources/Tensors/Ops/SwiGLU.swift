/// The gated unit of Llama's feed-forward layer (Shazeer, 2020).
///
///     y = a·s·b,   s = 1 / (1 + e^−a)      with gate a and up b
///     da = dy·b·s·(1 + a·(1 − s)),   db = dy·a·s
extension Recorder {
  /// Combines gate and up, columns of one buffer, each [rows, width].
  public func swiglu(_ gate: Tensor, _ up: Tensor) -> Tensor {
    precondition(
      gate.buffer == up.buffer && gate.columns == up.columns, "gate and up are of one product")
    let rows = gate.rows
    let y = tensor(rows: rows, columns: gate.columns)
    step("swiglu", [gate, up, y], repeated: .selective) { device, at in
      device.swiglu(gate: at(gate), up: at(up), output: at(y), rows: rows)
    }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let (dGate, addsGate) = gradientTarget(gate)
      let (dUp, addsUp) = gradientTarget(up)
      precondition(!addsGate && !addsUp, "gate and up must have no other reader")
      step("swigluGradient", [dy, gate, up, dGate, dUp]) { device, at in
        device.swigluGradient(
          at(dy), gate: at(gate), up: at(up), dGate: at(dGate), dUp: at(dUp), rows: rows)
      }
    }
    return y
  }
}
