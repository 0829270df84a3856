import Synchronization

/// A device whose products of layers read operands rounded to eight bits, for studies of what that does.
///
/// Every number of both formats is exact in float32, and so are the products of two; sums are those of the device
/// below. Embedding, head, norms and attention are not rounded. Operands are rounded on the host: slow, and true.
public final class FP8Device: Device {
  private enum Operand: Hashable { case activation, weight, gradient }

  /// Which operand of which product: a product is known by the place of its weight.
  private struct Key: Hashable {
    let weight: Int
    let operand: Operand
  }

  private struct State {
    var histories: [Key: FP8History] = [:]
    var counts = FP8Counts()
    var left: DeviceMemory?
    var right: DeviceMemory?
  }

  let device: any Device
  public let recipe: FP8Recipe
  private let state = Mutex(State())

  /// - Parameter device: keeps numbers as float32.
  public init(_ device: any Device, _ recipe: FP8Recipe) {
    precondition(device.precision == .fp32, "operands are rounded from float32")
    self.device = device
    self.recipe = recipe
  }

  /// What has been rounded since the last time this was asked.
  public func takeCounts() -> FP8Counts {
    state.withLock { state in
      defer { state.counts = FP8Counts() }
      return state.counts
    }
  }

  // MARK: Products

  public func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows
  ) {
    let place = weight.view.offset
    state.withLock { state in
      let left = rounded(
        x, rows.capacity, recipe.forward, Key(weight: place, operand: .activation), true,
        isLeft: true, &state)
      let right = rounded(
        weight, weight.view.count / weight.columns, recipe.forward,
        Key(weight: place, operand: .weight), true, isLeft: false, &state)
      device.linear(
        left, weight: right, residual: residual, output: output, scratch: scratch, rows: rows)
    }
  }

  public func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows
  ) {
    let place = weight.view.offset
    state.withLock { state in
      let left = rounded(
        dOutput, rows.capacity, recipe.backward, Key(weight: place, operand: .gradient), true,
        isLeft: true, &state)
      let right = rounded(
        weight, weight.view.count / weight.columns, recipe.forward,
        Key(weight: place, operand: .weight), false, isLeft: false, &state)
      device.linearInputGradient(
        left, weight: right, dInput: dInput, accumulate: accumulate, scratch: scratch, rows: rows)
    }
  }

  public func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows
  ) {
    let place = dWeight.view.offset
    state.withLock { state in
      let left = rounded(
        dOutput, rows.capacity, recipe.backward, Key(weight: place, operand: .gradient), false,
        isLeft: true, &state)
      let right = rounded(
        x, rows.capacity, recipe.forward, Key(weight: place, operand: .activation), false,
        isLeft: false, &state)
      device.linearWeightGradient(left, x: right, dWeight: dWeight, scratch: scratch, rows: rows)
    }
  }

  /// A rounded copy of a matrix, its rows one after another.
  ///
  /// - Parameters:
  ///   - isFirst: whether this use of the operand is the one of its step that its history remembers.
  ///   - isLeft: which of the two copies of a product it is.
  private func rounded(
    _ matrix: Matrix, _ rows: Int, _ format: FP8Format, _ key: Key, _ isFirst: Bool, isLeft: Bool,
    _ state: inout State
  ) -> Matrix {
    var numbers = packed(matrix, rows)
    var bits: UInt32 = 0
    for number in numbers { bits = max(bits, number.bitPattern & 0x7FFF_FFFF) }
    let now = Float(bitPattern: bits)
    var largest = now
    if recipe.isDelayed {
      largest = state.histories[key]?.largest ?? now
      if isFirst { state.histories[key, default: FP8History()].add(now) }
    }
    state.counts.round(&numbers, format, scale: FP8History.scale(largest: largest, format))
    let memory = room(numbers.count, isLeft ? state.left : state.right)
    if isLeft { state.left = memory } else { state.right = memory }
    let view = View(memory, offset: 0, count: numbers.count)
    device.upload(numbers.span, to: view)
    return Matrix(view, columns: matrix.columns)
  }

  /// The rows of a matrix on the host.
  private func packed(_ matrix: Matrix, _ rows: Int) -> [Float] {
    let count = (rows - 1) * matrix.stride + matrix.columns
    var all = [Float](repeating: 0, count: count)
    var span = all.mutableSpan
    device.download(matrix.view, into: &span)
    guard matrix.stride != matrix.columns else { return all }
    var numbers: [Float] = []
    numbers.reserveCapacity(rows * matrix.columns)
    for row in 0..<rows {
      numbers += all[row * matrix.stride..<row * matrix.stride + matrix.columns]
    }
    return numbers
  }

  /// Memory for so many numbers: what there is, or more.
  private func room(_ count: Int, _ memory: DeviceMemory?) -> DeviceMemory {
    if let memory, memory.count >= count { return memory }
    guard let memory = try? device.allocate(.operand, count: count) else {
      preconditionFailure("no memory for \(count) rounded numbers")
    }
    return memory
  }
}
