/// Rotary position embedding in the half form of Hugging Face's Llama (Su et al., 2021).
///
/// For a head of size d, position p and i < d/2, with a = p · frequency[i] and a scale c that is 1 unless the
/// context was stretched:
///
///     y[i]       = c·(x[i]·cos a − x[i + d/2]·sin a)
///     y[i + d/2] = c·(x[i + d/2]·cos a + x[i]·sin a)
///
/// The backward pass is the rotation by −a, scaled alike.
extension Recorder {
  /// Rotates each head of each row of `x`, in place.
  ///
  /// - Parameters:
  ///   - x: [rows, heads · headSize].
  ///   - positions: [rows] `index`.
  ///   - table: what ``rotations(_:positions:)`` made.
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

  /// A table of rotations, shared by the programs of the store.
  public func rotations(_ angles: RotaryAngles, positions: Int) throws -> View {
    try parameters.constant(
      "rope \(angles.scale) \(angles.frequencies)", count: positions * 2 * angles.frequencies.count
    ) { angles.table(positions: positions) }
  }
}
