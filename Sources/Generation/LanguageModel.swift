public import Base
public import Tokenizers

/// A model that gives probabilities to texts and continues them.
public protocol LanguageModel: Sendable {
  var tokenizer: Tokenizer { get }

  /// The tokens it was trained to look back on, its own included.
  var contextLength: Int { get }

  /// The log-likelihood of every id but the first, for each sequence, in nats.
  ///
  /// A sequence of no or one id has none. What a sequence gets does not depend on the others.
  /// - Throws: ``ContextExceeded`` for a sequence longer than ``contextLength``.
  func score(_ sequences: [[Int32]]) throws -> [[Float]]

  /// Continues each prompt, whatever the others are; equal prompts get draws of their own.
  ///
  /// - Parameters:
  ///   - prompts: ids of which each prompt has at least one.
  ///   - cancellation: looked at after each token, and within long prompts.
  ///   - onToken: told each new id of the prompt with that index, as it comes.
  /// - Returns: one continuation a prompt. One that reaches ``contextLength`` ends with
  ///   ``StopReason/length``.
  /// - Throws: ``ContextExceeded`` for a prompt that leaves no room.
  func generate(
    _ prompts: [[Int32]], _ options: GenerationOptions, cancellation: CancellationFlag?,
    onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated]
}

extension LanguageModel {
  /// Continues one prompt.
  public func generate(
    _ prompt: [Int32], _ options: GenerationOptions, cancellation: CancellationFlag? = nil,
    onToken: (Int32) -> Void = { _ in }
  ) throws -> Generated {
    try generate([prompt], options, cancellation: cancellation) { _, id in onToken(id) }[0]
  }
}

/// A sequence is longer than the context the model was built for.
public struct ContextExceeded: Diagnosis, Equatable {
  /// Tokens of the sequence, and tokens that fit.
  public let length, context: Int

  public init(length: Int, context: Int) {
    self.length = length
    self.context = context
  }

  public var problem: String {
    "a text of \(length) tokens exceeds the model's context of \(context)"
  }
  public var remedy: String { "Shorten it, or use a model with a longer context." }
}

/// How a text is continued.
public struct GenerationOptions: Sendable, Equatable {
  /// New tokens at most.
  public var maxTokens = 128
  public var sampling = Sampling()
  /// Texts that end the continuation; they are cut off.
  public var stop: [String] = []
  /// Goes on over the end of sequence, for measuring.
  public var ignoresEndOfSequence = false

  public init(maxTokens: Int = 128, sampling: Sampling = Sampling(), stop: [String] = []) {
    self.maxTokens = maxTokens
    self.sampling = sampling
    self.stop = stop
  }
}

/// Why a continuation ended.
public enum StopReason: String, Sendable {
  /// The model gave its end-of-sequence token.
  case eos
  /// The limit of new tokens, or the context, was reached.
  case length
  /// A stop text appeared.
  case stop
  case cancelled
}

/// The continuation of a prompt.
public struct Generated: Sendable, Equatable {
  /// New ids, an end-of-sequence id included.
  public let ids: [Int32]
  /// Their text, without special tokens and without the stop text.
  public let text: String
  public let stopReason: StopReason
  /// Seconds from the end of the prompt's pass to the last token.
  public let seconds: Double

  public init(ids: [Int32], text: String, stopReason: StopReason, seconds: Double) {
    self.ids = ids
    self.text = text
    self.stopReason = stopReason
    self.seconds = seconds
  }

  /// New tokens a second; the first comes with the pass of the prompt and is not counted.
  public var tokensPerSecond: Double {
    seconds > 0 ? Double(max(0, ids.count - 1)) / seconds : 0
  }
}
