/// A recorded computation: verbs with their places in memory, run again and again without allocating.
public final class Program {
  /// One verb of a program.
  struct Step {
    let name: String
    /// The buffers it touches, as the op names them.
    let touches: [Int]
    /// Which of the placements tells where they are.
    var placement: Int
    let cost: VerbCost
    /// From which level on it is run again for the backward pass.
    let repeated: Recomputation
    let run: (any Device, Placement) -> Void
  }

  /// The device it runs on.
  public let device: any Device
  /// Bytes that intermediate results share.
  public let arenaBytes: Int
  /// Bytes of the results that the backward pass takes from the forward pass.
  public let keptBytes: Int
  private let steps: [Step]
  private let placements: [Placement]

  init(
    device: any Device, steps: [Step], placements: [Placement], arenaBytes: Int, keptBytes: Int
  ) {
    self.device = device
    self.steps = steps
    self.placements = placements
    self.arenaBytes = arenaBytes
    self.keptBytes = keptBytes
  }

  /// The verbs it runs, in order.
  var verbs: [String] { steps.map(\.name) }

  /// Runs all steps in order.
  public func run() {
    for step in steps { step.run(device, placements[step.placement]) }
  }

  /// Runs all steps, telling `report` what each verb took.
  public func run(clock: () -> Double, report: (VerbTime) -> Void) {
    for step in steps {
      let start = clock()
      step.run(device, placements[step.placement])
      report(VerbTime(name: step.name, seconds: clock() - start, cost: step.cost))
    }
  }
}

/// What one call of a verb asks of a device when all rows are in use.
public struct VerbCost: Sendable {
  /// Multiplications and additions of its products of matrices.
  public let flops: Double
  /// Bytes of the intermediate results it reads or writes, parameters and their gradients not counted.
  public let bytes: Double
}

/// How long one call of a verb took.
public struct VerbTime: Sendable {
  public let name: String
  public let seconds: Double
  public let cost: VerbCost
}

/// Where the buffers of a program are.
struct Placement {
  let views: [View]

  /// The matrix a tensor stands for.
  func callAsFunction(_ tensor: Tensor) -> Matrix {
    let view = views[tensor.buffer]
    return Matrix(
      view.slice(tensor.column..<view.count), columns: tensor.columns, stride: tensor.stride)
  }

  /// All elements of the tensor's buffer.
  func view(_ tensor: Tensor) -> View { views[tensor.buffer] }
}
