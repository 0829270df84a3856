/// Dropout and the residual sum that follows it.
///
///     y[t, i] = x[t, i] · keep[t, i] / (1 − p)
///
/// keep is a function of (seed, purpose, step, element), so that the backward pass draws the same again
/// and nothing is stored.
extension Recorder {
  /// Drops elements of `x` with probability `rate`, in place.
  ///
  /// - Parameters:
  ///   - purpose: Tells apart the dropouts of one program.
  ///   - key: [3] `index`: seed, its upper half, and the step; uploaded before each run.
  public func dropout(_ x: Tensor, rate: Double, purpose: UInt32, key: View) {
    guard rate > 0 else { return }
    precondition(x.column == 0 && x.stride == x.columns, "dropout takes whole tensors")
    let rows = x.rows
    let rate = Float(rate)
    step("dropout", [x]) { device, at in
      device.dropout(at(x), rate: rate, purpose: purpose, key: key, rows: rows)
    }
    backward { [self] in
      guard let dx = gradient(of: x) else { return }
      step("dropout", [dx]) { device, at in
        device.dropout(at(dx), rate: rate, purpose: purpose, key: key, rows: rows)
      }
    }
  }

  /// x + residual, both [rows, width].
  public func adding(_ residual: Tensor, to x: Tensor) -> Tensor {
    let rows = x.rows
    let y = tensor(rows: rows, columns: x.columns)
    step("add", [residual, x, y]) { device, at in
      device.add(at(x), at(residual), output: at(y), rows: rows)
    }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let (dx, accumulate) = gradientTarget(x)
      precondition(!accumulate, "a dropped branch must have no other reader")
      step("copyRows", [dy, dx]) { device, at in
        device.copyRows(at(dy), to: at(dx), rows: rows)
      }
      passGradient(of: y, to: residual)
    }
    return y
  }
}
