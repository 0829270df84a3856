import Base
import Models
import Tokenizers

/// Continues several prompts at once, each in a slot of the key-value cache.
struct GenerationRun {
  private let program: GenerationProgram
  private let prompts: [[Int32]]
  private let options: GenerationOptions
  private let tokenizer: Tokenizer
  private let context: Int
  private let ends: [Int32]

  /// A prompt that is being continued.
  private struct Active {
    let prompt: Int
    let slot: Int
    var ids: [Int32] = []
    var decoder: StreamingDecoder
    var text = ""
    let start: Double
  }

  init(
    program: GenerationProgram, prompts: [[Int32]], options: GenerationOptions,
    tokenizer: Tokenizer, context: Int, ends: [Int32]
  ) {
    self.program = program
    self.prompts = prompts
    self.options = options
    self.tokenizer = tokenizer
    self.context = context
    self.ends = ends
  }

  /// Continues all prompts, in their order as slots become free.
  mutating func all(
    cancellation: CancellationFlag?, onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated] {
    var results = [Generated?](repeating: nil, count: prompts.count)
    var waiting = prompts.indices.makeIterator()
    var free = Array((0..<program.slots).reversed())
    var active: [Active] = []
    while true {
      var feeds: [GenerationProgram.Feed] = []
      for one in active { feeds.append(lastToken(of: one)) }
      while let slot = free.last, let prompt = waiting.next() {
        free.removeLast()
        feeds.append(GenerationProgram.Feed(slot: slot, position: 0, ids: prompts[prompt]))
        active.append(
          Active(
            prompt: prompt, slot: slot, decoder: tokenizer.makeStreamingDecoder(),
            start: monotonicSeconds()))
      }
      if active.isEmpty { break }
      let logits = try program.feed(feeds)
      let cancelled = cancellation?.isCancelled ?? false
      var going: [Active] = []
      for (one, logits) in zip(active, logits) {
        var one = one
        let reason = cancelled ? .cancelled : try advance(&one, logits, onToken)
        if let reason {
          results[one.prompt] = finish(one, reason)
          free.append(one.slot)
        } else {
          going.append(one)
        }
      }
      active = going
    }
    return results.compactMap { $0 }
  }

  /// Draws the next token of a text; says why it ends, if it does.
  private func advance(
    _ one: inout Active, _ logits: [Float], _ onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> StopReason? {
    guard options.maxTokens > 0 else { return .length }
    let history = options.sampling.repetitionPenalty == 1 ? [] : prompts[one.prompt] + one.ids
    let id = try options.sampling.next(
      logits, history: history, stream: one.prompt,
      position: prompts[one.prompt].count + one.ids.count)
    one.ids.append(id)
    onToken(one.prompt, id)
    if ends.contains(id), !options.ignoresEndOfSequence { return .eos }
    one.text += one.decoder.append(id)
    if options.stop.contains(where: { one.text.contains($0) }) { return .stop }
    let isFull = prompts[one.prompt].count + one.ids.count >= context
    return one.ids.count >= options.maxTokens || isFull ? .length : nil
  }

  private func lastToken(of one: Active) -> GenerationProgram.Feed {
    GenerationProgram.Feed(
      slot: one.slot, position: prompts[one.prompt].count + one.ids.count - 1,
      ids: [one.ids[one.ids.count - 1]])
  }

  private func finish(_ one: Active, _ reason: StopReason) -> Generated {
    var one = one
    one.text += one.decoder.finish()
    let cuts = options.stop.compactMap { one.text.firstRange(of: $0)?.lowerBound }
    if let cut = cuts.min() { one.text = String(one.text[..<cut]) }
    return Generated(
      ids: one.ids, text: one.text, stopReason: reason, seconds: monotonicSeconds() - one.start)
  }
}
