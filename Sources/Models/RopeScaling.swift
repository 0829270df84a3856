import Base
import Glibc
import Tensors

/// How rotary positions are stretched to a longer context than a model was first trained for.
///
/// With f[i] = θ^(−2i/d), the frequencies of pair i of a head of size d.
public enum RopeScaling: Sendable, Equatable {
  /// f / factor (Chen et al., 2023).
  case linear(factor: Double)
  /// As f within `max_position_embeddings`, beyond which Hugging Face's models raise θ and no text of
  /// Kaji's goes.
  case dynamic(factor: Double)
  /// Fast pairs as they are, slow ones divided by the factor, those between mixed (Llama 3.1).
  case llama3(Llama3)
  /// The same by parts, and attention sharpened (Peng et al., 2023).
  case yarn(Yarn)

  /// The numbers of Llama 3.1's stretching.
  public struct Llama3: Sendable, Equatable {
    public var factor, lowFrequencyFactor, highFrequencyFactor: Double
    /// The context of the first training.
    public var originalPositions: Int
  }

  /// The numbers of YaRN.
  public struct Yarn: Sendable, Equatable {
    public var factor: Double
    /// The context of the first training.
    public var originalPositions: Int
    /// Rotations over that context above which a pair is left as it is, and below which it is divided.
    public var fast, slow: Double
    /// What queries and keys are multiplied by.
    public var attentionFactor: Double
    /// Whether the bounds between pairs are rounded outwards.
    public var truncates: Bool
  }

  /// The angles of `scaling`, nil for none.
  static func angles(_ scaling: RopeScaling?, headSize: Int, theta: Double) -> RotaryAngles {
    let plain = RotaryAngles(headSize: headSize, theta: theta)
    switch scaling {
    case nil, .dynamic: return plain
    case .linear(let factor):
      return RotaryAngles(frequencies: plain.frequencies.map { $0 / factor })
    case .llama3(let llama): return RotaryAngles(frequencies: plain.frequencies.map(llama.scaled))
    case .yarn(let yarn): return yarn.scaled(plain, headSize: headSize, theta: theta)
    }
  }
}

extension RopeScaling.Llama3 {
  /// One frequency, by how often it turns within the original context.
  func scaled(_ frequency: Double) -> Double {
    let turns = Double(originalPositions) * frequency / (2 * .pi)
    let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    let kept = min(1, max(0, share))
    return (1 - kept) * frequency / factor + kept * frequency
  }
}

extension RopeScaling.Yarn {
  func scaled(_ plain: RotaryAngles, headSize: Int, theta: Double) -> RotaryAngles {
    /// The pair, of twice as many, that turns so often within the original context.
    func pair(turning turns: Double) -> Double {
      Double(headSize) * log(Double(originalPositions) / (turns * 2 * .pi)) / (2 * log(theta))
    }
    var low = pair(turning: fast)
    var high = pair(turning: slow)
    if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
    low = max(low, 0)
    high = min(high, Double(headSize - 1))
    if low == high { high += 0.001 }
    let frequencies = plain.frequencies.enumerated().map { index, frequency in
      let divided = min(1, max(0, (Double(index) - low) / (high - low)))
      return frequency / factor * divided + frequency * (1 - divided)
    }
    return RotaryAngles(frequencies: frequencies, scale: attentionFactor)
  }
}
