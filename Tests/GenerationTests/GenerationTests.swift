import Base
import Glibc
import Models
import Synchronization
import Tensors
import TestSupport
import Testing
import Tokenizers

@testable import Generation

@Suite("Generation") struct GenerationTests {
  let model: LlamaLanguageModel

  init() throws { model = try SmallModel.model.get() }

  static func sampled(_ seed: UInt64 = 4) -> GenerationOptions {
    var options = GenerationOptions(maxTokens: 12)
    options.sampling.temperature = 0.9
    options.sampling.topP = 0.95
    options.sampling.seed = seed
    return options
  }

  /// Without a cache: of all continuations by one token the one that scoring finds likeliest.
  @Test func `greedy is the argmax of scoring, step by step`() throws {
    for prompt in try SmallModel.prompts(4) {
      let made = try model.generate(prompt, GenerationOptions(maxTokens: 10))
      var sequence = prompt
      for id in made.ids {
        let scores = try model.score((0..<Int32(model.tokenizer.count)).map { sequence + [$0] })
          .map { $0[$0.count - 1] }
        #expect(scores[Int(id)] >= scores.max()! - 1e-5)
        #expect(abs(scores.reduce(0) { $0 + Glibc.exp($1) } - 1) < 1e-3, "a distribution")
        sequence.append(id)
      }
    }
  }

  @Test("a prompt's continuation does not depend on its neighbours", arguments: [false, true])
  func batch(isSampled: Bool) throws {
    // More than there are slots, of several lengths.
    let prompts = try SmallModel.prompts(37)
    let options = isSampled ? Self.sampled() : GenerationOptions(maxTokens: 12)
    let together = try model.generate(prompts, options, cancellation: nil) { _, _ in }
    let reversed = try model.generate(prompts.reversed(), options, cancellation: nil) { _, _ in }
    for (index, prompt) in prompts.enumerated() {
      let alone = try model.generate(prompt, options)
      #expect(together[index].ids == alone.ids)
      #expect(reversed[prompts.count - 1 - index].ids == alone.ids)
      #expect(together[index].text == alone.text)
      #expect(together[index].stopReason == alone.stopReason)
    }
    #expect(Set(together.map(\.ids)).count > 5, "they differ")
  }

  @Test func `seeds repeat and differ, and equal prompts get draws of their own`() throws {
    let prompt = try SmallModel.prompts(1)[0]
    let first = try model.generate(prompt, Self.sampled())
    #expect(try model.generate(prompt, Self.sampled()).ids == first.ids)
    let others = try (10..<20).map { try model.generate(prompt, Self.sampled($0)).ids }
    #expect(Set(others).count > 5)
    let equal = try model.generate(
      [[Int32]](repeating: prompt, count: 10), Self.sampled(), cancellation: nil
    ) { _, _ in }
    #expect(equal[0].ids == first.ids)
    #expect(Set(equal.map(\.ids)).count > 5)
  }

  @Test func `ends at the end of sequence, which is among the ids and not in the text`() throws {
    var options = GenerationOptions(maxTokens: 40)
    let prompt = try SmallModel.prompts(1)[0]
    let made = try model.generate(prompt, options)
    #expect(made.stopReason == .eos)
    #expect(made.ids.last == 2 && made.ids.dropLast().allSatisfy { $0 != 2 })
    #expect(made.text == model.tokenizer.decode(made.ids))
    #expect(!made.text.contains("</s>"))
    options.ignoresEndOfSequence = true
    let on = try model.generate(prompt, options)
    #expect(on.ids.count == 40 && on.stopReason == .length)
    #expect(on.ids.starts(with: made.ids))
  }

  @Test func `ends where the context ends, and refuses a prompt that leaves no room`() throws {
    var options = GenerationOptions(maxTokens: 1000)
    options.ignoresEndOfSequence = true
    let prompt = try SmallModel.prompts(1)[0]
    let long = Array((0..<60).map { prompt[$0 % prompt.count] })
    for length in [3, 40, 47] {
      let made = try model.generate(Array(long[..<length]), options)
      #expect(made.ids.count == 48 - length && made.stopReason == .length)
    }
    #expect(throws: ContextExceeded(length: 49, context: 48)) {
      try model.generate(Array(long[..<48]), options)
    }
    #expect(throws: (any Error).self) { try model.generate([], options) }
    #expect(throws: (any Error).self) { try model.generate([1, 99_999], options) }
    #expect(throws: (any Error).self) { try model.generate([1, -1], options) }
    #expect(try model.generate([], options, cancellation: nil) { _, _ in }.isEmpty)
    options.maxTokens = 0
    #expect(try model.generate(prompt, options).ids.isEmpty)
  }

  @Test func `stop texts end it, across tokens too, and are cut off`() throws {
    var options = GenerationOptions(maxTokens: 30)
    let prompt = try SmallModel.prompts(1)[0]
    let whole = try model.generate(prompt, options)
    let text = Array(whole.text)
    try #require(text.count > 5)
    for begin in 1..<text.count - 1 {
      let stop = String(text[begin...begin + 1])
      options.stop = [stop]
      let made = try model.generate(prompt, options)
      let cut = whole.text.firstRange(of: stop)!.lowerBound
      #expect(made.text == String(whole.text[..<cut]))
      #expect(made.stopReason == .stop)
      #expect(whole.ids.starts(with: made.ids))
      #expect(model.tokenizer.decode(made.ids).contains(stop))
      #expect(!model.tokenizer.decode(Array(made.ids.dropLast())).contains(stop))
    }
    options.stop = ["これは出ない", ""]
    #expect(try model.generate(prompt, options).ids == whole.ids)
  }

  @Test func `tells every token as it comes, and stops when asked`() throws {
    let prompts = try SmallModel.prompts(20)
    var options = GenerationOptions(maxTokens: 12)
    var told = [[Int32]](repeating: [], count: 20)
    let all = try model.generate(prompts, options, cancellation: nil) { told[$0].append($1) }
    #expect(told == all.map(\.ids))

    options.ignoresEndOfSequence = true
    let flag = CancellationFlag()
    var count = 0
    let cancelled = try model.generate(prompts, options, cancellation: flag) { _, _ in
      count += 1
      if count == 33 { flag.cancel() }
    }
    #expect(cancelled.count == 20)
    #expect(cancelled.allSatisfy { $0.stopReason == .cancelled })
    #expect(cancelled.map(\.ids.count).reduce(0, +) <= 48, "the round under way, no further one")
    #expect(cancelled[17].ids.isEmpty)
    let before = try model.generate(prompts, options, cancellation: flag) { _, _ in
      Issue.record("a token after the cancellation")
    }
    #expect(before.allSatisfy { $0.stopReason == .cancelled && $0.ids.isEmpty })
  }

  @Test func `calls from several threads wait for each other`() throws {
    let prompts = try SmallModel.prompts(6)
    let alone = try prompts.map { try model.generate($0, GenerationOptions(maxTokens: 8)).ids }
    let found = Mutex([Int: [Int32]]())
    let shared = model
    ThreadPool(threads: 3).run(6) { index in
      let ids = try? shared.generate(prompts[index], GenerationOptions(maxTokens: 8)).ids
      _ = try? shared.score([prompts[index]])
      found.withLock { $0[index] = ids }
    }
    #expect(found.withLock { found in (0..<6).map { found[$0] ?? [] } } == alone)
  }

  @Test func `scores every id but the first, whatever the batch`() throws {
    let sequences = try SmallModel.prompts(30) + [[], [5]]
    let together = try model.score(sequences)
    for (sequence, scores) in zip(sequences, together) {
      #expect(scores.count == max(0, sequence.count - 1))
      #expect(try model.score([sequence])[0] == scores)
      #expect(scores.allSatisfy { $0 < 0 && $0.isFinite })
    }
    #expect(try model.score([]).isEmpty)
    #expect(try model.score([[Int32](repeating: 5, count: 48)])[0].count == 47)
    #expect(throws: ContextExceeded.self) { try model.score([[Int32](repeating: 5, count: 49)]) }
  }
}
