import Base
public import Tensors

/// Next-token logits with a key-value cache: prompts in stretches, then one token a step for each sequence.
///
/// The cache has `slots` sequences of up to `context` tokens. A slot is rewound by feeding from an earlier
/// position, which costs nothing.
public final class GenerationProgram {
  /// What fed tokens are, which alone decides the order in which products are summed: a sequence's logits
  /// do not depend on how many tokens its neighbours bring.
  public enum Kind: Sendable {
    /// A stretch of a prompt.
    case prompt
    /// One token that was drawn.
    case step
  }

  /// Tokens to feed to one slot.
  public struct Feed: Sendable {
    public var kind: Kind
    /// Which sequence.
    public var slot: Int
    /// The place of the first of `ids` in it; everything before must have been fed.
    public var position: Int
    public var ids: [Int32]

    public init(_ kind: Kind, slot: Int, position: Int, ids: [Int32]) {
      self.kind = kind
      self.slot = slot
      self.position = position
      self.ids = ids
    }
  }

  public let model: Llama
  public let parameters: ParameterStore
  public let slots: Int
  /// Tokens a slot holds.
  public let context: Int

  /// Bytes of the cache.
  public let cacheBytes: Int

  private let wide, narrow: Recorded

  /// Bytes that intermediate results of the programs take.
  public var arenaBytes: Int { wide.arenaBytes + narrow.arenaBytes }

  /// Records the programs for prompts and for single tokens.
  ///
  /// - Parameters:
  ///   - slots: Sequences at once.
  ///   - context: Tokens a sequence may have; nil: the model's context.
  ///   - stretch: Tokens of prompts taken at once.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(
    _ model: Llama, _ parameters: ParameterStore, slots: Int = 1, context: Int? = nil,
    stretch: Int = 256
  ) throws {
    self.model = model
    self.parameters = parameters
    self.slots = slots
    self.context = min(context ?? model.config.maxPositions, model.config.maxPositions)
    let device = parameters.device
    let width = model.config.keyValueHeads * model.config.headSize
    let count = slots * self.context * width
    cacheBytes = 2 * model.config.hiddenLayers * count * device.bytes(.operand)
    let caches = try (0..<model.config.hiddenLayers).map { _ in
      (
        keys: View(try device.allocate(.operand, count: count)),
        values: View(try device.allocate(.operand, count: count))
      )
    }
    wide = try Recorded(
      model, parameters, capacity: max(device.fewRows + 1, stretch), outputs: slots, caches: caches,
      width: width,
      context: self.context)
    narrow = try Recorded(
      model, parameters, capacity: slots, outputs: slots, caches: caches, width: width,
      context: self.context)
  }

  /// Feeds tokens and returns the logits after the last token of each feed, [vocabulary] each.
  ///
  /// No two feeds may be of one slot, and a step has one token.
  ///
  /// - Throws: `Failure` if a slot would overflow or an id is unknown.
  public func feed(_ feeds: [Feed]) throws -> [[Float]] {
    for feed in feeds { try check(feed) }
    var logits = [[Float]](repeating: [], count: feeds.count)
    run(feeds, .step, on: narrow, into: &logits)
    run(feeds, .prompt, on: wide, into: &logits)
    return logits
  }

  private func check(_ feed: Feed) throws {
    precondition((0..<slots).contains(feed.slot), "slot \(feed.slot) of \(slots)")
    precondition(feed.kind == .prompt || feed.ids.count == 1, "a step has one token")
    guard feed.position + feed.ids.count <= context else {
      throw Failure(
        "\(feed.position + feed.ids.count) tokens exceed the context of \(context)",
        remedy: "Shorten the prompt or the answer.")
    }
    try Models.check(ids: feed.ids, model.config)
  }

  /// Runs the feeds of one kind, as many tokens at once as the program takes.
  private func run(
    _ feeds: [Feed], _ kind: Kind, on program: Recorded, into logits: inout [[Float]]
  ) {
    var rows: [Row] = []
    var ends: [(feed: Int, row: Int)] = []
    func flush() {
      for (end, result) in zip(ends, program.run(rows, outputs: ends.map(\.row))) {
        logits[end.feed] = result
      }
      rows = []
      ends = []
    }
    for (index, feed) in feeds.enumerated() where feed.kind == kind {
      for offset in feed.ids.indices {
        rows.append(Row(feed, offset, in: context))
        if offset == feed.ids.count - 1 { ends.append((index, rows.count - 1)) }
        if rows.count == program.capacity || ends.count == slots { flush() }
      }
    }
    if !rows.isEmpty { flush() }
  }

  /// One token and its place.
  private struct Row {
    let id, position, first, at: Int32

    init(_ feed: Feed, _ offset: Int, in context: Int) {
      id = feed.ids[offset]
      position = Int32(feed.position + offset)
      first = Int32(feed.slot * context)
      at = first + position
    }
  }

  /// A recorded program of one capacity.
  private struct Recorded {
    let capacity: Int
    private let device: any Device
    private let vocabulary: Int
    private let ids, positions, first, at, live, chosen, chosenCount, logits: View
    private let program: Program

    init(
      _ model: Llama, _ parameters: ParameterStore, capacity: Int, outputs: Int,
      caches: [(keys: View, values: View)], width: Int, context: Int
    ) throws {
      self.capacity = capacity
      let device = parameters.device
      self.device = device
      vocabulary = model.config.vocabSize
      func indices(_ count: Int) throws -> View { View(try device.allocate(.index, count: count)) }
      ids = try indices(capacity)
      positions = try indices(capacity)
      first = try indices(capacity)
      at = try indices(capacity)
      live = try indices(1)
      chosen = try indices(outputs)
      chosenCount = try indices(1)
      logits = View(try device.allocate(.real, count: outputs * vocabulary))

      let recorder = try Recorder(parameters)
      let rows = Rows(capacity: capacity, live: live)
      let all = Rows(capacity: outputs * context)
      let layers = caches.map {
        (
          keys: recorder.tensor(over: $0.keys, rows: all, columns: width),
          values: recorder.tensor(over: $0.values, rows: all, columns: width)
        )
      }
      let hidden = try model.hidden(
        recorder, ids: ids, positions: positions, longest: context,
        context: .cache(first: first, at: at, layers: layers), rows: rows)
      let ends = recorder.gather(
        hidden, at: chosen, rows: Rows(capacity: outputs, live: chosenCount))
      recorder.linear(ends, parameters[model.head], into: logits)
      program = try recorder.finish()
    }

    var arenaBytes: Int { program.arenaBytes }

    func run(_ rows: [Row], outputs: [Int]) -> [[Float]] {
      upload(rows.map(\.id), to: ids)
      upload(rows.map(\.position), to: positions)
      upload(rows.map(\.first), to: first)
      upload(rows.map(\.at), to: at)
      upload([Int32(rows.count)], to: live)
      upload(outputs.map { Int32($0) }, to: chosen)
      upload([Int32(outputs.count)], to: chosenCount)
      program.run()
      return outputs.indices.map { index in
        var numbers = [Float](repeating: 0, count: vocabulary)
        var span = numbers.mutableSpan
        device.download(logits.slice(index * vocabulary..<(index + 1) * vocabulary), into: &span)
        return numbers
      }
    }

    /// Lends the span of a parameter: that of a `map`'s result crashes Swift 6.3.1 in debug builds.
    private func upload(_ numbers: [Int32], to view: View) {
      device.upload(numbers.span, to: view)
    }
  }
}
