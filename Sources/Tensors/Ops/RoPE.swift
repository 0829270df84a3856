/// Rotary position embedding in the half form of Hugging Face's Llama (Su et al., 2021).
///
/// For a head of size d, position p and i < d/2, with a = p · θ^(−2i/d):
///
///     y[i]       = x[i]·cos a − x[i + d/2]·sin a
///     y[i + d/2] = x[i + d/2]·cos a + x[i]·sin a
///
/// The backward pass is the rotation by −a.
extension Recorder {
  /// Rotates each head of each row of `x`, in place.
  ///
  /// - Parameters:
  ///   - x: [rows, heads · headSize].
  ///   - positions: [rows] `index`.
  ///   - table: what ``rotations(headSize:positions:theta:)`` made.
  public func rope(_ x: Tensor, headSize: Int, positions: View, table: View) {
    let rows = x.rows
    let angles = Matrix(table, columns: headSize)
    step("rope", [x]) { device, at in
      device.rope(
        at(x), headSize: headSize, positions: positions, table: angles, direction: 1, rows: rows)
    }
    backward { [self] in
      guard let dx = gradient(of: x) else { return }
      step("rope", [dx]) { device, at in
        device.rope(
          at(dx), headSize: headSize, positions: positions, table: angles, direction: -1,
          rows: rows)
      }
    }
  }

  /// A table of angles, shared by all programs of the store: for each position the cosines of its
  /// angles, then the sines, computed in float64.
  public func rotations(headSize: Int, positions: Int, theta: Double) throws -> View {
    try parameters.constant("rope \(headSize) \(positions) \(theta)") {
      rotationTable(headSize: headSize, positions: positions, theta: theta)
    }
  }
}
