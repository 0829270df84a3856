/// The windows in which held-out documents are predicted, each document alone.
///
/// A document is bos + ids + eos, tokens 0 to n. Token j (from 1) is predicted from tokens
/// ⌊(j−1)/C⌋·C … j−1, with C the context: windows of C inputs that do not overlap, none of which
/// reaches into another document. Every token but bos is predicted once.
public struct ValidationOrder: Sendable {
  /// One window: up to C inputs and as many targets, those one place further.
  public struct Window: Equatable, Sendable {
    public let document: DocumentID
    public let ids: [Int32]
    public let targets: [Int32]
  }

  /// The context in tokens.
  public let context: Int
  /// Tokens that are predicted in all.
  public let predictedTokens: Int
  /// The number of windows.
  public let count: Int

  private let shards: [TokenShard]
  private let bos: Int32
  private let eos: Int32
  /// For each document its shard and its place there, and how many windows come before it.
  private let places: [(shard: Int, document: Int, windowsBefore: Int)]

  /// The windows over validation shards.
  public init(_ shards: [TokenShard], bos: Int32, eos: Int32, context: Int) {
    precondition(context > 0, "a context of \(context) tokens")
    self.shards = shards
    self.bos = bos
    self.eos = eos
    self.context = context
    var places: [(shard: Int, document: Int, windowsBefore: Int)] = []
    var windows = 0
    var predicted = 0
    for (index, shard) in shards.enumerated() {
      for document in 0..<shard.documents {
        places.append((index, document, windows))
        let targets = shard.count(document) + 1
        predicted += targets
        windows += (targets + context - 1) / context
      }
    }
    self.places = places
    count = windows
    predictedTokens = predicted
  }

  /// The windows over the validation part of a tokenised version.
  public init(_ shards: TokenShards, context: Int) {
    self.init(
      shards.validation, bos: shards.manifest.bos, eos: shards.manifest.eos, context: context)
  }

  /// The windows of a range, by document and place.
  public subscript(range: Range<Int>) -> [Window] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "windows \(range) of \(count)")
    guard !range.isEmpty else { return [] }
    var low = 0
    var high = places.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle].windowsBefore <= range.lowerBound { low = middle } else { high = middle }
    }
    var windows: [Window] = []
    var index = low
    while windows.count < range.count {
      let place = places[index]
      let tokens = [bos] + shards[place.shard].document(place.document) + [eos]
      let id = shards[place.shard].id(of: place.document)
      var number = place.windowsBefore
      for start in stride(from: 0, to: tokens.count - 1, by: context) {
        if range.contains(number) {
          let end = min(start + context, tokens.count - 1)
          windows.append(
            Window(
              document: id, ids: Array(tokens[start..<end]),
              targets: Array(tokens[start + 1..<end + 1])))
        }
        number += 1
      }
      index += 1
    }
    return windows
  }

  /// Windows packed for a model of fixed shape.
  public struct Batch: Equatable, Sendable {
    /// `[rows, context]`, row-major; unused places hold eos.
    public let ids: [Int32]
    /// As `ids`; −1 where nothing is to be predicted.
    public let targets: [Int32]
    /// How many targets are not −1.
    public let predicted: Int
  }

  /// The windows from `first` on, as `rows` rows; rows beyond the last window predict nothing.
  public func batch(first: Int, rows: Int) -> Batch {
    var ids: [Int32] = []
    var targets: [Int32] = []
    var predicted = 0
    for window in self[first..<min(count, first + rows)] {
      let padding = context - window.ids.count
      ids += window.ids + [Int32](repeating: eos, count: padding)
      targets += window.targets + [Int32](repeating: -1, count: padding)
      predicted += window.targets.count
    }
    let missing = rows * context - ids.count
    ids += [Int32](repeating: eos, count: missing)
    targets += [Int32](repeating: -1, count: missing)
    return Batch(ids: ids, targets: targets, predicted: predicted)
  }
}
