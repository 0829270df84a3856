public import Base
public import Models
public import Tensors

/// Where the numbers of a checkpoint come from.
public protocol CheckpointNumbers {
  /// In model order.
  var parameters: [Parameter] { get }
  /// The moments a parameter has.
  func moments(of parameter: Parameter) -> [Optimizer.Moment]
  /// Elements of a parameter; `part` counts from its first.
  func weights(of parameter: Parameter, part: Range<Int>) -> [Float]
  /// Elements of one of its moments.
  func read(_ moment: Optimizer.Moment, of parameter: Parameter, part: Range<Int>) -> [Float]
}

extension CheckpointNumbers {
  /// Writes the model as Hugging Face has it into `folder`, which exists.
  ///
  /// - Throws: ``Failure`` if the disk refuses.
  public func writeModel(_ config: LlamaConfig, to folder: Path) throws {
    try ModelFolder.write(config, parameters, to: folder) { weights(of: $0, part: $1) }
  }

  /// Bytes of all of them in a file, the small files beside them included.
  var fileBytes: Int {
    parameters.reduce(1 << 24) { $0 + 4 * $1.range.count * (1 + moments(of: $1).count) }
  }
}

/// The numbers as they are at the moment of reading.
struct LiveNumbers: CheckpointNumbers {
  let optimizer: Optimizer

  var parameters: [Parameter] { optimizer.parameters.parameters }

  func moments(of parameter: Parameter) -> [Optimizer.Moment] { optimizer.moments(of: parameter) }

  func weights(of parameter: Parameter, part: Range<Int>) -> [Float] {
    optimizer.parameters.read(parameter, part: part)
  }

  func read(_ moment: Optimizer.Moment, of parameter: Parameter, part: Range<Int>) -> [Float] {
    optimizer.read(moment, of: parameter, part: part)
  }
}

/// A copy of the numbers at one moment, so that they can be written while training goes on.
struct CheckpointSnapshot: CheckpointNumbers, Sendable {
  let parameters: [Parameter]
  private var weights: [String: [Float]] = [:]
  private var moments: [String: [(moment: Optimizer.Moment, numbers: [Float])]] = [:]

  init(_ optimizer: Optimizer) {
    let live = LiveNumbers(optimizer: optimizer)
    parameters = live.parameters
    for parameter in parameters {
      let whole = 0..<parameter.range.count
      weights[parameter.name] = live.weights(of: parameter, part: whole)
      moments[parameter.name] = live.moments(of: parameter).map {
        ($0, live.read($0, of: parameter, part: whole))
      }
    }
  }

  func moments(of parameter: Parameter) -> [Optimizer.Moment] {
    moments[parameter.name, default: []].map(\.moment)
  }

  func weights(of parameter: Parameter, part: Range<Int>) -> [Float] {
    Array(weights[parameter.name, default: []][part])
  }

  func read(_ moment: Optimizer.Moment, of parameter: Parameter, part: Range<Int>) -> [Float] {
    let found = moments[parameter.name, default: []].first { $0.moment == moment }
    return Array((found?.numbers ?? [])[part])
  }
}
