import Base
import Glibc

/// The rotary part of a configuration: θ, and how positions are stretched.
struct RopeParameters {
  var theta: Double
  var scaling: RopeScaling?

  /// What `rope_type` may be.
  private enum Kind: String, CaseIterable {
    case standard = "default"
    case linear, dynamic, ntk, llama3, yarn
  }

  /// Reads `rope_theta` and `rope_scaling`, or `rope_parameters`, which newer files have instead of both.
  ///
  /// `ntk`, Kaji's own word, raises θ once and for all to θ·factor^(d/(d − 2)): what results is a plain rotation.
  ///
  /// - Throws: `Failure` naming the field.
  init(_ fields: inout Fields, headSize: Int, positions: Int, strict: Bool) throws {
    let isNew = !fields.has("rope_scaling")
    let key = isNew ? "rope_parameters" : "rope_scaling"
    if !isNew, fields.has("rope_parameters") {
      throw fields.wrong(key, "stands beside rope_parameters", remedy: "Keep one of them.")
    }
    var rope = try fields.fields(key)
    _ = fields.json(isNew ? "rope_scaling" : "rope_parameters")
    let inner = try rope.double("rope_theta", default: 10_000)
    theta = try fields.double("rope_theta", default: inner)
    try rope.require("partial_rotary_factor", is: 1)
    try fields.require("partial_rotary_factor", is: 1)
    // The older name of the same key; files have one or both.
    let old = try rope.optionalChoice("type", of: Kind.self)
    let kind = try rope.optionalChoice("rope_type", of: Kind.self) ?? old ?? .standard
    guard theta >= 1, theta <= 1e12 else {
      throw fields.wrong("rope_theta", "is \(theta)", remedy: "Choose 1 or more, as 10000.")
    }
    guard kind != .yarn || theta > 1 else {
      throw fields.wrong("rope_theta", "is 1, which yarn cannot stretch", remedy: "Choose 10000.")
    }
    scaling = try Self.scaling(kind, &rope, positions: positions)
    if kind == .ntk {
      let factor = try Self.factor(&rope)
      guard headSize > 2 else {
        throw rope.wrong("rope_type", "is ntk for heads of 2 elements", remedy: "Take linear.")
      }
      theta *= pow(factor, Double(headSize) / Double(headSize - 2))
    }
    if strict { try rope.finish() }
  }

  private static func scaling(
    _ kind: Kind, _ rope: inout Fields, positions: Int
  ) throws -> RopeScaling? {
    switch kind {
    case .standard, .ntk: return nil
    case .linear: return .linear(factor: try factor(&rope))
    case .dynamic: return .dynamic(factor: try factor(&rope))
    case .llama3:
      let low = try rope.double("low_freq_factor", in: 0...1e6)
      let high = try rope.double("high_freq_factor", in: 0...1e6)
      guard low < high else {
        throw rope.wrong(
          "high_freq_factor", "is not above low_freq_factor", remedy: "Choose 1 and 4, for one.")
      }
      return .llama3(
        RopeScaling.Llama3(
          factor: try factor(&rope), lowFrequencyFactor: low, highFrequencyFactor: high,
          originalPositions: try original(&rope, positions)))
    case .yarn: return .yarn(try yarn(&rope, positions: positions))
    }
  }

  private static func yarn(
    _ rope: inout Fields, positions: Int
  ) throws -> RopeScaling.Yarn {
    let original = try original(&rope, positions)
    let factor = try factor(&rope, default: max(1, Double(positions) / Double(original)))
    let (fast, slow) = (
      try rope.double("beta_fast", in: 1e-3...1e6, default: 32),
      try rope.double("beta_slow", in: 1e-3...1e6, default: 1)
    )
    guard slow < fast else {
      throw rope.wrong("beta_fast", "is not above beta_slow", remedy: "Choose 32 and 1, for one.")
    }
    func sharpening(_ weight: Double) -> Double { 0.1 * weight * log(factor) + 1 }
    let range = 0...1e3
    let scale = try rope.double("mscale", in: range, default: 0)
    let all = try rope.double("mscale_all_dim", in: range, default: 0)
    let usual = scale > 0 && all > 0 ? sharpening(scale) / sharpening(all) : sharpening(1)
    return RopeScaling.Yarn(
      factor: factor, originalPositions: original, fast: fast, slow: slow,
      attentionFactor: try rope.double("attention_factor", in: 1e-3...1e3, default: usual),
      truncates: try rope.bool("truncate", default: true))
  }

  private static func factor(
    _ rope: inout Fields, default fallback: Double? = nil
  ) throws -> Double {
    try rope.double("factor", in: 1...1e6, default: fallback)
  }

  private static func original(_ rope: inout Fields, _ positions: Int) throws -> Int {
    try rope.int("original_max_position_embeddings", in: 1...1 << 24, default: positions)
  }
}

extension RopeScaling {
  /// The object of `rope_scaling` in config.json.
  var json: JSON {
    switch self {
    case .linear(let factor): return ["rope_type": "linear", "factor": JSON(factor)]
    case .dynamic(let factor): return ["rope_type": "dynamic", "factor": JSON(factor)]
    case .llama3(let llama):
      return [
        "rope_type": "llama3", "factor": JSON(llama.factor),
        "low_freq_factor": JSON(llama.lowFrequencyFactor),
        "high_freq_factor": JSON(llama.highFrequencyFactor),
        "original_max_position_embeddings": JSON(llama.originalPositions),
      ]
    case .yarn(let yarn):
      return [
        "rope_type": "yarn", "factor": JSON(yarn.factor), "beta_fast": JSON(yarn.fast),
        "beta_slow": JSON(yarn.slow), "attention_factor": JSON(yarn.attentionFactor),
        "truncate": JSON(yarn.truncates),
        "original_max_position_embeddings": JSON(yarn.originalPositions),
      ]
    }
  }
}
