import Glibc

/// For each position the cosines, then the sines, of p · θ^(−2i/d), i < d/2, computed in float64.
func rotationTable(headSize: Int, positions: Int, theta: Double) -> [Float] {
  var table: [Float] = []
  table.reserveCapacity(positions * headSize)
  let frequencies = (0..<headSize / 2).map { pow(theta, -2 * Double($0) / Double(headSize)) }
  for position in 0..<positions {
    for frequency in frequencies { table.append(Float(cos(Double(position) * frequency))) }
    for frequency in frequencies { table.append(Float(sin(Double(position) * frequency))) }
  }
  return table
}
