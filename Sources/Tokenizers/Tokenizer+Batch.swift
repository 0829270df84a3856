public import Base
import Synchronization

extension Tokenizer {
  /// The ids of many texts, on all threads of `pool`.
  public func encode(
    batch texts: [String], addSpecial: Bool = false, parseSpecial: Bool? = nil, pool: ThreadPool
  ) -> [[Int32]] {
    let results = Mutex([[Int32]](repeating: [], count: texts.count))
    // Chunks small enough that none is left working alone, large enough that taking turns is free.
    let size = max(1, min(64, texts.count / (4 * pool.threads)))
    let parse = parseSpecial ?? parsesSpecial
    pool.run((texts.count + size - 1) / size) { chunk in
      let range = chunk * size..<min(texts.count, (chunk + 1) * size)
      var encoder = Encoder(self)
      let own = range.map { index in
        var ids = addSpecial ? prefixIDs : []
        encoder.encode(texts[index].utf8Span.span, parseSpecial: parse, into: &ids)
        if addSpecial { ids += suffixIDs }
        return ids
      }
      results.withLock { $0.replaceSubrange(range, with: own) }
    }
    return results.withLock { $0 }
  }

  /// A hexadecimal SHA-256 over everything that decides ids: equal for tokenizers that agree.
  public var fingerprint: String {
    var bytes: [UInt8] = []
    for id in 0..<Int32(vocabulary.count) {
      bytes.append(vocabulary.kind(id).rawValue)
      let piece = vocabulary.utf8(id)
      bytes.appendLittleEndian(UInt32(piece.count))
      bytes += piece
    }
    for node in model.trie.nodes where node.id >= 0 {
      bytes.appendLittleEndian(node.id)
      bytes.appendLittleEndian(node.score.bitPattern)
    }
    bytes += Array("\(model.arithmetic) \(splitting) \(prefixIDs) \(suffixIDs)".utf8)
    bytes += Array("\(byteIDs != nil) \(normalization.summary)".utf8)
    return SHA256.hex(of: bytes)
  }
}
