import Base
public import Tensors

/// The largest numbers of a forward pass.
public struct Magnitudes: Sendable, Equatable {
  /// The largest |x| that leaves the embedding, each layer and the last norm, in that order; NaN if one is.
  public let layers: [(name: String, largest: Double)]
  /// The largest |logit|.
  public let logit: Double

  public static func == (a: Self, b: Self) -> Bool {
    a.logit == b.logit && a.layers.map(\.name) == b.layers.map(\.name)
      && a.layers.map(\.largest) == b.layers.map(\.largest)
  }
}

/// Looks at the forward pass of a batch, without dropout: made when it is needed, as it takes memory of its own.
public final class ActivationProbe {
  private let model: Llama
  private let inputs: RowInputs
  private let program: Program
  private let found: Found
  private let head: Program
  private let headInput, headOutput: View

  /// Rows of logits at once.
  private static let headRows = 64

  private final class Found {
    /// Rows in use.
    var rows = 0
    var layers: [(name: String, largest: Double)] = []
    /// [rows, width] what the head reads.
    var hidden: [Float] = []
  }

  /// - Parameter capacity: Rows of the largest batch.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(_ model: Llama, _ parameters: ParameterStore, capacity: Int) throws {
    self.model = model
    let device = parameters.device
    let found = Found()
    self.found = found
    inputs = try RowInputs(capacity: capacity, context: model.config.maxPositions, on: device)
    let recorder = try Recorder(parameters)
    let width = model.config.hiddenSize
    let hidden = try model.hidden(
      recorder, ids: inputs.ids, positions: inputs.positions, longest: inputs.longest,
      context: .rows(first: inputs.first), rows: inputs.rows
    ) { name, tensor in
      recorder.look(at: tensor) { numbers in
        found.layers.append((name, Self.largest(numbers[..<(found.rows * width)])))
      }
    }
    recorder.look(at: hidden) { found.hidden = Array($0[..<(found.rows * width)]) }
    program = try recorder.finish()

    let vocabulary = model.config.vocabSize
    headInput = View(try device.allocate(.operand, count: Self.headRows * width))
    headOutput = View(try device.allocate(.operand, count: Self.headRows * vocabulary))
    let second = try Recorder(parameters)
    let x = second.tensor(over: headInput, rows: Rows(capacity: Self.headRows), columns: width)
    second.linear(x, parameters[model.head], into: headOutput)
    head = try second.finish()
  }

  /// The largest numbers of a batch.
  ///
  /// - Throws: `Failure` if the batch does not fit the program or the model.
  public func measure(_ batch: Batch) throws -> Magnitudes {
    (found.rows, found.layers) = (batch.count, [])
    try inputs.upload(batch, config: model.config)
    program.run()
    return Magnitudes(layers: found.layers, logit: largestLogit())
  }

  private func largestLogit() -> Double {
    let device = program.device
    let width = model.config.hiddenSize
    var largest = 0.0
    var logits = [Float](repeating: 0, count: headOutput.count)
    for row in stride(from: 0, to: found.rows, by: Self.headRows) {
      let rows = min(Self.headRows, found.rows - row)
      let part = Array(found.hidden[row * width..<(row + rows) * width])
      device.upload(part.span, to: headInput)
      head.run()
      var span = logits.mutableSpan
      device.download(headOutput, into: &span)
      let found = Self.largest(logits[..<(rows * model.config.vocabSize)])
      largest = found.isNaN || largest.isNaN ? .nan : max(largest, found)
    }
    return largest
  }

  /// The largest |x|, by the order of the bits without their sign: there NaN comes last.
  private static func largest(_ numbers: ArraySlice<Float>) -> Double {
    var largest: UInt32 = 0
    for number in numbers { largest = max(largest, number.bitPattern & 0x7FFF_FFFF) }
    return Double(Float(bitPattern: largest))
  }
}
