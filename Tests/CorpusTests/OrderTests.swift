import Base
import Corpus
import TestSupport
import Testing

@Suite("Data order") struct OrderTests {
  /// All training documents as one list of ids.
  static func stream(_ shards: TokenShards) -> [Int32] {
    shards.train.flatMap { shard in
      (0..<shard.documents).flatMap { [1] + shard.document($0) + [2] }
    }
  }

  @Test(
    "an epoch takes each window once, whatever the batch", arguments: [(8, 3), (50, 1), (33, 4)])
  func epoch(_ length: Int, _ rows: Int) throws {
    try ShardTests.withShards(limit: 300) { _, shards in
      let order = try DataOrder(shards, sequenceLength: length, batchSize: rows, seed: 5)
      let stream = OrderTests.stream(shards)
      #expect(order.tokens == stream.count)
      var rowsSeen: [[Int32]] = []
      var step = 0
      while rowsSeen.count < 2 * order.windows {
        let batch = order.batch(step)
        for row in 0..<rows {
          let place = row * length..<(row + 1) * length
          let ids = Array(batch.ids[place])
          #expect(Array(batch.targets[place].dropLast()) == Array(ids.dropFirst()))
          rowsSeen.append(ids + [batch.targets[place.upperBound - 1]])
        }
        step += 1
      }
      for epoch in 0..<2 {
        let rows = rowsSeen[epoch * order.windows..<(epoch + 1) * order.windows]
        // Some offset exists at which the windows of the epoch tile the stream.
        let tiles = (0..<length).contains { offset in
          let windows = (0..<order.windows).compactMap { index -> [Int32]? in
            let start = offset + index * length
            return start + length < stream.count ? Array(stream[start...start + length]) : nil
          }
          return windows.count == order.windows && sorted(windows) == sorted(Array(rows))
        }
        #expect(tiles, "epoch \(epoch)")
      }
      #expect(rowsSeen[..<order.windows] != rowsSeen[order.windows..<2 * order.windows])
    }
  }

  private func sorted(_ rows: [[Int32]]) -> [[Int32]] {
    rows.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test("is a function of seed and step, and says where documents begin") func resume() throws {
    try ShardTests.withShards(limit: 300) { version, shards in
      let order = try DataOrder(shards, sequenceLength: 64, batchSize: 4, seed: 9)
      let again = try DataOrder(shards, sequenceLength: 64, batchSize: 4, seed: 9)
      let other = try DataOrder(shards, sequenceLength: 64, batchSize: 4, seed: 10)
      #expect(order.batch(1000) == again.batch(1000))
      #expect((0..<20).contains { order.batch($0) != other.batch($0) })
      for step in 0..<30 {
        let batch = order.batch(step)
        var ranks = order.batch(step, rows: 0..<1)
        let rest = order.batch(step, rows: 1..<4)
        ranks.ids += rest.ids
        #expect(ranks.ids == batch.ids)
        for row in 0..<4 {
          var start: Int32 = 0
          var seen = 1
          for column in 0..<64 {
            if batch.ids[64 * row + column] == 1 {
              start = Int32(column)
              if column > 0 { seen += 1 }
            }
            #expect(batch.documentStarts[64 * row + column] == start)
          }
          #expect(batch.documents[row].count == seen)
          for id in batch.documents[row] {
            #expect(try version.document(id).level.allows(.train))
          }
        }
      }
    }
  }

  @Test("too little text is said") func tooLittle() throws {
    try ShardTests.withShards { _, shards in
      #expect(throws: Failure.self) {
        try DataOrder(shards, sequenceLength: 1_000_000, batchSize: 1, seed: 1)
      }
      #expect(throws: Failure.self) {
        try DataOrder(
          shards.validation, bos: 1, eos: 2, sequenceLength: 8, batchSize: 1, seed: 1)
      }
    }
  }

  @Test("validation predicts each token once, from its window", arguments: [1, 7, 16, 1000])
  func validation(_ context: Int) throws {
    try ShardTests.withShards { _, shards in
      let order = ValidationOrder(shards, context: context)
      let windows = order[0..<order.count]
      // The definition of the demo's losses, token by token.
      var expected: [(context: [Int32], target: Int32)] = []
      for shard in shards.validation {
        for index in 0..<shard.documents {
          let tokens = [1] + shard.document(index) + [2]
          for j in 1..<tokens.count {
            expected.append((Array(tokens[(j - 1) / context * context...j - 1]), tokens[j]))
          }
        }
      }
      #expect(order.predictedTokens == expected.count)
      var found: [(context: [Int32], target: Int32)] = []
      for window in windows {
        for place in window.ids.indices {
          found.append((Array(window.ids[...place]), window.targets[place]))
        }
      }
      #expect(found.count == expected.count)
      #expect(
        zip(found, expected).allSatisfy { $0.context == $1.context && $0.target == $1.target })
      let each = (0..<order.count).flatMap { order[$0..<$0 + 1] }
      #expect(each == windows)
      let last = order.batch(first: order.count - 1, rows: 3)
      #expect(last.ids.count == 3 * context)
      #expect(last.predicted == windows[order.count - 1].targets.count)
      #expect(last.targets.filter { $0 != -1 }.count == last.predicted)
    }
  }
}
