import Base

/// The training documents one after another, each as bos + ids + eos.
struct TokenStream: Sendable {
  let shards: [TokenShard]
  let bos: Int32
  let eos: Int32
  /// Tokens in all, bos and eos included.
  let count: Int
  /// Where each shard begins, and the end.
  private let starts: [Int]

  init(_ shards: [TokenShard], bos: Int32, eos: Int32) {
    self.shards = shards
    self.bos = bos
    self.eos = eos
    var starts = [0]
    for shard in shards {
      starts.append(starts[starts.count - 1] + shard.tokens + 2 * shard.documents)
    }
    self.starts = starts
    count = starts[starts.count - 1]
  }

  /// A part of the stream, by documents.
  struct Piece {
    let document: DocumentID
    /// Where the document begins, from the start of what was asked for; negative if before it.
    let start: Int
  }

  /// The tokens of `range`, and the documents they come from.
  func read(_ range: Range<Int>) -> (ids: [Int32], pieces: [Piece]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "tokens \(range) of \(count)")
    var ids: [Int32] = []
    ids.reserveCapacity(range.count)
    var pieces: [Piece] = []
    var (shard, document) = place(of: range.lowerBound)
    while range.lowerBound + ids.count < range.upperBound {
      if document == shards[shard].documents {
        shard += 1
        document = 0
        continue
      }
      let start = beginning(shard, document)
      let length = shards[shard].count(document) + 2
      let from = range.lowerBound + ids.count - start
      let to = min(length, range.upperBound - start)
      pieces.append(
        Piece(document: shards[shard].id(of: document), start: start - range.lowerBound))
      append(shards[shard], document, from..<to, &ids)
      document += 1
    }
    return (ids, pieces)
  }

  private func append(
    _ shard: TokenShard, _ document: Int, _ range: Range<Int>, _ ids: inout [Int32]
  ) {
    let length = shard.count(document)
    if range.lowerBound == 0 { ids.append(bos) }
    let inner = range.clamped(to: 1..<length + 1)
    if !inner.isEmpty { ids += shard.ids(document, inner.lowerBound - 1..<inner.upperBound - 1) }
    if range.upperBound == length + 2 { ids.append(eos) }
  }

  private func beginning(_ shard: Int, _ document: Int) -> Int {
    starts[shard] + Int(shards[shard].offset(document)) + 2 * document
  }

  /// The document that holds a position, by bisection.
  private func place(of position: Int) -> (shard: Int, document: Int) {
    var shard = 0
    while shard + 1 < shards.count, starts[shard + 1] <= position { shard += 1 }
    var low = 0
    var high = shards[shard].documents
    while high - low > 1 {
      let middle = (low + high) / 2
      if beginning(shard, middle) <= position { low = middle } else { high = middle }
    }
    return (shard, low)
  }
}
