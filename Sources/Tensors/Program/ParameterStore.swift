import Base

/// What a model says of one of its parameters.
public struct ParameterSpec: Sendable, Equatable {
  /// Its Hugging Face name.
  public let name: String
  /// One or two sizes, outermost first.
  public let shape: [Int]
  /// Whether weight decay applies.
  public let decays: Bool
  /// Whether it has a row for each piece of a vocabulary.
  public let isTable: Bool

  /// Describes a parameter.
  public init(_ name: String, _ shape: [Int], decays: Bool, isTable: Bool = false) {
    precondition(shape.count == 1 || shape.count == 2, "\(name) has \(shape.count) dimensions")
    self.name = name
    self.shape = shape
    self.decays = decays
    self.isTable = isTable
  }

  /// Whether it is a matrix that maps vectors to vectors within a layer.
  public var isLayerMatrix: Bool { shape.count == 2 && !isTable }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// A parameter and its place in the flat memory.
public struct Parameter: Sendable, Equatable {
  public let spec: ParameterSpec
  /// Elements [begin, end) of the flat memory.
  public let range: Range<Int>

  public var name: String { spec.name }
  public var shape: [Int] { spec.shape }
}

/// The parameters of a model on a device, shared by all programs that read or train them.
///
/// Values lie one after another in model order, without gaps, so that neighbours (q, k and v; gate and up) can
/// be one matrix to a product. Gradients and the optimiser's moments have the same layout, padded with zeros
/// to a multiple of 65,536 for each rank. With bf16 products read the upper half of each value, rounded to the nearest; the lower half
/// lies elsewhere, and only the optimiser and files see both.
public final class ParameterStore {
  /// Elements that partial sums of the gradient norm, and slices of it, are cut at.
  public static let block = 65_536

  public let device: any Device
  /// In model order.
  public let parameters: [Parameter]
  /// The number of trainable numbers.
  public let count: Int
  /// `count` rounded up to a multiple of ``block`` for each rank.
  public let paddedCount: Int

  let weights: Weights
  private let byName: [String: Int]
  private var gradientMemory: View?
  private var constants: [String: Constant] = [:]

  /// Memory that lives as long as the programs that read it.
  private struct Constant {
    weak var memory: DeviceMemory?
  }

  /// Room for parameters, all zeros.
  ///
  /// - Parameter ranks: How many share the gradient and the optimiser's work.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(_ specs: [ParameterSpec], on device: any Device, ranks: Int = 1) throws {
    self.device = device
    var begin = 0
    parameters = specs.map { spec in
      defer { begin += spec.count }
      return Parameter(spec: spec, range: begin..<begin + spec.count)
    }
    count = begin
    let unit = Self.block * ranks
    paddedCount = (begin + unit - 1) / unit * unit
    byName = Dictionary(
      zip(specs.map(\.name), specs.indices), uniquingKeysWith: { first, _ in first })
    precondition(byName.count == specs.count, "two parameters have one name")
    weights = Weights(
      values: View(try device.allocate(.operand, count: paddedCount)),
      rest: device.precision == .bf16
        ? View(try device.allocate(.rest, count: paddedCount)) : nil)
  }

  /// The parameter of a name, if there is one.
  public func find(_ name: String) -> Parameter? { byName[name].map { parameters[$0] } }

  /// The parameter a model names; it must exist.
  public subscript(name: String) -> Parameter {
    guard let parameter = find(name) else { preconditionFailure("no parameter \(name)") }
    return parameter
  }

  // MARK: Host access, for files

  /// Copies elements of a parameter to the host; `part` counts from its first.
  public func read(_ parameter: Parameter, part: Range<Int>? = nil) -> [Float] {
    let range = range(of: parameter, part)
    var numbers = [Float](repeating: 0, count: range.count)
    var span = numbers.mutableSpan
    device.download(weights.slice(range), into: &span)
    return numbers
  }

  /// Copies `values` into a parameter, from element `offset` on.
  ///
  /// - Throws: `Failure` if they do not fit.
  public func write(_ numbers: [Float], to parameter: Parameter, at offset: Int = 0) throws {
    let range = try range(of: parameter, taking: numbers.count, at: offset)
    device.upload(numbers.span, to: weights.slice(range))
  }

  /// Reads the same part of the gradient, for tests and diagnostics.
  public func readGradient(_ parameter: Parameter) -> [Float] {
    gradientMemory.map { read($0, parameter, nil) } ?? []
  }

  /// Copies `numbers` into the gradient of a parameter, from element `offset` on, to see a fault survived.
  ///
  /// - Throws: `Failure` if they do not fit.
  public func writeGradient(_ numbers: [Float], of parameter: Parameter, at offset: Int) throws {
    try write(numbers, into: gradient, parameter, offset)
  }

  /// Loads every parameter from `source`, which calls its argument with (name, shape, numbers) for each tensor.
  ///
  /// - Parameter endings: Ends of names that may appear without being a parameter.
  /// - Throws: `Failure` naming a tensor that is unknown, missing, twice there, or of another shape.
  public func load(
    ignoring endings: [String] = [],
    from source: (_ take: (String, [Int], [Float]) throws -> Void) throws -> Void
  ) throws {
    var missing = Set(parameters.map(\.name))
    try source { name, shape, numbers in
      guard let parameter = find(name) else {
        if endings.contains(where: name.hasSuffix) { return }
        throw Failure(
          "tensor \(name) belongs to no parameter of this model",
          remedy: "Check that config.json describes these weights.")
      }
      guard shape == parameter.shape else {
        throw Failure(
          "tensor \(name) has shape \(shape), the configuration asks for \(parameter.shape)",
          remedy: "Check that config.json describes these weights.")
      }
      guard missing.remove(name) != nil else {
        throw Failure("tensor \(name) appears twice", remedy: "Remove one of them.")
      }
      try write(numbers, to: parameter)
    }
    if let name = parameters.map(\.name).first(where: missing.contains) {
      throw Failure(
        "\(missing.count) tensors are missing, the first is \(name)",
        remedy: "Check that all weight files are there.")
    }
  }

  func read(_ memory: View, _ parameter: Parameter, _ part: Range<Int>?) -> [Float] {
    let range = range(of: parameter, part)
    var numbers = [Float](repeating: 0, count: range.count)
    var span = numbers.mutableSpan
    device.download(memory.slice(range), into: &span)
    return numbers
  }

  func write(_ numbers: [Float], into memory: View, _ parameter: Parameter, _ offset: Int) throws {
    let range = try range(of: parameter, taking: numbers.count, at: offset)
    device.upload(numbers.span, to: memory.slice(range))
  }

  /// The flat elements of a part of a parameter.
  private func range(of parameter: Parameter, _ part: Range<Int>?) -> Range<Int> {
    let part = part ?? 0..<parameter.range.count
    let begin = parameter.range.lowerBound + part.lowerBound
    precondition(begin + part.count <= parameter.range.upperBound, "\(part) of \(parameter.name)")
    return begin..<begin + part.count
  }

  private func range(of parameter: Parameter, taking count: Int, at offset: Int) throws
    -> Range<Int>
  {
    guard offset >= 0, count <= parameter.range.count - offset else {
      throw Failure(
        "\(count) numbers at \(offset) do not fit \(parameter.name) of \(parameter.shape)",
        remedy: "Check that the file belongs to this model.")
    }
    let begin = parameter.range.lowerBound + offset
    return begin..<begin + count
  }

  // MARK: For recorders and optimisers

  /// What products read of the parameters.
  var values: View { weights.values }

  /// The parameter as a matrix: [outputs, inputs], or one row.
  func matrix(_ parameter: Parameter) -> Matrix { matrix([parameter]) }

  /// Neighbouring parameters with rows of one width as one matrix.
  func matrix(_ group: [Parameter]) -> Matrix { matrix(group, of: values) }

  /// The same for the gradient.
  func gradientMatrix(_ group: [Parameter]) -> Matrix { matrix(group, of: gradient) }

  /// Neighbouring parameters of one dimension as one vector.
  func vector(_ group: [Parameter]) -> View { stretch(group, of: values) }

  /// The same for the gradient.
  func gradientVector(_ group: [Parameter]) -> View { stretch(group, of: gradient) }

  /// The flat gradient, once something differentiates.
  var gradient: View {
    guard let gradientMemory else { preconditionFailure("no gradient was allocated") }
    return gradientMemory
  }

  /// Makes room for the gradient, all zeros, if there is none yet.
  func allocateGradient() throws {
    if gradientMemory == nil {
      gradientMemory = View(try device.allocate(.real, count: paddedCount))
    }
  }

  /// Numbers that belong to the model but are not trained, shared by the programs that read them.
  ///
  /// - Parameters:
  ///   - count: How many are needed; who needs fewer shares with who needs more.
  ///   - make: Computes them.
  func constant(_ key: String, count: Int, make: () -> [Float]) throws -> View {
    if let memory = constants[key]?.memory, memory.count >= count {
      return View(memory, offset: 0, count: count)
    }
    let numbers = make()
    let view = View(try device.allocate(.real, count: count))
    device.upload(numbers.span, to: view)
    constants[key] = Constant(memory: view.memory)
    return view
  }

  private func matrix(_ group: [Parameter], of memory: View) -> Matrix {
    guard let columns = group.first?.shape.last else { preconditionFailure("an empty group") }
    precondition(
      group.allSatisfy { $0.shape.last == columns },
      "\(group.map(\.name)) are of several widths")
    return Matrix(stretch(group, of: memory), columns: columns)
  }

  /// The elements of neighbours.
  private func stretch(_ group: [Parameter], of memory: View) -> View {
    guard let first = group.first, let last = group.last else {
      preconditionFailure("an empty group")
    }
    for (one, next) in zip(group, group.dropFirst()) {
      precondition(
        one.range.upperBound == next.range.lowerBound,
        "\(one.name) and \(next.name) are no neighbours")
    }
    return memory.slice(first.range.lowerBound..<last.range.upperBound)
  }
}
