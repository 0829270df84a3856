/// Euclidean norms of stretches of the gradient, such as a layer's.
public final class StretchNorms {
  private let parameters: ParameterStore
  private let stretches: [(range: Range<Int>, partials: View)]
  private let memory: View

  /// - Parameter stretches: Elements of the flat memory.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(_ parameters: ParameterStore, stretches: [Range<Int>]) throws {
    self.parameters = parameters
    try parameters.allocateGradient()
    let block = ParameterStore.block
    let counts = stretches.map { ($0.count + block - 1) / block }
    let memory = View(
      try parameters.device.allocate(.real, count: max(1, counts.reduce(0, +))))
    var begin = 0
    self.stretches = zip(stretches, counts).map { range, count in
      defer { begin += count }
      return (range, memory.slice(begin..<begin + count))
    }
    self.memory = memory
  }

  /// The norm of each stretch of the gradient as it is now.
  public func measure() -> [Double] {
    let gradient = parameters.gradient
    for (range, partials) in stretches where !range.isEmpty {
      parameters.device.squaredNorm(gradient.slice(range), partials: partials)
    }
    var numbers = [Float](repeating: 0, count: memory.count)
    var span = numbers.mutableSpan
    parameters.device.download(memory, into: &span)
    var begin = 0
    return stretches.map { stretch in
      defer { begin += stretch.partials.count }
      return numbers[begin..<begin + stretch.partials.count].reduce(0.0) { $0 + Double($1) }
        .squareRoot()
    }
  }
}
