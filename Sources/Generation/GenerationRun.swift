import Base
import Models
import Tokenizers

/// Continues several prompts at once, each in a slot of the key-value cache.
struct GenerationRun {
  private let program: GenerationProgram
  private let prompts: [[Int32]]
  private let streams: [UInt64]
  private let options: GenerationOptions
  private let stop: StopTexts
  private let tokenizer: Tokenizer
  private let context: Int
  private let ends: [Int32]

  /// Tokens of prompts that are read between two looks at the cancellation.
  private static let stretch = 256

  /// A prompt that is being read or continued.
  private struct Active {
    let prompt: Int
    let slot: Int
    /// Tokens of the prompt in the cache.
    var read = 0
    var ids: [Int32] = []
    var decoder: StreamingDecoder
    /// The text so far, as UTF-8.
    var text: [UInt8] = []
    /// Where a stop text begins.
    var cut: Int?
    /// When the prompt was read.
    var start = 0.0
  }

  init(
    program: GenerationProgram, prompts: [[Int32]], options: GenerationOptions,
    tokenizer: Tokenizer, context: Int, ends: [Int32]
  ) {
    self.program = program
    self.prompts = prompts
    streams = Self.streams(of: prompts)
    self.options = options
    stop = StopTexts(options.stop)
    self.tokenizer = tokenizer
    self.context = context
    self.ends = ends
  }

  /// The random stream of each prompt: of its ids, and of how many like it came before.
  ///
  /// So a text does not depend on its neighbours, and of several equal prompts each gets its own.
  static func streams(of prompts: [[Int32]]) -> [UInt64] {
    var seen: [[Int32]: UInt64] = [:]
    return prompts.map { prompt in
      var bytes: [UInt8] = []
      for id in prompt { bytes.appendLittleEndian(id) }
      let occurrence = seen[prompt, default: 0]
      seen[prompt] = occurrence + 1
      return UInt64(crc32c(bytes)) << 32 | occurrence
    }
  }

  /// Continues all prompts, in their order as slots become free.
  mutating func all(
    cancellation: CancellationFlag?, onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated] {
    // Those that never get a slot were cancelled before.
    var results = [Generated](
      repeating: Generated(ids: [], text: "", stopReason: .cancelled, seconds: 0),
      count: prompts.count)
    var waiting = prompts.indices.makeIterator()
    var free = Array((0..<program.slots).reversed())
    var active: [Active] = []
    while true {
      if cancellation?.isCancelled ?? false {
        for one in active { results[one.prompt] = finish(one, .cancelled) }
        return results
      }
      while let slot = free.last, let prompt = waiting.next() {
        free.removeLast()
        active.append(
          Active(prompt: prompt, slot: slot, decoder: tokenizer.makeStreamingDecoder()))
      }
      if active.isEmpty { return results }
      var going: [Active] = []
      for (one, logits) in try round(active) {
        var one = one
        if let logits, let reason = try advance(&one, logits, onToken) {
          results[one.prompt] = finish(one, reason)
          free.append(one.slot)
        } else {
          going.append(one)
        }
      }
      active = going
    }
  }

  /// Feeds a token of each text and a stretch of the prompts; no logits: the prompt is not read yet.
  private func round(_ active: [Active]) throws -> [(Active, logits: [Float]?)] {
    var room = Self.stretch
    var feeds: [GenerationProgram.Feed] = []
    // For each active one whether it is fed, and how much of its prompt.
    var parts: [Int?] = []
    for one in active {
      let prompt = prompts[one.prompt]
      if one.read == prompt.count {
        feeds.append(
          GenerationProgram.Feed(
            .step, slot: one.slot, position: prompt.count + one.ids.count - 1,
            ids: one.ids.suffix(1)))
        parts.append(0)
      } else {
        let part = min(room, prompt.count - one.read)
        room -= part
        parts.append(part > 0 ? part : nil)
        guard part > 0 else { continue }
        feeds.append(
          GenerationProgram.Feed(
            .prompt, slot: one.slot, position: one.read,
            ids: Array(prompt[one.read..<one.read + part])))
      }
    }
    var logits = try program.feed(feeds).makeIterator()
    return zip(active, parts).map { one, part in
      guard let part, let given = logits.next() else { return (one, nil) }
      guard part > 0 else { return (one, given) }
      var one = one
      one.read += part
      guard one.read == prompts[one.prompt].count else { return (one, nil) }
      one.start = monotonicSeconds()
      return (one, given)
    }
  }

  /// Draws the next token of a text; says why it ends, if it does.
  private func advance(
    _ one: inout Active, _ logits: [Float], _ onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> StopReason? {
    guard options.maxTokens > 0 else { return .length }
    let history = options.sampling.repetitionPenalty == 1 ? [] : prompts[one.prompt] + one.ids
    let id = try options.sampling.next(
      logits, history: history, stream: streams[one.prompt],
      position: prompts[one.prompt].count + one.ids.count)
    one.ids.append(id)
    onToken(one.prompt, id)
    if ends.contains(id), !options.ignoresEndOfSequence { return .eos }
    let old = one.text.count
    one.text += one.decoder.append(id).utf8
    one.cut = stop.cut(in: one.text, beyond: old)
    if one.cut != nil { return .stop }
    let isFull = prompts[one.prompt].count + one.ids.count >= context
    return one.ids.count >= options.maxTokens || isFull ? .length : nil
  }

  private func finish(_ one: Active, _ reason: StopReason) -> Generated {
    var one = one
    one.text += one.decoder.finish().utf8
    return Generated(
      ids: one.ids, text: String(decoding: one.text[..<(one.cut ?? one.text.count)], as: UTF8.self),
      stopReason: reason,
      seconds: one.ids.isEmpty ? 0 : monotonicSeconds() - one.start)
  }
}
