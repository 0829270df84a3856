import Base
import Models
import Tensors
import Workflows

extension Commands {
  static let plan = Command(
    "plan", "SHAPE", "what a shape takes to train and to use, before anyone pays for it",
    options: [
      .value("--batch", "N", "sequences a rank computes at once (1)"),
      .value("--sequence", "N", "tokens of each (the shape's context)"),
      .value("--precision", "P", Precision.allCases.map(\.rawValue).joined(separator: ", ")),
      .value("--recompute", "R", "none, selective or full"),
      .value("--parallel", "LAYOUT", "as dp=8,tp=4,pp=2,zero: copies, sharers of layers, stages"),
      .value("--vocab", "N", "another vocabulary"),
      .value("--tokens", "N", "tokens to train on (LLM-jp-3's)"),
      .value("--flops", "F", "operations a second of one rank (else measured here)"),
    ],
    count: 1...1
  ) { invocation in
    var config = try Planning.shape(invocation.arguments[0])
    if let vocabulary = try invocation.int("--vocab", in: 1...1 << 24) {
      config.vocabSize = vocabulary
    }
    var load = ModelPlan.Load(
      sequence: try invocation.int("--sequence", in: 1...1 << 24) ?? config.maxPositions)
    load.batch = try invocation.int("--batch", in: 1...1 << 16) ?? 1
    load.precision = try invocation.choice("--precision") ?? .fp32
    load.recompute = try invocation.choice("--recompute") ?? .none
    if let layout = invocation.value("--parallel") {
      load.layout = try ParallelLayout(parsing: layout)
    }
    let tokens =
      try invocation.int("--tokens", in: 1...Int.max) ?? ModelPreset.trainedTokens
    let plan = try ModelPlan(config, load)
    let rate =
      try invocation.double("--flops", in: 1...1e21)
      ?? Planning.productRate(try invocation.context(), load.precision)
    if invocation.json {
      Output.json(json(plan, tokens, rate))
    } else {
      Output.table(rows(plan, tokens, rate))
      Output.line()
      Output.line(
        "Memory is that of the busiest rank; times are those of the products of matrices alone, at "
          + "\(Format.significant(rate / 1e9)) GFLOP/s a rank.")
    }
    return .done
  }

  private static func rows(_ plan: ModelPlan, _ tokens: Int, _ rate: Double) -> [[String]] {
    func bytes(_ key: KeyPath<ModelPlan.Memory, Int>) -> [String] {
      [plan.training, plan.inference].map {
        $0[keyPath: key] == 0 ? "–" : Format.bytes($0[keyPath: key])
      }
    }
    var rows = [
      ["parameters", Format.count(plan.parameters)],
      ["FLOPs a token, forward", Format.significant(plan.forwardFLOPs)],
      ["FLOPs a token, training", Format.significant(plan.trainingFLOPs)],
    ]
    if plan.performedFLOPs != plan.trainingFLOPs {
      rows.append(["with what is computed again", Format.significant(plan.performedFLOPs)])
    }
    if plan.load.layout.ranks > 1 {
      rows += [
        ["ranks", Format.count(plan.load.layout.ranks)],
        ["parameters of a rank", Format.count(plan.rankParameters)],
      ]
    }
    rows += [
      ["", "training", "inference"],
      ["weights"] + bytes(\.weights),
      ["gradients"] + bytes(\.gradients),
      ["moments"] + bytes(\.moments),
      ["activations"] + bytes(\.activations),
      ["keys and values"] + bytes(\.keysAndValues),
      ["other"] + bytes(\.other),
      ["in all"] + bytes(\.total),
      [
        "an update of \(Format.count(plan.tokensPerStep)) tokens",
        time(plan.secondsPerStep(at: rate)),
      ],
      [
        "all \(Format.short(Double(tokens))) tokens",
        time(plan.seconds(for: tokens, at: rate)),
      ],
    ]
    return rows
  }

  /// A time span that may be longer than a lifetime.
  private static func time(_ seconds: Double) -> String {
    let years = seconds / (365.25 * 86400)
    return years < 5 ? Format.duration(seconds) : "\(Format.short(years)) years"
  }

  private static func json(_ plan: ModelPlan, _ tokens: Int, _ rate: Double) -> JSON {
    func memory(_ memory: ModelPlan.Memory) -> JSON {
      [
        "weights": JSON(memory.weights), "gradients": JSON(memory.gradients),
        "moments": JSON(memory.moments), "activations": JSON(memory.activations),
        "keys_and_values": JSON(memory.keysAndValues), "other": JSON(memory.other),
        "total": JSON(memory.total),
      ]
    }
    return [
      "parameters": JSON(plan.parameters), "ranks": JSON(plan.load.layout.ranks),
      "parameters_per_rank": JSON(plan.rankParameters), "training": memory(plan.training),
      "inference": memory(plan.inference),
      "flops_per_token": [
        "forward": JSON(plan.forwardFLOPs), "training": JSON(plan.trainingFLOPs),
        "performed": JSON(plan.performedFLOPs),
      ],
      "flops_per_second": JSON(rate), "tokens_per_step": JSON(plan.tokensPerStep),
      "seconds_per_step": JSON(plan.secondsPerStep(at: rate)), "tokens": JSON(tokens),
      "seconds": JSON(plan.seconds(for: tokens, at: rate)),
    ]
  }
}
