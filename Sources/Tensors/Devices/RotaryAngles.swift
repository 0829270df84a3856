import Glibc

/// How fast the pairs of elements of a head turn from one position to the next.
public struct RotaryAngles: Sendable, Equatable {
  /// For each pair of a head the angle by which one position turns it, radians.
  public let frequencies: [Double]
  /// What rotated vectors are multiplied by.
  public let scale: Double

  /// Angles of given frequencies.
  public init(frequencies: [Double], scale: Double = 1) {
    self.frequencies = frequencies
    self.scale = scale
  }

  /// The angles of Su et al., 2021: θ^(−2i/d) for pair i of a head of size d.
  public init(headSize: Int, theta: Double) {
    self.init(
      frequencies: (0..<headSize / 2).map { pow(theta, -2 * Double($0) / Double(headSize)) })
  }

  /// For each position the cosines of its angles, then the sines, computed in float64.
  func table(positions: Int) -> [Float] {
    var table: [Float] = []
    table.reserveCapacity(positions * frequencies.count * 2)
    for position in 0..<positions {
      for turn in frequencies { table.append(Float(scale * cos(Double(position) * turn))) }
      for turn in frequencies { table.append(Float(scale * sin(Double(position) * turn))) }
    }
    return table
  }
}
